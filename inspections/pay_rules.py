"""单价: what a task pays when it is published, and how that came about. No database, no clock.

    price = base x grade x (night or holiday), rounded, + far

Each percentage is applied to the exact amount, which is rounded half to even, to the fen, once; the way is whole fen.
The parts say what each step added, as the rounded running totals differ, so that they add up to the price.
"""

from collections.abc import Iterable
from decimal import ROUND_HALF_EVEN, Decimal
from typing import Any

from inspections.work_policies import Pay

GRADES = ("a", "b", "c", "d")
"""Risk grades of a place 风险等级, the least risky first."""

Part = dict[str, Any]


def price(
    base_fen: int, policy: Pay, *, grade: str = "a", distance_m: float | None = None, night: bool = False
) -> tuple[int, list[Part]]:
    """Fen and the parts that explain them: `{"part": "base" | "grade" | "night" | "far", "fen": …}`, `percent` where
    one was applied. `night`: at night or on a holiday. `distance_m`: from the middle of the town, None if unknown.

    Raises ValueError for a grade that is none.
    """
    exact = Decimal(base_fen)
    parts: list[Part] = [{"part": "base", "fen": base_fen}]
    steps = [("grade", _percent_of(grade, policy)), ("night", policy.night_percent if night else 100)]
    for name, percent in steps:
        if percent != 100:
            before, exact = exact, exact * percent / 100
            said = {"grade": grade} if name == "grade" else {}
            parts.append({"part": name, "percent": percent, "fen": _fen(exact) - _fen(before)} | said)
    if distance_m is not None and distance_m > policy.far_over_m:
        parts.append({"part": "far", "over_m": policy.far_over_m, "fen": policy.far_fen})
    return total(parts), parts


def total(parts: Iterable[Part]) -> int:
    return sum(part["fen"] for part in parts)


def _percent_of(grade: str, policy: Pay) -> int:
    if grade not in GRADES:
        raise ValueError(grade)
    return getattr(policy, f"grade_{grade}")


def _fen(exact: Decimal) -> int:
    return int(exact.quantize(Decimal(1), rounding=ROUND_HALF_EVEN))
