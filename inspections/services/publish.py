"""复核抽查: the same visit once more, by an inspector who had no hand in it."""

from __future__ import annotations

import datetime as dt
from uuid import uuid5

from inspections.models import Claim, Task, TaskKind
from kit import clock


def publish_blind(task: Task) -> Task | None:
    """Once for each task; None where the district has no such kind of task."""
    at = clock.now()
    kinds = TaskKind.objects.filter(district_id=task.district_id, code="BLIND", retired=False, effective_from__lte=at)
    kind = kinds.order_by("-version").first()
    if kind is None:
        return None
    hands = Claim.objects.filter(district_id=task.district_id, task_id=task.pk).values_list("coordinator_id", flat=True)
    blind, _made = Task.objects.get_or_create(
        district_id=task.district_id,
        client_key=uuid5(task.pk, "blind"),
        defaults={
            "state": Task.State.OPEN,
            "kind": kind,
            "title": kind.name,
            "place_id": task.place_id,
            "town_id": task.town_id,
            "checklist_id": task.checklist_id,
            "source": Task.Source.BLIND,
            "repeats": task,
            "price_fen": kind.base_fen,
            "excluded": sorted(set(hands)),
            "made_at": at,
            "published_at": at,
            "town_first_until": at,
            "due_at": at + dt.timedelta(hours=kind.hours),
        },
    )
    return blind
