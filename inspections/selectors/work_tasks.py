"""Tasks as officers look at them: by state, kind, town, source, person; and the story of one."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from inspections.models import Claim, Task
from inspections.selectors.places_to_visit import LIVE
from kit.refusals import NotFound
from registry.actors import Actor

GOING_ON = "going_on"
OVERDUE = "overdue"


@dataclass(frozen=True, kw_only=True)
class Narrowing:
    """Empty means everything. `state` is one of the states, `going_on` or `overdue`; `q` is a place, a title or a
    person's name."""

    q: str = ""
    state: str = ""
    kind: str = ""
    town: str = ""
    source: str = ""
    campaign: str = ""
    person: str = ""


def tasks_for(actor: Actor) -> QuerySet[Task]:
    found = Task.objects.visible_to(actor)
    return found.select_related("kind", "place__market", "town", "campaign").order_by("-made_at", "-pk")


def narrowed(tasks: QuerySet[Task], by: Narrowing, at: dt.datetime) -> QuerySet[Task]:
    exact = {"kind__code": by.kind, "town": by.town, "source": by.source, "campaign": by.campaign}
    tasks = tasks.filter(**{field: value for field, value in exact.items() if value})
    if by.state == GOING_ON:
        tasks = tasks.filter(state__in=LIVE)
    elif by.state == OVERDUE:
        tasks = tasks.filter(state__in=LIVE, due_at__lt=at).exclude(state=Task.State.SUBMITTED)
    elif by.state:
        tasks = tasks.filter(state=by.state)
    if by.person:
        tasks = tasks.filter(pk__in=Claim.objects.filter(coordinator=by.person).values("task_id"))
    if q := by.q.strip():
        who = Claim.objects.filter(coordinator__account__name__icontains=q).values("task_id")
        what = Q(title__icontains=q) | Q(place__name__icontains=q) | Q(place__stall_no__istartswith=q)
        tasks = tasks.filter(what | Q(pk__in=who))
    return tasks


def with_holders(tasks: QuerySet[Task]) -> QuerySet[Task]:
    """Each with its claims, the latest first, and who held them."""
    return tasks.prefetch_related("claims__coordinator__account")


def task_for(actor: Actor, task_id: UUID) -> Task:
    """Raises NotFound for a missing one and for one out of reach alike."""
    found = tasks_for(actor).filter(pk=task_id)
    task = found.select_related(
        "kind", "place__market", "place__organisation", "town", "campaign", "checklist", "budget", "made_by",
        "assigned_to__account", "finding", "repeats", "grid",
    ).first()  # fmt: skip
    if task is None:
        raise NotFound()
    return task


@dataclass(frozen=True)
class Event:
    """`what` names the words at the door; `who` and `note` fill them in."""

    at: dt.datetime
    what: str
    who: str = ""
    note: str = ""
    late: bool = False


def story(task: Task) -> list[Event]:
    """Everything that happened to a task, in order."""
    found = [Event(task.made_at, "made", getattr(task.made_by, "name", ""), task.source)]
    found += _claims(task) + _refusals(task) + _visits(task) + _reviews(task)
    if task.cancelled_at:
        found.append(Event(task.cancelled_at, "cancelled", note=task.cancel_reason))
    return sorted(found, key=lambda event: event.at)


def _claims(task: Task) -> list[Event]:
    found = []
    for claim in _of(task, "claims").select_related("coordinator__account"):
        who = claim.coordinator.account.name
        found.append(Event(claim.claimed_at, "given" if claim.assigned else "taken", who))
        if claim.released_at and claim.end_reason not in (Claim.End.SUBMITTED, Claim.End.CANCELLED):
            found.append(Event(claim.released_at, claim.end_reason, who, getattr(claim, "note", "")))
    return found


def _refusals(task: Task) -> list[Event]:
    rows = _of(task, "refusals").select_related("coordinator__account")
    return [Event(each.at, "assignment_refused", each.coordinator.account.name, each.reason) for each in rows]


def _visits(task: Task) -> list[Event]:
    found = []
    for claim in _of(task, "claims").prefetch_related("check_ins").select_related("coordinator__account"):
        who = claim.coordinator.account.name
        found += [Event(each.at, "arrived", who, each.outcome) for each in claim.check_ins.all()]
    for each in _of(task, "submissions").select_related("coordinator__account"):
        found.append(Event(each.received_at, "submitted", each.coordinator.account.name, each.outcome, late=each.late))
    return found


def _reviews(task: Task) -> list[Event]:
    rows = _of(task, "reviews").select_related("reviewer")
    return [Event(each.at, f"review_{each.outcome}", getattr(each.reviewer, "name", ""), each.reason) for each in rows]


def _of(task: Task, name: str) -> Any:
    return getattr(task, name).filter(district_id=task.district_id)
