"""检测倒查: what downstream results say of tests upstream; every formula as it stands on the page.

A rate without a denominator is unknown, never 0 %. An upstream test counts for a positive downstream when it
was made of the same goods (or, weaker, of the same source), for the same group of items, before it and within
the shelf life; it missed when it was of this very batch, for the same item, and found nothing.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from statistics import median

from traceability.policies import PointScore, SupplierScore

BATCH, SOURCE = "batch", "source"
READ = frozenset({"negative", "positive", "suspect"})
CLEARED_OUTCOMES = frozenset({"cleared_by_lab", "cleared_by_repeat"})
CONFIRMED_STATES = frozenset({"accepted", "lapsed", "lab_fail", "disposed", "reported", "resampled", "closed"})
HUNDRED = Decimal(100)
CENT = Decimal("0.01")


@dataclass(frozen=True)
class Rate:
    """So many of so many. `share` and `percent` are None when there is nothing to divide by."""

    part: int = 0
    whole: int = 0

    def __add__(self, other: Rate) -> Rate:
        return Rate(self.part + other.part, self.whole + other.whole)

    @property
    def share(self) -> Decimal | None:
        return Decimal(self.part) / Decimal(self.whole) if self.whole else None

    @property
    def percent(self) -> Decimal | None:
        return None if self.share is None else (self.share * HUNDRED).quantize(CENT)

    @property
    def rest(self) -> Rate:
        return Rate(self.whole - self.part, self.whole)


class Finding(StrEnum):
    """How a positive stands today."""

    OPEN = "open"
    CONFIRMED = "confirmed"
    LAB_FAIL = "lab_fail"
    CLEARED = "cleared"


def finding(*, state: str, outcome: str, confirmed: bool | None, lab_failed: bool) -> Finding:
    """Confirmed: a second strip agreed, the trader accepted it, or let the time to object go by."""
    if state == "lab_pass" or outcome in CLEARED_OUTCOMES:
        return Finding.CLEARED
    if lab_failed or state == "lab_fail":
        return Finding.LAB_FAIL
    return Finding.CONFIRMED if confirmed or state in CONFIRMED_STATES else Finding.OPEN


@dataclass(frozen=True, kw_only=True)
class Upstream:
    """A test made upstream of a positive. `level`: of this very batch, or of the same source."""

    test_id: object
    item: str
    group: str
    result: str
    tested_at: dt.datetime
    level: str = BATCH


@dataclass(frozen=True)
class NodeVerdict:
    """What one place on the way did: the test that says so, and whether it found nothing where something was."""

    test_id: object = None
    level: str = ""
    tested: bool = False
    missed: bool = False


def judge_node(
    tests: Iterable[Upstream], *, item: str, group: str, positive_at: dt.datetime, shelf_days: int
) -> NodeVerdict:
    since = positive_at - dt.timedelta(days=shelf_days)
    counted = [
        test for test in tests
        if test.group == group and test.result in READ and since <= test.tested_at <= positive_at
    ]  # fmt: skip
    if not counted:
        return NodeVerdict()
    own = [test for test in counted if test.item == item and test.level == BATCH]
    missed = {test.result for test in own} == {"negative"}
    telling = max(counted, key=lambda test: (test.item == item, test.level == BATCH, test.tested_at))
    return NodeVerdict(telling.test_id, telling.level, tested=True, missed=missed)


def is_broken(*, has_declaration: bool, intake_source: str) -> bool:
    """A way back ends at a declaration, or at a grower who sells what he grew."""
    return not has_declaration and intake_source != "self_grown"


def middle(milliseconds: Sequence[int]) -> Decimal | None:
    """The median of locating times, in seconds."""
    return (Decimal(str(median(milliseconds))) / 1000).quantize(CENT) if milliseconds else None


@dataclass(frozen=True)
class Mark:
    """Points taken, and why: `lab_fail`, `confirmed_positive` on a day, or `broken_percent` of the records."""

    kind: str
    points: Decimal
    full: int
    on: dt.date | None = None
    months_ago: int = 0
    trace_id: object = None
    broken: Rate | None = None


@dataclass(frozen=True)
class Event:
    kind: str
    on: dt.date
    trace_id: object = None


@dataclass(frozen=True)
class SupplierVerdict:
    """`score` is None while nothing is known of the supplier; `colour`: red, yellow or nothing."""

    score: Decimal | None
    colour: str
    marks: tuple[Mark, ...]


def months_between(earlier: dt.date, later: dt.date) -> int:
    """Whole months from one day to another; never below nothing."""
    months = (later.year - earlier.year) * 12 + later.month - earlier.month
    return max(months - (later.day < earlier.day), 0)


def supplier_score(events: Iterable[Event], broken: Rate, policy: SupplierScore, today: dt.date) -> SupplierVerdict:
    """100 less the marks. A mark of an event weighs less with every whole month and nothing after `policy.months`."""
    marks = [mark for event in events if (mark := _mark(event, policy, today))]
    if broken.part:
        points = (policy.broken_percent * (broken.share or 0) * HUNDRED).quantize(CENT)
        marks.append(Mark("broken_percent", points, policy.broken_percent, broken=broken))
    if not marks and not broken.whole:
        return SupplierVerdict(None, "", ())
    score = max(HUNDRED - sum((mark.points for mark in marks), Decimal(0)), Decimal(0)).quantize(CENT)
    colour = "red" if score < policy.red_below else "yellow" if score < policy.yellow_below else ""
    return SupplierVerdict(score, colour, tuple(sorted(marks, key=lambda mark: -mark.points)))


def _mark(event: Event, policy: SupplierScore, today: dt.date) -> Mark | None:
    ago = months_between(event.on, today)
    if ago >= policy.months:
        return None
    full = getattr(policy, event.kind)
    points = (Decimal(full) * (policy.months - ago) / policy.months).quantize(CENT)
    return Mark(event.kind, points, full, on=event.on, months_ago=ago, trace_id=event.trace_id)


@dataclass(frozen=True)
class Part:
    """One part of a point's score: `good` of the whole earns the weight."""

    name: str
    weight: int
    good: Rate

    @property
    def points(self) -> Decimal | None:
        return None if self.good.share is None else (self.weight * self.good.share).quantize(CENT)


@dataclass(frozen=True)
class Score:
    """`total` is out of 100 of the weights that have data; None when none has."""

    parts: tuple[Part, ...]

    @property
    def known_weight(self) -> int:
        return sum(part.weight for part in self.parts if part.good.whole)

    @property
    def total(self) -> Decimal | None:
        if not self.known_weight:
            return None
        earned = sum((part.weight * part.good.share for part in self.parts if part.good.share is not None), Decimal(0))
        return (earned / self.known_weight * HUNDRED).quantize(CENT)


def point_score(*, blind: Rate, timely: Rate, linked: Rate, false_results: Rate, weights: PointScore) -> Score:
    """`false_results`: results contradicted later (missed downstream, cleared by a laboratory) of those checked."""
    return Score((
        Part("blind", weights.blind, blind),
        Part("timely", weights.timely, timely),
        Part("linked", weights.linked, linked),
        Part("false_results", weights.false_results, false_results.rest),
    ))  # fmt: skip
