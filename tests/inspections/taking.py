"""What tests of taking tasks share."""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from inspections.models import Claim, Coordinator, Task
from inspections.refusals import LeaseOver
from inspections.services.claim import claim_task
from inspections.services.leases import lock_person, lock_task
from inspections.services.release import release_task
from inspections.states import TASK
from kit import clock
from kit.ids import uuid7
from kit.transitions import move
from registry.models import Place
from registry.selectors.actors import actor_for

REASON = "来不及去"


def take(coordinator: Coordinator, task: Task, key=None) -> Claim:
    actor = actor_for(coordinator.account)
    return claim_task(actor, task_id=task.pk, district_id=task.district_id, client_key=key or uuid7())


def give_back(claim: Claim, reason: str = REASON) -> Claim:
    return release_task(actor_for(claim.coordinator.account), claim=claim, reason=reason)


def lapse(claim: Claim) -> None:
    """Let its lease run out a minute ago."""
    Claim.objects.filter(pk=claim.pk).update(lease_until=clock.now() - dt.timedelta(minutes=1))


def stands_at(place: Place, latitude: float, longitude: float) -> Place:
    Place.objects.filter(pk=place.pk).update(latitude=latitude, longitude=longitude)
    place.refresh_from_db()
    return place


def state(task: Task) -> str:
    return Task.objects.get(pk=task.pk).state


def hand_in(claim: Claim) -> None:
    """What handing in does to claim and task: the fence of the lease, then the state, in the lock order of `leases`."""
    with transaction.atomic():
        lock_person(actor_for(claim.coordinator.account), claim.district_id)
        task = lock_task(claim.task_id, claim.district_id)
        at = clock.now()
        held = Claim.objects.filter(pk=claim.pk, released_at__isnull=True, lease_until__gt=at)
        if not held.update(released_at=at, end_reason="submitted"):
            raise LeaseOver
        move(task, TASK, "submitted", submitted_at=at)
