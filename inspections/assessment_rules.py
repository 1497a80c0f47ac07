"""考核: one person's month as a score out of 100, every part with its own numbers. No database.

    score = 100 x (sum of share x weight) / (sum of weights that apply) - points off, between 0 and 100

A part without anything to count (no re-visit drawn, no promotion taken) does not apply: its weight is spread over the
others. Finding many problems earns nothing: a person is compared with what others find at such places, and both far
fewer and far more count against; fines and cases are not looked at.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from decimal import ROUND_HALF_EVEN, Decimal
from math import sqrt
from typing import Any

from inspections.agreement_rules import Agreement
from inspections.work_policies import Assessing

PARTS = ("completed", "on_time", "first_time", "findings", "agreement", "closed", "promotion", "exams")
POINTS_OFF = {"timeout": 2, "given_back": 1, "returned": 1, "rejected": 3, "fraud": 100}
GRADES = ((Decimal(90), "excellent"), (Decimal(75), "good"), (Decimal(60), "pass"))
FAILED = "fail"
WITHIN_CHANCE, BEYOND_DOUBT = 2.0, 4.0
KAPPA_FULL = Decimal("0.6")
KAPPA_ITEMS = 30
"""Below so many items kappa jumps about by chance, and plain agreement is used."""
_CENT = Decimal("0.01")


@dataclass(frozen=True, kw_only=True)
class Month:
    """What is counted. `expected_rates`: for each visit, how often others find a problem at such a place;
    `found`: of these visits, how many had a problem that was confirmed. `exam_scores`: of courses in force."""

    taken: int = 0
    accepted: int = 0
    on_time: int = 0
    first_time: int = 0
    decided: int = 0
    expected_rates: Sequence[float] = ()
    found: int = 0
    compared: Agreement | None = None
    due: int = 0
    closed: int = 0
    promotions_taken: int = 0
    promotions_done: int = 0
    exam_scores: Sequence[int] = ()
    timeout: int = 0
    given_back: int = 0
    returned: int = 0
    rejected: int = 0
    fraud: int = 0

    @property
    def worked(self) -> bool:
        return self.taken > 0


@dataclass(frozen=True)
class Part:
    """`of` is None where there was nothing to count. `how` names the formula where there are several."""

    name: str
    share: Decimal | None
    weight: int
    value: Decimal | None = None
    of: Decimal | None = None
    how: str = ""

    @property
    def points(self) -> Decimal | None:
        return None if self.share is None else _cents(self.share * self.weight)


@dataclass(frozen=True)
class Score:
    score: Decimal
    grade: str
    parts: tuple[Part, ...]
    off: dict[str, int]
    """By reason, how often."""

    def kept(self) -> dict[str, Any]:
        """As a row keeps it: every number somebody would need to work it out again."""
        parts = [{**{key: _plain(value) for key, value in asdict(part).items()}, "points": _plain(part.points)}
                 for part in self.parts]  # fmt: skip
        off = [{"name": name, "count": count, "each": POINTS_OFF[name]} for name, count in self.off.items() if count]
        return {"parts": parts, "off": off}


def score(month: Month, weights: Assessing) -> Score:
    parts = tuple(_part(name, month, getattr(weights, name)) for name in PARTS)
    off = {name: getattr(month, name) for name in POINTS_OFF}
    total = _weighted(parts) - sum(POINTS_OFF[name] * count for name, count in off.items())
    found = _cents(min(max(total, Decimal(0)), Decimal(100)))
    return Score(found, grade(found), parts, off)


def grade(points: Decimal) -> str:
    return next((name for least, name in GRADES if points >= least), FAILED)


def _weighted(parts: Sequence[Part]) -> Decimal:
    apply = [part for part in parts if part.share is not None and part.weight]
    weight = sum(part.weight for part in apply)
    if not weight:
        return Decimal(0)
    return 100 * sum((part.share * part.weight for part in apply if part.share is not None), Decimal(0)) / weight


def _part(name: str, month: Month, weight: int) -> Part:
    match name:
        case "findings":
            return _findings(month, weight)
        case "agreement":
            return _agreement(month.compared, weight)
        case "exams":
            mean = Decimal(sum(month.exam_scores)) / len(month.exam_scores) if month.exam_scores else Decimal(0)
            return _ratio(name, mean, 100 if month.exam_scores else 0, weight)
    value, of = {
        "completed": (month.accepted, month.taken),
        "on_time": (month.on_time, month.accepted),
        "first_time": (month.first_time, month.decided),
        "closed": (month.closed, month.due),
        "promotion": (month.promotions_done, month.promotions_taken),
    }[name]
    return _ratio(name, Decimal(value), of, weight)


def _ratio(name: str, value: Decimal, of: int, weight: int) -> Part:
    share = min(value / of, Decimal(1)) if of else None
    return Part(name, share, weight, value, Decimal(of) if of else None)


def _findings(month: Month, weight: int) -> Part:
    """Full within what chance allows of the number others would find; nothing left four deviations away."""
    rates = month.expected_rates
    if not rates:
        return Part("findings", None, weight)
    away = deviations(month.found, rates)
    share = (BEYOND_DOUBT - away) / (BEYOND_DOUBT - WITHIN_CHANCE)
    clipped = Decimal(str(round(min(max(share, 0.0), 1.0), 4)))
    how = "" if away <= WITHIN_CHANCE else "few" if month.found < sum(rates) else "many"
    return Part("findings", clipped, weight, Decimal(month.found), Decimal(str(round(sum(rates), 2))), how)


def deviations(found: int, rates: Sequence[float]) -> float:
    """How many standard deviations the number found is away from the number to expect."""
    spread = sqrt(sum(rate * (1 - rate) for rate in rates))
    away = abs(found - sum(rates))
    return away / max(spread, 0.5)


def _agreement(compared: Agreement | None, weight: int) -> Part:
    """By kappa, of which 0.6 is full (substantial agreement, Landis and Koch); by plain agreement where it is few."""
    if compared is None or not compared.n:
        return Part("agreement", None, weight)
    same, n = Decimal(compared.same), Decimal(compared.n)
    if compared.kappa is None or compared.n < KAPPA_ITEMS:
        return Part("agreement", same / n, weight, same, n, "plain")
    kappa = Decimal(str(round(compared.kappa, 4)))
    return Part("agreement", min(max(kappa / KAPPA_FULL, Decimal(0)), Decimal(1)), weight, same, n, f"kappa {kappa}")


def _cents(exact: Decimal) -> Decimal:
    return exact.quantize(_CENT, ROUND_HALF_EVEN)


def _plain(value: Any) -> Any:
    return format(value.normalize(), "f") if isinstance(value, Decimal) else value


def ranks(scores: Sequence[tuple[Any, Decimal]]) -> dict[Any, int]:
    """By key, the place among these: equal scores share a place, and the next one is left out."""
    return {key: 1 + sum(other > points for _, other in scores) for key, points in scores}
