"""Rules of a visit: where one stood when one arrived, and what a record still lacks. No database, no clock."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from inspections.visit_content import PROMOTION, SIGNATURE, UNSEEN, Answer, Visit
from inspections.work_policies import OnSite
from kit import geo

CLOCK_SLACK = dt.timedelta(minutes=5)
STAY = dt.timedelta(hours=2)
"""What an arrival gives at least to finish."""


class Why(StrEnum):
    """What kept an arrival from being confirmed; every one is allowed, and marked."""

    NONE = ""
    OTHER_CODE = "other_code"
    FAR = "far"
    OUT_OF_TIME = "out_of_time"
    REFUSED = "refused"
    NO_CONSENT = "no_consent"
    WEAK = "weak"
    NOT_SCANNED = "not_scanned"
    NO_MAP = "no_map"
    NO_PLACE = "no_place"


@dataclass(frozen=True)
class Position:
    """Degrees, and how far it may be off."""

    latitude: float
    longitude: float
    accuracy_m: int

    def __post_init__(self) -> None:
        if not (abs(self.latitude) <= 90 and abs(self.longitude) <= 180 and 0 <= self.accuracy_m < 10**7):
            raise ValueError("position")

    def __str__(self) -> str:
        return f"{self.latitude:.5f},{self.longitude:.5f}"


@dataclass(frozen=True, kw_only=True)
class Arrival:
    """`scanned`: None without a scan, else whether it was this place's code. `distance_m` None where unknown."""

    has_place: bool
    scanned: bool | None
    accuracy_m: int | None
    distance_m: int | None
    consent: bool
    fence_m: int
    in_time: bool


def distance_m(here: Position, latitude: float, longitude: float) -> int:
    """Metres on the ground."""
    return round(geo.distance_m((here.latitude, here.longitude), (latitude, longitude)))


def in_time(phone_at: dt.datetime, *, since: dt.datetime, until: dt.datetime, now: dt.datetime, rules: OnSite) -> bool:
    """Whether one arrived while one held the task, by the phone's clock, which may not run ahead of ours."""
    until += dt.timedelta(minutes=rules.late_by_minutes)
    return since - CLOCK_SLACK <= phone_at <= min(until, now + CLOCK_SLACK)


def verdict(arrival: Arrival, rules: OnSite) -> tuple[str, Why]:
    """`success`, `failure` or `skipped`, and why. A scan alone proves nothing, a position alone neither."""
    if arrival.scanned is False:
        return "failure", Why.OTHER_CODE
    if arrival.distance_m is not None and arrival.distance_m - min(arrival.accuracy_m or 0, rules.weak_accuracy_m) > (
        arrival.fence_m
    ):
        return "failure", Why.FAR
    if not arrival.in_time:
        return "failure", Why.OUT_OF_TIME
    return ("skipped", why) if (why := _unconfirmed(arrival, rules)) else ("success", Why.NONE)


def _unconfirmed(arrival: Arrival, rules: OnSite) -> Why:
    if not arrival.has_place:
        return Why.NO_PLACE
    if not arrival.consent:
        return Why.NO_CONSENT
    if arrival.accuracy_m is None:
        return Why.REFUSED
    if arrival.accuracy_m > rules.weak_accuracy_m:
        return Why.WEAK
    if arrival.distance_m is None:
        return Why.NO_MAP
    return Why.NONE if arrival.scanned else Why.NOT_SCANNED


class Lack(StrEnum):
    """What is still to do before a record can be sent."""

    ANSWER = "answer"
    TEXT = "text"
    PHOTO = "photo"
    MEASURE = "measure"
    DAYS = "days"
    VALUE = "value"
    PHOTOS = "photos"
    SIGNATURE = "signature"
    PROMOTION = "promotion"


@dataclass(frozen=True)
class Item:
    code: str
    evidence: str = "none"


@dataclass(frozen=True)
class Asked:
    """What a task asks for. `signed`: the operator is asked to sign."""

    items: Sequence[Item]
    min_photos: int
    promotion: bool
    signed: bool


def lacks(visit: Visit, asked: Asked) -> list[tuple[str, Lack]]:
    """(item code, what), in the order of the form; empty when it can be sent."""
    return list(_of_visit(visit, asked) if visit.seen else _of_unseen(visit))


def _of_unseen(visit: Visit) -> Iterator[tuple[str, Lack]]:
    answer = next((each for each in visit.answers if each.code == UNSEEN), None)
    if answer is None or not answer.text:
        yield UNSEEN, Lack.TEXT
    if answer is None or not answer.photos:
        yield UNSEEN, Lack.PHOTO


def _of_visit(visit: Visit, asked: Asked) -> Iterator[tuple[str, Lack]]:
    answers = {answer.code: answer for answer in visit.answers}
    for item in asked.items:
        answer = answers.get(item.code)
        if answer is None:
            yield item.code, Lack.ANSWER
        else:
            yield from ((item.code, lack) for lack in of_answer(answer, item))
    if asked.promotion and not all(visit.promotion.get(name) for name in ("place", "audience", "material")):
        yield PROMOTION, Lack.PROMOTION
    if len(visit.manifest) < asked.min_photos:
        yield "", Lack.PHOTOS
    if asked.signed and not (visit.signed_by and visit.signature_sha256 or visit.sign_refusal):
        yield SIGNATURE, Lack.SIGNATURE


def of_answer(answer: Answer, item: Item) -> Iterator[Lack]:
    """A failing item is shown, told, and has a measure; some items ask for evidence even when they pass."""
    if answer.result in ("na", "unseen"):
        return
    failing = answer.result == "fail"
    if (failing or item.evidence == "text") and not answer.text:
        yield Lack.TEXT
    if (failing or item.evidence == "photo") and not answer.photos:
        yield Lack.PHOTO
    if item.evidence == "number" and not answer.value:
        yield Lack.VALUE
    if failing and not answer.measure:
        yield Lack.MEASURE
    if failing and answer.measure == "deadline" and not answer.days:
        yield Lack.DAYS
