"""May this person take this task now? Every rule in one table, each refusal with its name. No database, no clock.

The order is the order in which a person would want to hear it: about oneself first, then about the task.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from uuid import UUID

from inspections.work_policies import Grabbing


class Rule(StrEnum):
    """Why not. Each is a code of a refusal and has its words at the door."""

    NOT_ACTIVE = "not_active"
    PAUSED = "paused"
    COOLING = "cooling"
    RELEASED_TOO_OFTEN = "released_too_often"
    QUOTA = "quota"
    DAY_QUOTA = "day_quota"
    LEVEL = "level"
    KIND = "kind"
    TRAINING = "training"
    CONFLICT = "conflict"
    EXCLUDED = "excluded"
    ROTATION = "rotation"
    TOWN_FIRST = "town_first"
    OVER = "over"
    TAKEN = "taken"
    ASSIGNED = "assigned_to_another"


@dataclass(frozen=True, kw_only=True)
class Person:
    """What is known of who asks: `courses` passed and still valid, `conflicts` the places to stay away from."""

    coordinator_id: UUID
    active: bool
    paused_until: date | None
    cool_until: datetime | None
    level: int
    kind: str
    town: str | None
    open_claims: int
    done_today: int
    courses: frozenset[str] = frozenset()
    conflicts: frozenset[UUID] = frozenset()


@dataclass(frozen=True, kw_only=True)
class Offer:
    """What is known of the task. `last_visitors`: who did the last visits of this place, newest first."""

    open: bool
    due_at: datetime
    place_id: UUID | None
    town: str
    town_first_until: datetime | None
    min_level: int
    kinds: frozenset[str] = frozenset()
    course: str = ""
    excluded: frozenset[UUID] = frozenset()
    assigned_to: UUID | None = None
    last_visitors: tuple[UUID, ...] = ()


def refusal(person: Person, offer: Offer, policy: Grabbing, now: datetime) -> Rule | None:
    """The first rule that forbids it, or None."""
    return about_oneself(person, policy, now) or _of_pair(person, offer, policy) or _of_task(person, offer, now)


def quota(person: Person, policy: Grabbing) -> int:
    return policy.open_claims_level_1 if person.level <= 1 else policy.open_claims


ABOUT_ONESELF = frozenset({
    Rule.NOT_ACTIVE, Rule.PAUSED, Rule.COOLING, Rule.RELEASED_TOO_OFTEN, Rule.QUOTA, Rule.DAY_QUOTA,
})  # fmt: skip
"""Whoever hears one of these may take nothing else either."""


def may_be_given(person: Person, offer: Offer, policy: Grabbing, now: datetime) -> Rule | None:
    """The first rule that forbids to assign it to that person. Quotas and waits are of those who take by themselves."""
    if not person.active:
        return Rule.NOT_ACTIVE
    if _paused(person, now):
        return Rule.PAUSED
    return _of_pair(person, offer, policy) or _of_time(offer, now)


def _paused(person, now):
    return person.paused_until is not None and now.date() <= person.paused_until


def about_oneself(person: Person, policy: Grabbing, now: datetime) -> Rule | None:
    """The first rule by which this person may take nothing at all now."""
    if not person.active:
        return Rule.NOT_ACTIVE
    if _paused(person, now):
        return Rule.PAUSED
    if person.cool_until and now < person.cool_until:
        short = person.cool_until - now <= timedelta(seconds=policy.cool_down_seconds)
        return Rule.COOLING if short else Rule.RELEASED_TOO_OFTEN
    if person.open_claims >= quota(person, policy):
        return Rule.QUOTA
    if person.done_today >= policy.done_a_day:
        return Rule.DAY_QUOTA
    return None


def _of_pair(person, offer, policy):
    if person.level < offer.min_level:
        return Rule.LEVEL
    if offer.kinds and person.kind not in offer.kinds:
        return Rule.KIND
    if offer.course and offer.course not in person.courses:
        return Rule.TRAINING
    if offer.place_id and offer.place_id in person.conflicts:
        return Rule.CONFLICT
    if person.coordinator_id in offer.excluded:
        return Rule.EXCLUDED
    if rotated_out(person.coordinator_id, offer.last_visitors, policy):
        return Rule.ROTATION
    return None


def _of_task(person, offer, now):
    if rule := _of_time(offer, now):
        return rule
    if offer.assigned_to and offer.assigned_to != person.coordinator_id:
        return Rule.ASSIGNED
    own = person.town is None or person.town == offer.town
    if not own and not offer.assigned_to and offer.town_first_until and now < offer.town_first_until:
        return Rule.TOWN_FIRST
    return None


def _of_time(offer, now):
    if now >= offer.due_at:
        return Rule.OVER
    return None if offer.open else Rule.TAKEN


def rotated_out(coordinator_id: UUID, last_visitors: tuple[UUID, ...], policy: Grabbing) -> bool:
    """Not the same person twice in a row on a place, nor more than `rotation_most` of `rotation_window` visits."""
    if last_visitors[:1] == (coordinator_id,):
        return True
    recent = last_visitors[: max(0, policy.rotation_window - 1)]
    return recent.count(coordinator_id) >= policy.rotation_most
