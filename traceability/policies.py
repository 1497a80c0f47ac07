"""Rules a district sets for itself, with their defaults: plain data, checked when read.

The reach of a hold: `everything` is the batch and its children, `holder` the goods of this lot at the tested
holder alone. By default a banned substance or a confirmed second test reaches everything.
"""

from dataclasses import dataclass, fields
from typing import Any

EVERYTHING, HOLDER = "everything", "holder"


@dataclass(frozen=True)
class HoldReach:
    """`first`: after one test. Which test reaches how far, by who tested (`branch`)."""

    banned: str = EVERYTHING
    confirmed: str = EVERYTHING
    regulator: str = EVERYTHING
    market: str = HOLDER
    canteen: str = HOLDER

    def __post_init__(self):
        for each in fields(self):
            if getattr(self, each.name) not in (EVERYTHING, HOLDER):
                raise ValueError(each.name)

    def of(self, *, branch: str, banned: bool, confirmed: bool) -> str:
        reaches = {getattr(self, branch)}
        if banned:
            reaches.add(self.banned)
        if confirmed:
            reaches.add(self.confirmed)
        return EVERYTHING if EVERYTHING in reaches else HOLDER


@dataclass(frozen=True)
class CaseClocks:
    """Minutes, hours and days of a positive: 4 hours to object (食品安全法 第88条), never fewer; 7 working days for
    the laboratory (农产品质量安全法 第51条). `seal_hours` from the objection, `report_hours` from the disposal,
    `close_days` from the last step."""

    repeat_minutes: int = 30
    notify_minutes: int = 15
    objection_hours: int = 4
    market_objection_hours: int = 4
    seal_hours: int = 24
    lab_working_days: int = 7
    disposal_hours: int = 24
    report_hours: int = 24
    resample_days: int = 3
    close_days: int = 7

    def __post_init__(self):
        if self.objection_hours < 4:
            raise ValueError("objection_hours")
        for each in fields(self):
            value = getattr(self, each.name)
            if not isinstance(value, int) or not 1 <= value <= 1000:
                raise ValueError(each.name)


@dataclass(frozen=True)
class SupplierScore:
    """Points taken from 100: 100 - 20 x lab fail - 10 x confirmed positive - 2 x broken links in percent."""

    lab_fail: int = 20
    confirmed_positive: int = 10
    broken_percent: int = 2
    months: int = 12
    red_below: int = 60
    yellow_below: int = 80


@dataclass(frozen=True)
class PointScore:
    """Weights of a test point's score; they add up to 100."""

    blind: int = 40
    timely: int = 20
    linked: int = 20
    false_results: int = 20

    def __post_init__(self):
        if sum(getattr(self, each.name) for each in fields(self)) != 100:
            raise ValueError("weights")


@dataclass(frozen=True)
class Sampling:
    """Tomorrow's plan: how many samples a point takes, and which share is drawn at random whatever the risk."""

    random_share: float = 0.2
    days_looked_back: int = 365
    vendor_factor: float = 2.0
    prior_tests: int = 200

    def __post_init__(self):
        if not 0.05 <= self.random_share <= 1:
            raise ValueError("random_share")


POLICIES = {
    "hold_reach": HoldReach,
    "case_clocks": CaseClocks,
    "supplier_score": SupplierScore,
    "point_score": PointScore,
    "sampling": Sampling,
}


def read(name: str, value: dict[str, Any] | None) -> Any:
    """The policy of that name. Raises ValueError for an unknown key or a value it cannot have."""
    kind = POLICIES[name]
    known = {each.name: each for each in fields(kind)}
    for key, given in (value or {}).items():
        if key not in known:
            raise ValueError(key)
        expected = type(known[key].default)
        if isinstance(given, bool) or not isinstance(given, (expected, int) if expected is float else expected):
            raise ValueError(key)
    return kind(**(value or {}))
