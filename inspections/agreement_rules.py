"""复核一致: two people looked at the same place; how far do they say the same? No database.

Plain agreement is easy to read and easy to reach: where one item in twenty fails, whoever never looks agrees 95 times
in a hundred. Cohen's kappa takes away what agrees by chance: 0 is no better than guessing, 1 the same every time.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

COMPARED = frozenset({"pass", "fail"})
Pair = tuple[str, str]


@dataclass(frozen=True)
class Agreement:
    """`n` items compared, `same` of them answered alike. `kappa` is None where one answer alone ever occurs: then
    agreeing proves nothing."""

    n: int
    same: int
    kappa: float | None

    @property
    def plain(self) -> float | None:
        return self.same / self.n if self.n else None


def pairs(first: Mapping[str, str], second: Mapping[str, str]) -> list[Pair]:
    """Items both have looked at; "does not apply" and "not looked at" are no answers."""
    both = sorted(first.keys() & second.keys())
    return [(first[code], second[code]) for code in both if {first[code], second[code]} <= COMPARED]


def agreement(compared: Iterable[Pair]) -> Agreement:
    every = list(compared)
    n, same = len(every), sum(one == other for one, other in every)
    return Agreement(n, same, _kappa(every, n, same))


def _kappa(every: list[Pair], n: int, same: int) -> float | None:
    if not n:
        return None
    passes = sum(one == "pass" for one, _ in every), sum(other == "pass" for _, other in every)
    by_chance = passes[0] * passes[1] + (n - passes[0]) * (n - passes[1])
    if by_chance == n * n:
        return None
    return (n * same - by_chance) / (n * n - by_chance)
