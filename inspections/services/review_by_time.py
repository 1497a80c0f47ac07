"""到期自动通过: nobody decided in time, so the work counts, marked for sampling. Waiting is not the worker's fault."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from django.db import transaction

from inspections.models import Coordinator, Review, Task
from inspections.review_rules import ACCEPTING
from inspections.selectors.policies import policy
from inspections.selectors.review_queue import record_of
from inspections.services.verdicts import carry_out
from kit import clock, workdays

A_ROUND = 200


def accept_by_time() -> int:
    """May run twice; returns how many orders were accepted."""
    waiting = Task.objects.filter(state=Task.State.SUBMITTED, submitted_at__isnull=False).order_by("submitted_at")
    return sum(_accept(*each) for each in waiting.values_list("district_id", "pk")[:A_ROUND])


def due_on(task: Task, days: int) -> dt.date:
    """The last day on which a decision is in time."""
    day = task.submitted_at.astimezone(clock.now().tzinfo).date()
    return workdays.expected_working_day(day, days).day


@transaction.atomic
def _accept(district_id: str, task_id: UUID) -> bool:
    at = clock.now()
    task = _lock(district_id, task_id)
    if task is None or at.date() <= due_on(task, policy(district_id, "reviewing", at).decide_working_days):
        return False
    record = record_of(task)
    if record is None:
        return False
    first = Review.objects.filter(district_id=district_id, submission_id=record.pk).first()
    if first is not None and first.outcome not in ACCEPTING:
        return False  # a suspicion is never decided by time: a second person has to look
    carry_out(_write(task, record, first, at), task, record, at)
    return True


def _lock(district_id: str, task_id: UUID) -> Task | None:
    """The order with its person, the person first; None while somebody is deciding on it, or has."""
    seen = record_of(Task(district_id=district_id, pk=task_id))
    if seen is None:
        return None
    people = Coordinator.objects.filter(district_id=district_id, pk=seen.coordinator_id)
    rows = Task.objects.filter(district_id=district_id, pk=task_id, state=Task.State.SUBMITTED)
    if people.select_for_update(no_key=True, skip_locked=True).first() is None:
        return None
    return rows.select_for_update(no_key=True, skip_locked=True).first()


def _write(task: Task, record, first: Review | None, at: dt.datetime) -> Review:
    """In full; or as the first reviewer said, where only the second one is missing."""
    return Review.objects.create(
        district_id=task.district_id,
        task=task,
        submission=record,
        outcome=first.outcome if first else Review.Outcome.FULL,
        deduct_percent=first.deduct_percent if first else 0,
        reason=first.reason if first else "",
        items=first.items if first else [],
        coordinator_account=record.coordinator.account_id,
        second=first is not None,
        automatic=True,
        to_sample=True,
        at=at,
    )
