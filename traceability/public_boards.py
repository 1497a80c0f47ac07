"""What a market's public board may say (总局令81号 第27条): frozen, field by field, an allow-list.

A positive is named on the board only when its case allows: a second test agreed, the holder accepted, the time to
object went by, or a laboratory found it. Before that the board says that the goods are paused, and no item; once it
was cleared it says so (食品安全法 第118条).
"""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

from traceability.case_rules import Standing, may_name

PAUSED, CONFIRMED, LAB_FAIL, DISPOSED, CLEARED = "paused", "confirmed", "lab_fail", "disposed", "cleared"
NAMED = frozenset({CONFIRMED, LAB_FAIL, DISPOSED})
NOT_DETECTED, UNDER_REVIEW = "not_detected", "under_review"
_GONE_ON = frozenset({"disposed", "reported", "resampled", "closed"})


def handling(case: Standing, at: dt.datetime) -> str:
    """How a positive stands before the public."""
    if case.outcome.startswith("cleared") or case.state == "lab_pass":
        return CLEARED
    if case.state in _GONE_ON:
        return DISPOSED
    if case.state == "lab_fail":
        return LAB_FAIL
    return CONFIRMED if may_name(case, at) else PAUSED


@dataclass(frozen=True)
class BoardSample:
    """One sample of today: `items` are named when nothing was found, or when its positive may be named.
    `result`: not_detected, under_review, or how its positive is handled."""

    product: str
    product_en: str
    stall_no: str
    items: tuple[str, ...]
    result: str
    tested_at: dt.datetime


@dataclass(frozen=True)
class BoardCase:
    """A positive of the last thirty days and what was done with the goods."""

    product: str
    product_en: str
    stall_no: str
    item: str
    handling: str
    found_on: dt.date
    disposed_kg: Decimal | None


@dataclass(frozen=True)
class BoardMonth:
    """`positives` without those that were cleared."""

    month: str
    samples: int
    tests: int
    positives: int
    disposed_kg: Decimal

    @property
    def percent(self) -> Decimal | None:
        """None without tests: no data is not 0 %."""
        return (Decimal(100 * self.positives) / self.tests).quantize(Decimal("0.01")) if self.tests else None


@dataclass(frozen=True)
class BoardPage:
    """`samples` are the latest of `samples_today`; `held` counts batches under a pause in the market now."""

    market_id: str
    market: str
    address: str
    phone: str
    safety_director: str
    safety_officer: str
    day: dt.date
    samples_today: int
    tests_today: int
    not_detected_today: int
    held: int
    samples: tuple[BoardSample, ...]
    cases: tuple[BoardCase, ...]
    months: tuple[BoardMonth, ...]
    drawn_at: dt.datetime


@dataclass(frozen=True)
class BoardPoints:
    """Tests of one kind of point in a month."""

    kind: str
    points: int
    tests: int
    positives: int


@dataclass(frozen=True)
class DistrictBoard:
    """Open figures of a district by month: counts, no person and no business but the markets with their boards."""

    months: tuple[BoardMonth, ...]
    kinds: tuple[BoardPoints, ...]
    markets: tuple[tuple[str, str], ...]
    counted_at: dt.datetime
