"""预审: what a machine notices about a record before a person looks. Flags with a weight, never a verdict. No database.

A flag says where to look first. None of them takes a fen from anybody: that is for a reviewer, with a reason.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

SECONDS_AN_ITEM = 6
"""Nobody looks, answers and goes on in less."""
MANY_ITEMS = 4
"""Below it, one answers without it meaning anything."""
SAME_TEXT_LENGTH = 8
FLAT_BITS = 4
"""A picture whose hash has fewer bits of either kind shows nothing: darkness, a wall. All such look alike."""


class Kind(StrEnum):
    ARRIVAL_FAILED = "arrival_failed"
    ARRIVAL_UNSURE = "arrival_unsure"
    NO_ARRIVAL = "no_arrival"
    PHOTOS_FAR = "photos_far"
    SHORT_STAY = "short_stay"
    FEW_PHOTOS = "few_photos"
    SAME_PHOTO = "same_photo"
    ALIKE_PHOTO = "alike_photo"
    NOT_LOOKED_AT = "not_looked_at"
    TOO_FAST = "too_fast"
    SAME_TEXT = "same_text"
    LATE = "late"
    ORPHAN = "orphan"


WEIGHTS: Mapping[Kind, int] = {
    Kind.SAME_PHOTO: 10,
    Kind.ALIKE_PHOTO: 7,
    Kind.ARRIVAL_FAILED: 6,
    Kind.NO_ARRIVAL: 5,
    Kind.PHOTOS_FAR: 5,
    Kind.SHORT_STAY: 4,
    Kind.TOO_FAST: 4,
    Kind.SAME_TEXT: 4,
    Kind.FEW_PHOTOS: 3,
    Kind.NOT_LOOKED_AT: 2,
    Kind.ARRIVAL_UNSURE: 2,
    Kind.LATE: 2,
    Kind.ORPHAN: 1,
}


@dataclass(frozen=True)
class Found:
    kind: Kind
    data: dict[str, Any] = field(default_factory=dict)

    @property
    def weight(self) -> int:
        return WEIGHTS[self.kind]


@dataclass(frozen=True)
class Arrival:
    outcome: str
    why: str
    phone_at: dt.datetime
    distance_m: int | None


@dataclass(frozen=True, kw_only=True)
class Record:
    """What arrived. `answers` by item code: their results; `far_m`: distances of photos taken outside the fence;
    `same`, `alike`: photos seen before, each {"photo", "earlier", "how", …}; `same_texts`: texts written before."""

    has_place: bool
    seen: bool
    arrivals: Sequence[Arrival] = ()
    started_at: dt.datetime
    finished_at: dt.datetime
    min_stay_minutes: int
    photos: int
    min_photos: int
    answers: Mapping[str, str] = field(default_factory=dict)
    asked: Collection[str] = ()
    far_m: Sequence[int] = ()
    same: Sequence[dict[str, Any]] = ()
    alike: Sequence[dict[str, Any]] = ()
    same_texts: Sequence[dict[str, Any]] = ()
    late: bool = False
    orphan: bool = False


def flags(record: Record) -> list[Found]:
    """Heaviest first."""
    every = [*_of_arrival(record), *_of_time(record), *_of_photos(record), *_of_answers(record), *_of_lease(record)]
    return sorted(every, key=lambda found: -found.weight)


def _of_arrival(record: Record) -> Iterator[Found]:
    """The best arrival counts: who scanned the wrong code first and the right one then has arrived."""
    if not record.has_place:
        return
    if not record.arrivals:
        yield Found(Kind.NO_ARRIVAL)
        return
    best = min(record.arrivals, key=lambda arrival: ("success", "skipped", "failure").index(arrival.outcome))
    data = {"why": best.why, "distance_m": best.distance_m}
    if best.outcome == "failure":
        yield Found(Kind.ARRIVAL_FAILED, data)
    elif best.outcome == "skipped":
        yield Found(Kind.ARRIVAL_UNSURE, data)


def _of_time(record: Record) -> Iterator[Found]:
    if not record.seen:
        return
    if record.has_place and record.arrivals:
        minutes = stay_minutes(record)
        if minutes < record.min_stay_minutes:
            yield Found(Kind.SHORT_STAY, {"minutes": minutes, "least": record.min_stay_minutes})
    seconds = int((record.finished_at - record.started_at).total_seconds())
    count = len(record.answers)
    if count >= MANY_ITEMS and seconds < SECONDS_AN_ITEM * count:
        yield Found(Kind.TOO_FAST, {"seconds": seconds, "items": count})


def stay_minutes(record: Record) -> int:
    """From the first arrival to the end, by the phone's clock alone: two clocks are not compared."""
    first = min(arrival.phone_at for arrival in record.arrivals)
    return max(0, int((record.finished_at - first).total_seconds() // 60))


def _of_photos(record: Record) -> Iterator[Found]:
    if record.seen and record.photos < record.min_photos:
        yield Found(Kind.FEW_PHOTOS, {"photos": record.photos, "least": record.min_photos})
    if record.far_m:
        yield Found(Kind.PHOTOS_FAR, {"photos": len(record.far_m), "distance_m": max(record.far_m)})
    yield from (Found(Kind.SAME_PHOTO, each) for each in record.same)
    yield from (Found(Kind.ALIKE_PHOTO, each) for each in record.alike)


def _of_answers(record: Record) -> Iterator[Found]:
    if record.seen:
        blank = sorted(code for code in record.asked if record.answers.get(code, "unseen") == "unseen")
        if blank:
            yield Found(Kind.NOT_LOOKED_AT, {"items": blank})
    yield from (Found(Kind.SAME_TEXT, each) for each in record.same_texts)


def _of_lease(record: Record) -> Iterator[Found]:
    if record.late:
        yield Found(Kind.LATE)
    if record.orphan:
        yield Found(Kind.ORPHAN)


def tells_apart(dhash: int | None) -> bool:
    """Whether a picture shows enough for its likeness to mean anything."""
    if dhash is None:
        return False
    ones = (dhash % (1 << 64)).bit_count()
    return FLAT_BITS <= ones <= 64 - FLAT_BITS


def plain_text(text: str) -> str:
    """A text without what differs by chance: spaces, points and case."""
    return "".join(each for each in text.lower() if each.isalnum())
