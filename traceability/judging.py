"""From a reading to a result: what a strip, an inhibition rate or a number says, against which limit.

It fails loud. A number given for something that may not be there (不得检出) with no limit of detection known is
undecided, not passed; units that cannot be compared are undecided; a strip without its control line is
invalid. Nobody is told 未检出 by default.

    reading                               rule                                             result
    no control line                       any                                              invalid
    test line absent or weaker            competitive colloidal gold                       positive
    test line equal or stronger           competitive colloidal gold                       negative
    test line unclear                     competitive colloidal gold                       suspect
    inhibition % at or over the limit     inhibition (GB/T 5009.199)                       positive
    a number at or over the LOD           not_detected                                     positive
    within 10 % under either              inhibition, not_detected                         suspect
    a number over the limit               max                                              positive
    within 10 % of the limit, or on it    max                                              suspect
    a number under all that               every rule with a number                         negative
    a number without such a rule          none, or one without a number or unit            undecided
    what a person or a machine says       any                                              as said

When a reading speaks twice (a number and a word, say), the graver result counts, and two that contradict each
other are undecided.
"""

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum


class Result(StrEnum):
    NEGATIVE = "negative"
    POSITIVE = "positive"
    SUSPECT = "suspect"
    INVALID = "invalid"
    UNDECIDED = "undecided"


class Why(StrEnum):
    """Why it was judged so: shown to the tester, kept with the test."""

    READ_BY_EYE = "read_by_eye"
    NO_CONTROL_LINE = "no_control_line"
    TEST_LINE = "test_line"
    NO_READING = "no_reading"
    NO_LIMIT = "no_limit"
    NO_LOD = "no_lod"
    UNITS_DIFFER = "units_differ"
    OUT_OF_RANGE = "out_of_range"
    OVER = "over"
    UNDER = "under"
    NEAR = "near"
    CONTRADICTS = "contradicts"
    DEVICE = "device"


@dataclass(frozen=True, kw_only=True)
class Reading:
    """What was read. A strip has lines (`test_line`: absent, weaker, equal, stronger than the control line,
    or unclear); an
    instrument gives `value` in `unit`, or a word; a person may say what he saw (`said`)."""

    control_line: bool | None = None
    test_line: str = ""
    value: Decimal | None = None
    unit: str = ""
    said: str = ""


@dataclass(frozen=True, kw_only=True)
class Rule:
    """What it is judged by: the method's `principle` and `lod` (in `lod_unit`), and the limit of the goods."""

    principle: str
    limit_kind: str = ""
    limit: Decimal | None = None
    limit_unit: str = ""
    lod: Decimal | None = None
    lod_unit: str = ""


@dataclass(frozen=True)
class Verdict:
    result: Result
    why: Why


NEAR = Decimal("0.10")
PERCENT = "%"
MOST = Decimal(10) ** 10
"""What a record can hold; a number beyond it is a fault of the instrument."""

STRIPS = {"colloidal_gold"}
LINES = {
    "absent": Result.POSITIVE,
    "weaker": Result.POSITIVE,
    "equal": Result.NEGATIVE,
    "stronger": Result.NEGATIVE,
    "unclear": Result.SUSPECT,
}
GRAVEST = [Result.INVALID, Result.POSITIVE, Result.SUSPECT, Result.UNDECIDED, Result.NEGATIVE]

# Every unit as so many of the first of its kind: µg/kg for what is in food, RLU, percent.
_UNITS = {
    "ug/kg": ("mass", Decimal(1)), "μg/kg": ("mass", Decimal(1)), "ng/g": ("mass", Decimal(1)),
    "ppb": ("mass", Decimal(1)),
    "mg/kg": ("mass", Decimal(1000)), "ppm": ("mass", Decimal(1000)), "ug/g": ("mass", Decimal(1000)),
    "μg/g": ("mass", Decimal(1000)),
    "g/kg": ("mass", Decimal(1_000_000)),
    "mg/g": ("acid", Decimal(1)), "g/100g": ("peroxide", Decimal(1)),
    "%": ("percent", Decimal(1)), "rlu": ("rlu", Decimal(1)),
}  # fmt: skip
UNITS = ("mg/kg", "ug/kg", "g/kg", "%", "mg/g", "g/100g", "RLU")
"""Those a limit is written in."""


def judge(reading: Reading, rule: Rule) -> Verdict:
    """The verdict on one reading. Never raises: what cannot be judged is undecided and says why."""
    if reading.control_line is False:
        return Verdict(Result.INVALID, Why.NO_CONTROL_LINE)
    found = list(_verdicts(reading, rule))
    if not found:
        return Verdict(Result.UNDECIDED, Why.NO_READING)
    if {Result.POSITIVE, Result.NEGATIVE} <= {verdict.result for verdict in found}:
        return Verdict(Result.UNDECIDED, Why.CONTRADICTS)
    return min(found, key=lambda verdict: GRAVEST.index(verdict.result))


def _verdicts(reading: Reading, rule: Rule) -> Iterator[Verdict]:
    if reading.test_line:
        yield _strip(reading, rule)
    if reading.value is not None:
        yield _number(reading, rule)
    if reading.said in set(Result):
        yield Verdict(Result(reading.said), Why.READ_BY_EYE)


def _strip(reading, rule):
    if rule.principle not in STRIPS or reading.test_line not in LINES:
        return Verdict(Result.UNDECIDED, Why.NO_READING)
    if reading.control_line is None:
        return Verdict(Result.INVALID, Why.NO_CONTROL_LINE)
    return Verdict(LINES[reading.test_line], Why.TEST_LINE)


def _number(reading, rule):
    lowest = Decimal(-100) if _plain(reading.unit) == PERCENT else Decimal(0)
    if not reading.value.is_finite() or not lowest <= reading.value < MOST:
        return Verdict(Result.UNDECIDED, Why.OUT_OF_RANGE)
    if rule.limit_kind == "not_detected":
        return _against(reading, rule.lod, rule.lod_unit, unknown=Why.NO_LOD)
    if rule.limit_kind not in ("max", "inhibition"):
        return Verdict(Result.UNDECIDED, Why.NO_LIMIT)
    return _against(reading, rule.limit, rule.limit_unit, unknown=Why.NO_LIMIT, reached=rule.limit_kind != "max")


def _against(reading, cut_off, unit, *, unknown, reached=True):
    """`reached`: the cut-off itself is already too much (an inhibition rate, a limit of detection)."""
    if cut_off is None or not cut_off.is_finite() or not 0 < cut_off < MOST:
        return Verdict(Result.UNDECIDED, unknown)
    factor = conversion(reading.unit, unit)
    if factor is None:
        return Verdict(Result.UNDECIDED, Why.UNITS_DIFFER)
    value = reading.value * factor
    if value < cut_off * (1 - NEAR):
        return Verdict(Result.NEGATIVE, Why.UNDER)
    if value >= cut_off if reached else value > cut_off * (1 + NEAR):
        return Verdict(Result.POSITIVE, Why.OVER)
    return Verdict(Result.SUSPECT, Why.NEAR)


def conversion(unit: str, to: str) -> Decimal | None:
    """By what a number in `unit` is multiplied to be in `to`; None when the two cannot be compared."""
    here, there = (_UNITS.get(_plain(each)) for each in (unit, to))
    if here is None or there is None or here[0] != there[0]:
        return None
    return here[1] / there[1]


def _plain(unit):
    """`µG / KG` as `μg/kg`: both letters mu, and full-width signs, as one."""
    return "".join(unicodedata.normalize("NFKC", unit).lower().split())
