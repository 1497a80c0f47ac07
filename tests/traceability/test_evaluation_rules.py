"""The formulas of the back trace, row by row."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from itertools import product

import pytest

from traceability.blind_rules import agreement, expected_of, missing, need
from traceability.evaluation_rules import (
    Event,
    Finding,
    Rate,
    Upstream,
    finding,
    is_broken,
    judge_node,
    middle,
    months_between,
    point_score,
    supplier_score,
)
from traceability.policies import PointScore, SupplierScore
from traceability.states import CASE

TODAY = dt.date(2026, 11, 22)
FOUND = dt.datetime(2026, 11, 22, 7, 10, tzinfo=dt.UTC)
NOTHING = Rate()


class TestRates:
    def test_nothing_to_divide_by_is_no_data_not_zero(self):
        assert Rate(0, 0).percent is None
        assert Rate(0, 0).share is None

    def test_a_rate_is_so_many_of_so_many(self):
        assert Rate(1, 48).percent == Decimal("2.08")
        assert Rate(0, 48).percent == 0

    def test_rates_add_up_by_what_they_count(self):
        assert Rate(1, 10) + Rate(3, 10) == Rate(4, 20)
        assert Rate(1, 10).rest == Rate(9, 10)


class TestFinding:
    @pytest.mark.parametrize("state", list(CASE))
    def test_a_case_in_every_state_stands_somehow(self, state):
        open_states = {"detected", "notified", "objected", "sealed"}
        expected = (
            Finding.OPEN if state in open_states
            else {"lab_pass": Finding.CLEARED, "lab_fail": Finding.LAB_FAIL}.get(state, Finding.CONFIRMED)
        )  # fmt: skip
        assert finding(state=state, outcome="", confirmed=None, lab_failed=False) == expected

    @pytest.mark.parametrize(
        ("state", "outcome", "confirmed", "lab_failed", "expected"),
        [
            ("notified", "", True, False, Finding.CONFIRMED),
            ("notified", "", False, False, Finding.OPEN),
            ("closed", "disposed", None, True, Finding.LAB_FAIL),
            ("closed", "disposed", None, False, Finding.CONFIRMED),
            ("closed", "cleared_by_lab", True, False, Finding.CLEARED),
            ("closed", "cleared_by_repeat", None, False, Finding.CLEARED),
            ("disposed", "", None, True, Finding.LAB_FAIL),
        ],
    )
    def test_a_laboratory_says_more_than_a_strip(self, state, outcome, confirmed, lab_failed, expected):
        assert finding(state=state, outcome=outcome, confirmed=confirmed, lab_failed=lab_failed) == expected


def upstream(result="negative", item="CARBO", group="pesticide", *, hours=2, level="batch", test_id="test"):
    at = FOUND - dt.timedelta(hours=hours)
    return Upstream(test_id=test_id, item=item, group=group, result=result, tested_at=at, level=level)


def judged(*tests):
    return judge_node(tests, item="CARBO", group="pesticide", positive_at=FOUND, shelf_days=5)


class TestUpstream:
    @pytest.mark.parametrize(
        ("test", "tested", "missed"),
        [
            (upstream(), True, True),
            (upstream("positive"), True, False),
            (upstream("suspect"), True, False),
            (upstream("invalid"), False, False),
            (upstream("undecided"), False, False),
            (upstream(item="CHLOR"), True, False),
            (upstream(item="CAP", group="veterinary"), False, False),
            (upstream(level="source"), True, False),
            (upstream(hours=-1), False, False),
            (upstream(hours=5 * 24), True, True),
            (upstream(hours=5 * 24 + 1), False, False),
        ],
    )  # fmt: skip
    def test_one_test_upstream(self, test, tested, missed):
        found = judged(test)
        assert (found.tested, found.missed) == (tested, missed)

    def test_who_tested_nothing_missed_nothing_and_is_untested(self):
        assert judged() == judge_node([], item="CARBO", group="pesticide", positive_at=FOUND, shelf_days=5)
        assert not judged().tested

    def test_a_point_that_found_it_once_did_not_miss_it(self):
        assert not judged(upstream(), upstream("positive", hours=1)).missed

    def test_another_batch_of_the_source_with_a_positive_does_not_excuse_this_one(self):
        assert judged(upstream(), upstream("positive", level="source")).missed

    def test_the_test_that_is_named_is_of_the_item_and_of_the_batch_when_there_is_one(self):
        tests = [
            upstream(item="CHLOR", hours=0, test_id="other item"),
            upstream(level="source", hours=1, test_id="same source"),
            upstream(hours=3, test_id="earlier"),
            upstream(hours=2, test_id="this"),
        ]
        assert judged(*tests).test_id == "this"


@pytest.mark.parametrize(
    ("has_declaration", "source", "broken"),
    [(True, "", False), (True, "manual", False), (False, "manual", True), (False, "external_code", True),
     (False, "", True), (False, "self_grown", False)],
)  # fmt: skip
def test_a_way_back_breaks_before_a_declaration_unless_the_grower_sells_himself(has_declaration, source, broken):
    assert is_broken(has_declaration=has_declaration, intake_source=source) is broken


def test_locating_times_have_a_middle_or_no_data():
    assert middle([]) is None
    assert middle([1200, 800, 60_000]) == Decimal("1.20")
    assert middle([1000, 2000]) == Decimal("1.50")


class TestSupplier:
    policy = SupplierScore()

    def scored(self, *events, broken=NOTHING):
        return supplier_score(events, broken, self.policy, TODAY)

    def test_of_whom_nothing_is_known_there_is_no_score(self):
        assert self.scored().score is None
        assert self.scored().colour == ""

    def test_who_delivered_and_was_never_found_out_has_a_hundred(self):
        assert self.scored(broken=Rate(0, 30)).score == 100

    @pytest.mark.parametrize(
        ("kind", "points"), [("lab_fail", Decimal(20)), ("confirmed_positive", Decimal(10))]
    )  # fmt: skip
    def test_an_event_of_this_month_takes_its_whole_weight(self, kind, points):
        found = self.scored(Event(kind, TODAY))
        assert found.score == 100 - points
        assert found.marks[0].points == points

    @pytest.mark.parametrize(
        ("on", "points"),
        [
            (dt.date(2026, 10, 23), "20"), (dt.date(2026, 10, 22), "18.33"), (dt.date(2026, 5, 22), "10"),
            (dt.date(2025, 12, 22), "1.67"), (dt.date(2025, 11, 23), "1.67"),
        ],
    )  # fmt: skip
    def test_an_event_weighs_a_twelfth_less_with_every_month(self, on, points):
        assert self.scored(Event("lab_fail", on)).marks[0].points == Decimal(points)

    def test_after_twelve_months_it_is_forgotten(self):
        assert self.scored(Event("lab_fail", dt.date(2025, 11, 22))).marks == ()

    def test_every_percent_of_broken_links_takes_two_points(self):
        found = self.scored(broken=Rate(3, 20))
        assert found.marks[0].points == 30
        assert found.score == 70

    @pytest.mark.parametrize(
        ("events", "colour"), [(1, ""), (2, ""), (3, "yellow"), (4, "yellow"), (5, "red"), (12, "red")]
    )  # fmt: skip
    def test_red_is_below_sixty_and_yellow_below_eighty(self, events, colour):
        found = self.scored(*[Event("confirmed_positive", TODAY)] * events)
        assert (found.score, found.colour) == (max(100 - 10 * events, 0), colour)

    def test_the_marks_open_every_point_taken(self):
        found = self.scored(Event("lab_fail", TODAY, "one"), Event("confirmed_positive", TODAY, "two"))
        assert 100 - sum(mark.points for mark in found.marks) == found.score
        assert [mark.trace_id for mark in found.marks] == ["one", "two"]

    def test_weights_are_data(self):
        policy = SupplierScore(lab_fail=50, red_below=51)
        found = supplier_score([Event("lab_fail", TODAY)], NOTHING, policy, TODAY)
        assert (found.score, found.colour) == (50, "red")


@pytest.mark.parametrize(
    ("earlier", "later", "months"),
    [("2026-11-22", "2026-11-22", 0), ("2026-10-31", "2026-11-30", 0), ("2026-10-30", "2026-11-30", 1),
     ("2025-11-23", "2026-11-22", 11), ("2026-12-01", "2026-11-22", 0)],
)  # fmt: skip
def test_months_are_whole(earlier, later, months):
    assert months_between(dt.date.fromisoformat(earlier), dt.date.fromisoformat(later)) == months


class TestPointScore:
    weights = PointScore()

    def scored(self, **rates):
        given = {"blind": NOTHING, "timely": NOTHING, "linked": NOTHING, "false_results": NOTHING} | rates
        return point_score(**given, weights=self.weights)

    def test_without_any_data_there_is_no_score(self):
        assert self.scored().total is None

    def test_everything_right_is_a_hundred(self):
        full = Rate(10, 10)
        assert self.scored(blind=full, timely=full, linked=full, false_results=Rate(0, 10)).total == 100

    def test_each_part_earns_its_weight_by_its_share(self):
        found = self.scored(
            blind=Rate(3, 4), timely=Rate(9, 10), linked=Rate(5, 10), false_results=Rate(1, 10)
        )  # fmt: skip
        assert [part.points for part in found.parts] == [30, 18, 10, 18]
        assert found.total == 76

    @pytest.mark.parametrize("known", list(product([False, True], repeat=4)))
    def test_what_has_no_data_is_left_out_of_the_hundred(self, known):
        names = ("blind", "timely", "linked", "false_results")
        good = {"false_results": Rate(5, 10)}
        rates = {name: good.get(name, Rate(5, 10)) for name, has in zip(names, known, strict=True) if has}
        assert self.scored(**rates).total == (50 if any(known) else None)
        assert self.scored(**rates).known_weight == sum(getattr(self.weights, name) for name in rates)


class TestBlind:
    @pytest.mark.parametrize(
        ("miss", "count", "months", "why"),
        [
            (Rate(0, 0), 1, 3, "too_few"), (Rate(5, 29), 1, 3, "too_few"), (Rate(0, 30), 1, 3, "none_missed"),
            (Rate(1, 1000), 1, 1, "missed"), (Rate(1, 100), 1, 1, "missed"), (Rate(11, 1000), 2, 1, "missed"),
            (Rate(2, 100), 2, 1, "missed"), (Rate(21, 1000), 4, 1, "missed"),
        ],
    )  # fmt: skip
    def test_the_more_is_missed_the_more_often_it_is_asked(self, miss, count, months, why):
        found = need(miss)
        assert (found.count, found.months, found.why) == (count, months, why)

    def test_what_is_planned_already_is_not_planned_again(self):
        assert [missing(need(Rate(21, 1000)), planned) for planned in (0, 3, 4, 9)] == [4, 1, 0, 0]

    def test_contents_take_turns(self):
        assert [expected_of(n) for n in range(4)] == ["positive", "negative", "positive", "negative"]

    def test_without_pairs_nothing_is_said(self):
        found = agreement([])
        assert (found.rate, found.kappa) == (Rate(), None)

    def test_undecided_readings_do_not_count(self):
        pairs = [("positive", "suspect"), ("invalid", "negative"), ("negative", "negative")]
        assert agreement(pairs).rate == Rate(1, 1)

    def test_kappa_is_agreement_beyond_chance(self):
        pairs = [("positive", "positive")] * 20 + [("positive", "negative")] * 5
        pairs += [("negative", "positive")] * 10 + [("negative", "negative")] * 15
        found = agreement(pairs)
        assert found.rate == Rate(35, 50)
        assert found.kappa == Decimal("0.40")

    def test_kappa_says_nothing_where_everything_is_negative(self):
        assert agreement([("negative", "negative")] * 9).kappa is None
