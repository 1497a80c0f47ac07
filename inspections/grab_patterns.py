"""Taking that no thumb makes: signs in a person's attempts. A sign is a question, never a verdict."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import pairwise
from statistics import mean, median, pstdev

WON = "won"
TOO_FAST = "too_fast"
INSTANT_MS = 500
INSTANT_TIMES = 3
"""So often within half a second of publishing: once is luck."""

SECOND = timedelta(seconds=1)
HASTY_TIMES = 2
STEADY_GAPS = 8
STEADY_SPREAD = 0.03
"""So many intervals in a row, spread by less than this share of their mean: a timer, not a person."""

BREAK = timedelta(minutes=10)


class Sign(StrEnum):
    INSTANT = "instant"
    HASTY = "hasty"
    STEADY = "steady"


@dataclass(frozen=True)
class Attempt:
    """`after_ms`: since the task was published; None when that is not known."""

    at: datetime
    outcome: str
    after_ms: int | None


@dataclass(frozen=True)
class Pattern:
    attempts: int
    won: int
    median_s: float | None
    quickest_s: float | None
    instant: int
    hasty: int
    steady: int
    """The longest run of equal intervals."""

    @property
    def lost(self) -> int:
        return self.attempts - self.won

    @property
    def signs(self) -> tuple[Sign, ...]:
        found = {
            Sign.INSTANT: self.instant >= INSTANT_TIMES,
            Sign.HASTY: self.hasty >= HASTY_TIMES,
            Sign.STEADY: self.steady >= STEADY_GAPS,
        }
        return tuple(sign for sign, there in found.items() if there)


def pattern(attempts: Sequence[Attempt]) -> Pattern:
    """Of one person's attempts, in any order."""
    attempts = sorted(attempts, key=lambda attempt: attempt.at)
    after = [attempt.after_ms for attempt in attempts if attempt.after_ms is not None]
    gaps = [later.at - earlier.at for earlier, later in pairwise(attempts)]
    return Pattern(
        attempts=len(attempts),
        won=sum(attempt.outcome == WON for attempt in attempts),
        median_s=median(after) / 1000 if after else None,
        quickest_s=min(after) / 1000 if after else None,
        instant=sum(each < INSTANT_MS for each in after),
        hasty=sum(gap < SECOND for gap in gaps),
        steady=longest_steady(gaps),
    )


def longest_steady(gaps: Sequence[timedelta]) -> int:
    """The longest run of intervals that are as good as equal; a break begins anew."""
    best = 0
    run: list[float] = []
    for gap in (each.total_seconds() for each in gaps):
        run = [*run, gap] if gap <= BREAK.total_seconds() else []
        while len(run) > 1 and pstdev(run) > STEADY_SPREAD * mean(run):
            run = run[1:]
        best = max(best, len(run))
    return best if best > 1 else 0
