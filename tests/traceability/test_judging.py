"""From a reading to a result: every row of the table, its edges, and nothing that could pass by default."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from traceability.judging import LINES, MOST, UNITS, Reading, Result, Rule, Why, conversion, judge

STRIP = Rule(principle="colloidal_gold", limit_kind="not_detected")
INHIBITION = Rule(principle="enzyme_inhibition", limit_kind="inhibition", limit=Decimal(50), limit_unit="%")
CARBOFURAN = Rule(principle="colloidal_gold", limit_kind="max", limit=Decimal("0.02"), limit_unit="mg/kg")
BANNED = Rule(principle="colloidal_gold", limit_kind="not_detected", lod=Decimal(2), lod_unit="ug/kg")
NO_RULE = Rule(principle="")


def said(reading: Reading, rule: Rule) -> tuple[str, str]:
    verdict = judge(reading, rule)
    return verdict.result.value, verdict.why.value


def number(value, unit, rule):
    return said(Reading(value=Decimal(value), unit=unit), rule)


class TestStrips:
    @pytest.mark.parametrize(
        ("line", "result"),
        [("absent", "positive"), ("weaker", "positive"), ("equal", "negative"), ("stronger", "negative"),
         ("unclear", "suspect")],
    )  # fmt: skip
    def test_the_line_against_the_control_line(self, line, result):
        assert said(Reading(control_line=True, test_line=line), STRIP) == (result, "test_line")

    @pytest.mark.parametrize("line", ["", *LINES])
    def test_without_a_control_line_the_strip_is_invalid_whatever_the_line(self, line):
        assert said(Reading(control_line=False, test_line=line), STRIP) == ("invalid", "no_control_line")

    def test_a_missing_control_line_outweighs_a_number_and_a_word(self):
        reading = Reading(control_line=False, value=Decimal(0), unit="mg/kg", said="negative")
        assert said(reading, CARBOFURAN) == ("invalid", "no_control_line")

    @pytest.mark.parametrize("line", LINES)
    def test_a_control_line_nobody_spoke_of_is_none(self, line):
        assert said(Reading(test_line=line), STRIP) == ("invalid", "no_control_line")

    @pytest.mark.parametrize("principle", ["", "enzyme_inhibition", "colorimetric", "xrf", "atp", "pcr", "other"])
    @pytest.mark.parametrize("line", LINES)
    def test_lines_mean_nothing_where_the_method_has_none(self, principle, line):
        reading = Reading(control_line=True, test_line=line)
        assert said(reading, Rule(principle=principle)) == ("undecided", "no_reading")

    def test_a_line_of_no_known_kind_is_undecided(self):
        assert said(Reading(control_line=True, test_line="pink"), STRIP) == ("undecided", "no_reading")

    def test_a_control_line_alone_is_no_reading(self):
        assert said(Reading(control_line=True), STRIP) == ("undecided", "no_reading")


class TestInhibition:
    @pytest.mark.parametrize(
        ("value", "result"),
        [("100", "positive"), ("54", "positive"), ("50", "positive"), ("49.9999", "suspect"), ("45", "suspect"),
         ("44.9999", "negative"), ("0", "negative"), ("-8", "negative")],
    )  # fmt: skip
    def test_fifty_percent_is_positive_and_a_tenth_below_is_in_doubt(self, value, result):
        assert number(value, "%", INHIBITION)[0] == result

    def test_a_rate_no_cuvette_can_give_is_out_of_range(self):
        assert number("-100.1", "%", INHIBITION) == ("undecided", "out_of_range")

    def test_a_full_width_percent_is_a_percent(self):
        assert number("-8", "%", INHIBITION) == ("negative", "under")
        assert number("62", " % ", INHIBITION) == ("positive", "over")

    def test_milligrams_are_no_percent(self):
        assert number("62", "mg/kg", INHIBITION) == ("undecided", "units_differ")


class TestMaximum:
    @pytest.mark.parametrize(
        ("value", "result"),
        [("0.0221", "positive"), ("1", "positive"), ("0.022", "suspect"), ("0.0201", "suspect"), ("0.02", "suspect"),
         ("0.018", "suspect"), ("0.0179", "negative"), ("0", "negative")],
    )  # fmt: skip
    def test_a_tenth_on_either_side_of_the_limit_is_in_doubt(self, value, result):
        assert number(value, "mg/kg", CARBOFURAN)[0] == result

    @pytest.mark.parametrize("value", ["-0.0001", "NaN", "sNaN", "-NaN", "Infinity", "-Infinity", "1e10", "9e999999"])
    def test_a_number_that_is_no_concentration_is_undecided(self, value):
        assert number(value, "mg/kg", CARBOFURAN) == ("undecided", "out_of_range")

    @pytest.mark.parametrize(
        ("value", "unit", "result"),
        [
            ("30", "ug/kg", "positive"), ("30", "µg/kg", "positive"), ("30", "μg/kg", "positive"),
            ("30", "ppb", "positive"), ("30", "ng/g", "positive"), ("10", "UG/KG", "negative"),
            ("0.03", "ppm", "positive"), ("0.03", "ug/g", "positive"), ("0.03", "µg/g", "positive"),
            ("0.03", "MG / KG", "positive"), ("0.00003", "g/kg", "positive"), ("0.03", "mg/kg", "positive"),
        ],
    )  # fmt: skip
    def test_units_of_one_kind_are_converted(self, value, unit, result):
        assert number(value, unit, CARBOFURAN)[0] == result

    @pytest.mark.parametrize("unit", ["", "%", "RLU", "mg/g", "g/100g", "mg/L", "kg", "ppt"])
    def test_units_of_another_kind_or_of_none_are_undecided(self, unit):
        assert number("0.5", unit, CARBOFURAN) == ("undecided", "units_differ")

    @pytest.mark.parametrize("limit", [None, Decimal(0), Decimal(-1), Decimal("NaN"), Decimal("Infinity")])
    @pytest.mark.parametrize("kind", ["max", "inhibition"])
    def test_a_limit_without_a_proper_number_judges_nothing(self, kind, limit):
        rule = Rule(principle="xrf", limit_kind=kind, limit=limit, limit_unit="mg/kg")
        assert number("0.5", "mg/kg", rule) == ("undecided", "no_limit")

    def test_a_limit_without_a_unit_judges_nothing(self):
        rule = Rule(principle="xrf", limit_kind="max", limit=Decimal(1))
        assert number("0.5", "mg/kg", rule) == ("undecided", "units_differ")

    def test_cleanness_in_light_units(self):
        rule = Rule(principle="atp", limit_kind="max", limit=Decimal(30), limit_unit="RLU")
        assert [number(value, "rlu", rule)[0] for value in ("20", "30", "34")] == ["negative", "suspect", "positive"]


class TestNotDetected:
    @pytest.mark.parametrize("value", ["0", "0.1", "5", "10000"])
    def test_a_number_without_a_limit_of_detection_is_undecided(self, value):
        """不得检出 has no number: without the LOD nobody can say that a reading is nothing."""
        assert number(value, "ug/kg", STRIP) == ("undecided", "no_lod")

    @pytest.mark.parametrize(
        ("value", "result"), [("2", "positive"), ("2.1", "positive"), ("1.9", "suspect"), ("1.7", "negative")]
    )
    def test_the_limit_of_detection_is_the_cut_off(self, value, result):
        assert number(value, "ug/kg", BANNED)[0] == result

    def test_a_limit_of_detection_in_other_units(self):
        assert number("0.002", "mg/kg", BANNED) == ("positive", "over")
        assert number("2", "%", BANNED) == ("undecided", "units_differ")


class TestNoRule:
    @pytest.mark.parametrize("kind", ["", "unheard_of"])
    def test_a_number_is_undecided(self, kind):
        assert number("0.5", "mg/kg", Rule(principle="xrf", limit_kind=kind)) == ("undecided", "no_limit")

    def test_no_reading_is_undecided(self):
        assert said(Reading(), NO_RULE) == ("undecided", "no_reading")


class TestWords:
    @pytest.mark.parametrize("word", Result)
    def test_what_a_person_saw_is_taken_as_said(self, word):
        assert said(Reading(said=word), NO_RULE) == (word.value, "read_by_eye")

    @pytest.mark.parametrize("word", ["", "ok", "合格", "NEGATIVE"])
    def test_any_other_word_is_no_reading(self, word):
        assert said(Reading(said=word), STRIP) == ("undecided", "no_reading")


class TestTwoVoices:
    def test_a_word_does_not_pass_what_a_number_leaves_open(self):
        reading = Reading(value=Decimal("0.5"), unit="ug/kg", said="negative")
        assert said(reading, STRIP) == ("undecided", "no_lod")

    def test_a_word_may_be_graver_than_a_number_that_says_nothing(self):
        reading = Reading(value=Decimal("0.5"), unit="ug/kg", said="positive")
        assert said(reading, STRIP) == ("positive", "read_by_eye")

    def test_a_number_in_doubt_outweighs_a_word_that_found_nothing(self):
        reading = Reading(value=Decimal("0.02"), unit="mg/kg", said="negative")
        assert said(reading, CARBOFURAN) == ("suspect", "near")

    @pytest.mark.parametrize(
        "reading",
        [
            Reading(value=Decimal("0.001"), unit="mg/kg", said="positive"),
            Reading(value=Decimal("0.5"), unit="mg/kg", said="negative"),
            Reading(control_line=True, test_line="equal", said="positive"),
            Reading(control_line=True, test_line="absent", value=Decimal("0.001"), unit="mg/kg"),
        ],
    )
    def test_two_that_contradict_each_other_are_undecided(self, reading):
        assert said(reading, CARBOFURAN) == ("undecided", "contradicts")


def test_each_unit_a_limit_is_written_in_is_known():
    assert all(conversion(unit, unit) == 1 for unit in UNITS)


numbers = st.none() | st.decimals(allow_nan=True, allow_infinity=True) | st.decimals(0, 200, places=4)
units = st.sampled_from([*UNITS, "", "ppb", "mg/L"]) | st.text(max_size=5)
readings = st.builds(
    Reading, control_line=st.sampled_from([None, True, False]),
    test_line=st.sampled_from(["", *LINES]) | st.text(max_size=4), value=numbers, unit=units,
    said=st.sampled_from(["", *Result]) | st.text(max_size=4),
)  # fmt: skip
rules = st.builds(
    Rule, principle=st.sampled_from(["", "colloidal_gold", "enzyme_inhibition", "xrf"]),
    limit_kind=st.sampled_from(["", "max", "not_detected", "inhibition", "?"]), limit=numbers, limit_unit=units,
    lod=numbers, lod_unit=units,
)  # fmt: skip


@given(readings, rules)
def test_nothing_raises_and_nothing_is_negative_without_grounds(reading, rule):
    """Negative: a strip of such a method with its control line, a number well under a comparable cut-off, or a word."""
    verdict = judge(reading, rule)
    assert isinstance(verdict.why, Why)
    if verdict.result != Result.NEGATIVE:
        return
    assert reading.control_line is not False
    grounds = {
        Why.TEST_LINE: rule.principle == "colloidal_gold" and reading.control_line is True,
        Why.READ_BY_EYE: reading.said == Result.NEGATIVE,
        Why.UNDER: under(reading, rule),
    }
    assert grounds[verdict.why]
    assert reading.value is None or under(reading, rule)


def under(reading: Reading, rule: Rule) -> bool:
    of_lod = rule.limit_kind == "not_detected"
    cut_off, unit = (rule.lod, rule.lod_unit) if of_lod else (rule.limit, rule.limit_unit)
    factor = conversion(reading.unit, unit)
    known = rule.limit_kind in ("max", "inhibition", "not_detected") and cut_off is not None and cut_off.is_finite()
    return known and factor is not None and reading.value.is_finite() and reading.value * factor < cut_off


@given(st.decimals(0, 1, places=6), st.decimals(0, 1, places=6), st.sampled_from([CARBOFURAN, BANNED]))
def test_more_of_a_substance_is_never_judged_milder(one, other, rule):
    order = [Result.NEGATIVE, Result.SUSPECT, Result.POSITIVE]
    less, more = (judge(Reading(value=each, unit="mg/kg"), rule).result for each in sorted([one, other]))
    assert order.index(less) <= order.index(more)


def test_the_largest_number_a_record_holds_is_judged():
    assert number(MOST - 1, "mg/kg", CARBOFURAN)[0] == "positive"
