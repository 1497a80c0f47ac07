"""What tests of taking tasks share."""

from __future__ import annotations

import datetime as dt

from inspections.models import Claim, Coordinator, Task
from inspections.services.claim import claim_task
from inspections.services.release import release_task
from kit import clock
from kit.ids import uuid7
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
