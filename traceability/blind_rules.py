"""盲样与复测一致性: how often a point gets a sample of known content, and how far two readings agree.

miss rate of the last 12 months                    blind samples
fewer than 30 downstream results, or none missed   1 in three months
up to 1 %                                          1 a month
over 1 %, up to 2 %                                2 a month
over 2 %                                           4 a month
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from traceability.evaluation_rules import Rate

ENOUGH = 30
STEPS = ((Decimal("0.02"), 4), (Decimal("0.01"), 2), (Decimal(0), 1))
QUARTER = 3
ANSWER_DAYS = 3
DECIDED = ("negative", "positive")


@dataclass(frozen=True)
class Need:
    """`count` samples in every `months` months. `why`: too_few, none_missed or missed."""

    count: int
    months: int
    why: str


def need(miss: Rate) -> Need:
    if miss.whole < ENOUGH:
        return Need(1, QUARTER, "too_few")
    for above, count in STEPS:
        if miss.share is not None and miss.share > above:
            return Need(count, 1, "missed")
    return Need(1, QUARTER, "none_missed")


def missing(wanted: Need, planned: int) -> int:
    """How many are still to be planned, when `planned` were planned in the need's months."""
    return max(wanted.count - planned, 0)


def expected_of(number: int) -> str:
    """The content of a point's samples in turn: something to find, then nothing, …"""
    return "positive" if number % 2 == 0 else "negative"


@dataclass(frozen=True)
class Agreement:
    """`kappa` is Cohen's: agreement beyond chance; None where chance alone would agree always."""

    rate: Rate
    kappa: Decimal | None


def agreement(pairs: Iterable[tuple[str, str]]) -> Agreement:
    """Of pairs of decided readings (true or first, answered or second); others do not count."""
    counted = [pair for pair in pairs if set(pair) <= set(DECIDED)]
    n = len(counted)
    same = sum(one == other for one, other in counted)
    if not n:
        return Agreement(Rate(), None)
    first, second = Counter(one for one, _ in counted), Counter(other for _, other in counted)
    chance = sum((Decimal(first[each]) * second[each] for each in DECIDED), Decimal(0)) / (n * n)
    kappa = None if chance == 1 else ((Decimal(same) / n - chance) / (1 - chance)).quantize(Decimal("0.01"))
    return Agreement(Rate(same, n), kappa)
