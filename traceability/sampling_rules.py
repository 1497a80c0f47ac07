"""靶向抽检: where a point looks tomorrow, and why there.

What a candidate (a product at a place, from an origin) is worth is the positive rate of its product in this
season, times what its origin and its seller add. Each rate leans on the district's own by `prior_tests`
imagined tests, so that one positive of two tests does not rule the plan. A seller counts at most
`vendor_factor` times, up or down. First come the goods of open cases, then what chance draws (a share that
nobody can foresee), then the rest by worth.
"""

from __future__ import annotations

import datetime as dt
import math
import random
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from traceability.evaluation_rules import Rate
from traceability.policies import Sampling

FLOOR = 0.001
"""The district's rate is never taken for less than one in a thousand."""

A_PRODUCT = 3
"""A plan holds at most so many lines of one product by worth; follow-ups and chance are not counted."""

SCALE = 1000
FALLBACK_LINES = 5


def season(day: dt.date) -> int:
    """Quarter of the year, 1 to 4."""
    return (day.month - 1) // 3 + 1


@dataclass(frozen=True)
class Candidate:
    """Something that may be there tomorrow. Keys of whatever kind, compared and sorted as text."""

    product: str
    place: str
    origin: str = ""
    vendor: str = ""

    @property
    def key(self) -> tuple[str, str, str]:
        return (str(self.product), str(self.place), str(self.origin))


@dataclass(frozen=True)
class History:
    """Positives of tests: over all, and by (product, quarter), origin and vendor."""

    overall: Rate
    products: Mapping[tuple[str, int], Rate] = field(default_factory=dict)
    origins: Mapping[str, Rate] = field(default_factory=dict)
    vendors: Mapping[str, Rate] = field(default_factory=dict)


@dataclass(frozen=True)
class Reason:
    """One factor of a score: what it is about, the results behind it, and by how much it multiplies."""

    about: str
    found: Rate
    factor: Decimal


@dataclass(frozen=True)
class Scored:
    candidate: Candidate
    score: Decimal
    reasons: tuple[Reason, ...]


@dataclass(frozen=True)
class Line:
    """`reason`: risk or random."""

    candidate: Candidate
    reason: str
    score: Decimal
    reasons: tuple[Reason, ...]


def base_rate(overall: Rate) -> float:
    return max(float(overall.share or 0), FLOOR)


def factor(found: Rate, base: float, prior_tests: int) -> float:
    """By how much these results raise or lower the district's rate, leaning on it by `prior_tests`."""
    return (found.part + prior_tests * base) / (found.whole + prior_tests) / base


def score(candidate: Candidate, history: History, day: dt.date, policy: Sampling) -> Scored:
    """In positives of a thousand tests."""
    base = base_rate(history.overall)
    product = history.products.get((candidate.product, season(day)), Rate())
    origin = history.origins.get(candidate.origin, Rate())
    vendor = history.vendors.get(candidate.vendor, Rate())
    factors = (
        ("product", product, factor(product, base, policy.prior_tests)),
        ("origin", origin, factor(origin, base, policy.prior_tests)),
        ("vendor", vendor, _held(factor(vendor, base, policy.prior_tests), policy.vendor_factor)),
    )
    worth = base * SCALE * math.prod(value for _, _, value in factors)
    reasons = tuple(Reason(about, found, _two(value)) for about, found, value in factors)
    return Scored(candidate, min(_two(worth), Decimal("99999.99")), reasons)


def plan(
    candidates: Iterable[Candidate], history: History, *, day: dt.date, lines: int, policy: Sampling, seed: str
) -> list[Line]:
    """`lines` of the candidates: the random share, then the best by worth. The same seed draws the same."""
    scored = sorted(
        (score(each, history, day, policy) for each in set(candidates)), key=lambda each: each.candidate.key
    )
    by_chance = draw([each.candidate for each in scored], random_lines(lines, policy), seed)
    known = {each.candidate: each for each in scored}
    found = [Line(each, "random", known[each].score, known[each].reasons) for each in by_chance]
    chosen = best(scored, lines - len(found), leaving=set(by_chance))
    return found + [Line(each.candidate, "risk", each.score, each.reasons) for each in chosen]


def random_lines(lines: int, policy: Sampling) -> int:
    """At least one of any plan, whatever the risk."""
    return min(max(math.ceil(lines * policy.random_share), 1), lines) if lines > 0 else 0


def draw(candidates: Sequence[Candidate], count: int, seed: str) -> list[Candidate]:
    """What chance takes, for whoever wants to check: the same candidates and seed give the same."""
    ordered = sorted(set(candidates), key=lambda each: each.key)
    return random.Random(seed).sample(ordered, min(count, len(ordered)))  # noqa: S311


def best(scored: Iterable[Scored], count: int, *, leaving: set[Candidate]) -> list[Scored]:
    """By worth, at most three of one product, unless there is nothing else."""
    ordered = sorted(
        (each for each in scored if each.candidate not in leaving), key=lambda each: (-each.score, each.candidate.key)
    )
    taken: list[Scored] = []
    seen: Counter[str] = Counter()
    for each in ordered:
        if seen[each.candidate.product] < A_PRODUCT:
            taken.append(each)
            seen[each.candidate.product] += 1
    chosen = {each.candidate for each in taken}
    rest = [each for each in ordered if each.candidate not in chosen]
    return (taken + rest)[: max(count, 0)]


@dataclass(frozen=True)
class Planned:
    """A line of a plan as it is compared with what was sampled; no place: anywhere."""

    id: Any
    product: str
    place: object = None


def done(lines: Iterable[Planned], sampled: Iterable[tuple[str, object]]) -> set[Any]:
    """The ids of the lines that a tested sample (product, place) of the day fulfils; each sample fulfils one."""
    left = Counter(sampled)
    found: set[Any] = set()
    for line in sorted(lines, key=lambda line: line.place is None):
        match = next((s for s in left if left[s] and s[0] == line.product and line.place in (None, s[1])), None)
        if match is not None:
            left[match] -= 1
            found.add(line.id)
    return found


def _held(value: float, most: float) -> float:
    return min(max(value, 1 / most), most)


def _two(value: float) -> Decimal:
    return Decimal(str(value)).quantize(Decimal("0.01"))
