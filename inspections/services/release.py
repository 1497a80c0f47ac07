"""放弃与拒绝: giving a task back, with its reason; refusing one that was assigned."""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from inspections.models import AssignmentRefusal, Claim, Coordinator, Task
from inspections.refusals import LeaseOver, NotAssigned, SayWhy
from inspections.selectors.policies import policy
from inspections.selectors.pool import given_back_today
from inspections.services.leases import lock_person, lock_task, put_back
from inspections.work_policies import Grabbing
from kit import clock
from kit.refusals import NotFound
from registry.actors import Actor
from registry.services.notices import notify

REASON_LENGTH = 200


@transaction.atomic
def release_task(actor: Actor, *, claim: Claim, reason: str) -> Claim:
    """Back into the pool. One waits a little before taking another; too many times a day, a day.

    A second time it changes nothing. Raises `LeaseOver` when it was not in one's hands any more, `SayWhy`.
    """
    reason = said(reason)
    person = lock_person(actor, claim.district_id)
    own = Claim.objects.filter(district_id=claim.district_id, pk=claim.pk, coordinator=person)
    task_id = own.values_list("task_id", flat=True).first()
    if task_id is None:
        raise NotFound()
    task = lock_task(task_id, claim.district_id)
    at = clock.now()
    held = own.filter(released_at__isnull=True, lease_until__gt=at)
    if held.update(released_at=at, end_reason=Claim.End.RELEASED, note=reason):
        rules: Grabbing = policy(claim.district_id, "grabbing", at)
        put_back(task, at, rules)
        _cool(person, at, rules)
    ended = own.get()
    if ended.end_reason != Claim.End.RELEASED:
        raise LeaseOver
    return ended


@transaction.atomic
def refuse_assignment(actor: Actor, *, task: Task, reason: str) -> Task:
    """Not taken by the one it was given to, who is not asked again; the pool has it, and the publisher is told.

    A second time it changes nothing. Raises `NotAssigned`, `SayWhy`.
    """
    reason = said(reason)
    person = lock_person(actor, task.district_id)
    found = lock_task(task.pk, task.district_id)
    told_before = AssignmentRefusal.objects.filter(district_id=task.district_id, task=found, coordinator=person)
    if found.assigned_to_id != person.pk or found.state != Task.State.OPEN:
        if told_before.exists():
            return found
        raise NotAssigned
    if not told_before.exists():
        AssignmentRefusal.objects.create(
            district_id=task.district_id, task=found, coordinator=person, reason=reason, at=clock.now()
        )
    found.excluded = [*found.excluded, person.pk]
    found.assigned_to = None
    found.save(update_fields=["excluded", "assigned_to"])
    _tell_publisher(found, person, reason)
    return found


def said(reason: str) -> str:
    """Raises SayWhy."""
    reason = " ".join(reason.split())[:REASON_LENGTH]
    if not reason:
        raise SayWhy(fields={"reason": SayWhy.message})
    return reason


def _cool(person: Coordinator, at: dt.datetime, rules: Grabbing) -> None:
    too_often = given_back_today(person, at) > rules.free_releases_a_day
    wait = dt.timedelta(hours=rules.release_pause_hours) if too_often else dt.timedelta(seconds=rules.cool_down_seconds)
    Coordinator.objects.filter(district_id=person.district_id, pk=person.pk).update(cool_until=at + wait)


def _tell_publisher(task: Task, person: Coordinator, reason: str) -> None:
    if task.made_by_id:
        notify(
            [task.made_by_id],
            district_id=task.district_id,
            kind="assignment_refused",
            once_key=f"assignment_refused:{task.pk}:{person.pk}",
            data={"title": task.title, "who": person.account.name, "reason": reason},
        )
