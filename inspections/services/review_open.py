"""An order is open at one reviewer at a time: whoever opens it has it for some minutes, by one conditional UPDATE."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import transaction
from django.db.models import Q

from inspections.models import Task
from inspections.refusals import OpenElsewhere
from inspections.selectors.policies import policy
from inspections.selectors.review_queue import waiting
from kit import clock
from registry.actors import Actor
from registry.permissions import require, require_role

CANDIDATES = 20
CLOSED: dict[str, Any] = {"reviewing_by": None, "reviewing_since": None, "reviewing_until": None}
"""Columns of an order that nobody has open."""


@transaction.atomic
def open_next(actor: Actor) -> Task | None:
    """The next order for this reviewer, now open at him; one that he has open already comes first. None: none waits."""
    require_role(actor, "review_work")
    at = clock.now()
    found = waiting(actor)
    mine = found.filter(reviewing_by_id=actor.account_id, reviewing_until__gt=at).first()
    if mine:
        return mine
    free = found.filter(Q(reviewing_by__isnull=True) | Q(reviewing_until__lte=at))
    return next((task for task in free[:CANDIDATES] if _take(actor, task, at)), None)


@transaction.atomic
def open_order(actor: Actor, *, task: Task) -> Task:
    """Open this one. Raises `OpenElsewhere` while another reviewer has it."""
    require(actor, "review_work", town=task.town_id)
    if not _take(actor, task, clock.now()):
        raise OpenElsewhere
    task.refresh_from_db(fields=list(CLOSED))
    return task


@transaction.atomic
def put_back(actor: Actor, *, task: Task) -> None:
    """Leave it to others. Whoever does not have it open changes nothing."""
    require(actor, "review_work", town=task.town_id)
    own = Task.objects.filter(district_id=task.district_id, pk=task.pk, reviewing_by_id=actor.account_id)
    own.update(**CLOSED)


def _take(actor: Actor, task: Task, at: dt.datetime) -> bool:
    """Of two reviewers who ask at once, one has it. Asked again, the own one stays open from when it was opened."""
    minutes = dt.timedelta(minutes=policy(task.district_id, "reviewing", at).open_minutes)
    row = Task.objects.filter(district_id=task.district_id, pk=task.pk, state=Task.State.SUBMITTED)
    if row.filter(reviewing_by_id=actor.account_id, reviewing_until__gt=at).update(reviewing_until=at + minutes):
        return True
    free = row.filter(Q(reviewing_by__isnull=True) | Q(reviewing_until__lte=at))
    taken = free.update(reviewing_by_id=actor.account_id, reviewing_since=at, reviewing_until=at + minutes)
    return bool(taken)


def is_open_at(task: Task, actor: Actor, at: dt.datetime) -> bool:
    return task.reviewing_by_id == actor.account_id and task.reviewing_until is not None and task.reviewing_until > at


def is_open_elsewhere(task: Task, actor: Actor, at: dt.datetime) -> bool:
    held = task.reviewing_until is not None and task.reviewing_until > at
    return held and task.reviewing_by_id != actor.account_id
