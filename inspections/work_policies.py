"""Rules of co-management a district sets for itself, with their defaults: plain data, checked when read."""

from dataclasses import dataclass, fields
from typing import Any

ANYTHING = (0, 1_000_000)

BOUNDS = {
    "open_claims": (1, 20),
    "open_claims_level_1": (1, 20),
    "done_a_day": (1, 100),
    "town_first_minutes": (0, 1440),
    "cool_down_seconds": (0, 3600),
    "free_releases_a_day": (0, 50),
    "release_pause_hours": (0, 720),
    "rise_after_releases": (1, 20),
    "rise_percent": (0, 100),
    "start_within_hours": (1, 240),
    "rotation_window": (1, 20),
    "rotation_most": (1, 20),
    "timeouts_a_month": (1, 50),
    "timeout_pause_days": (0, 90),
    "fence_m": (20, 5000),
    "fence_village_m": (20, 5000),
    "weak_accuracy_m": (10, 5000),
    "late_by_minutes": (0, 1440),
    "photo_reuse_bits": (0, 32),
    "returned_hours": (1, 240),
    "returns": (0, 2),
    "decide_working_days": (1, 30),
    "appeal_days": (1, 60),
    "open_minutes": (1, 240),
    "blind_percent": (0, 100),
    "late_deduct_percent": (0, 100),
    "unclear_deduct_percent": (0, 100),
    "missing_deduct_percent": (0, 100),
    "grade_a": (50, 400),
    "grade_b": (50, 400),
    "grade_c": (50, 400),
    "grade_d": (50, 400),
    "far_over_m": (0, 100_000),
    "far_fen": (0, 10_000),
    "night_percent": (100, 400),
    "frozen_days": (0, 60),
    "excellent_percent": (100, 200),
}


def bounds(name: str) -> tuple[int, int]:
    """Lowest and highest value of a key, both allowed."""
    return BOUNDS.get(name, ANYTHING)


@dataclass(frozen=True)
class _Bounded:
    def __post_init__(self):
        for each in fields(self):
            value = getattr(self, each.name)
            low, high = bounds(each.name)
            if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
                raise ValueError(each.name)


@dataclass(frozen=True)
class Grabbing(_Bounded):
    """Quotas and waits of taking tasks. Amounts of time say their unit."""

    open_claims: int = 3
    open_claims_level_1: int = 2
    done_a_day: int = 12
    town_first_minutes: int = 30
    cool_down_seconds: int = 10
    free_releases_a_day: int = 2
    release_pause_hours: int = 24
    rise_after_releases: int = 2
    rise_percent: int = 20
    start_within_hours: int = 24
    rotation_window: int = 3
    rotation_most: int = 2
    timeouts_a_month: int = 3
    timeout_pause_days: int = 7


@dataclass(frozen=True)
class OnSite(_Bounded):
    fence_m: int = 150
    fence_village_m: int = 200
    weak_accuracy_m: int = 100
    late_by_minutes: int = 0
    photo_reuse_bits: int = 10


@dataclass(frozen=True)
class Reviewing(_Bounded):
    returned_hours: int = 24
    returns: int = 2
    decide_working_days: int = 3
    appeal_days: int = 7
    open_minutes: int = 15
    double_review_over_fen: int = 10_000
    blind_percent: int = 10
    late_deduct_percent: int = 20
    unclear_deduct_percent: int = 20
    missing_deduct_percent: int = 10


@dataclass(frozen=True)
class Pay(_Bounded):
    """Coefficients in percent of the base price. `cap_month_fen` per person and month."""

    grade_a: int = 100
    grade_b: int = 110
    grade_c: int = 130
    grade_d: int = 150
    far_over_m: int = 10_000
    far_fen: int = 500
    night_percent: int = 120
    frozen_days: int = 7
    cap_month_fen: int = 300_000
    excellent_percent: int = 110


@dataclass(frozen=True)
class Assessing(_Bounded):
    """Weights of the monthly assessment; they add up to 100."""

    completed: int = 20
    on_time: int = 10
    first_time: int = 15
    findings: int = 15
    agreement: int = 20
    closed: int = 10
    promotion: int = 5
    exams: int = 5

    def __post_init__(self):
        super().__post_init__()
        if sum(getattr(self, each.name) for each in fields(self)) != 100:
            raise ValueError("weights")


POLICIES = {"grabbing": Grabbing, "on_site": OnSite, "reviewing": Reviewing, "pay": Pay, "assessing": Assessing}


def read(name: str, value: dict[str, Any] | None) -> Any:
    """The policy of that name. Raises ValueError for an unknown key or a value it cannot have."""
    kind = POLICIES[name]
    unknown = set(value or {}) - {each.name for each in fields(kind)}
    if unknown:
        raise ValueError(sorted(unknown)[0])
    return kind(**(value or {}))
