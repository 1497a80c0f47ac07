"""What must be known to say whether a person may take a task: gathered in two queries, both of one district."""

from __future__ import annotations

import datetime as dt

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Count, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce

from inspections.claim_rules import Offer, Person
from inspections.models import Claim, Conflict, Coordinator, ExamResult, Task

VISITS_KEPT = 5


def with_standing(coordinators, at: dt.datetime):
    """Coordinators with what they hold and did today, and what they have passed; nothing is locked by it."""
    start_of_day = at.replace(hour=0, minute=0, second=0, microsecond=0)
    own = Claim.objects.filter(district_id=OuterRef("district_id"), coordinator_id=OuterRef("pk")).order_by()
    recent = own.filter(Q(released_at__isnull=True) | Q(released_at__gte=start_of_day)).values("coordinator_id")
    counted = recent.annotate(
        open=Count("pk", filter=Q(released_at__isnull=True, lease_until__gt=at)),
        done=Count("pk", filter=Q(end_reason="submitted", released_at__gte=start_of_day)),
    )
    passed = ExamResult.objects.filter(
        district_id=OuterRef("district_id"), coordinator_id=OuterRef("pk"), passed=True, valid_until__gte=at.date()
    )
    conflicts = Conflict.objects.filter(
        district_id=OuterRef("district_id"), coordinator_id=OuterRef("pk"), ended_at__isnull=True
    )
    return coordinators.annotate(
        open_claims=Coalesce(Subquery(counted.values("open")), 0),
        done_today=Coalesce(Subquery(counted.values("done")), 0),
        courses=ArraySubquery(passed.values("course_code").distinct()),
        conflict_places=ArraySubquery(conflicts.values("place_id")),
    )


def person_of(coordinator: Coordinator) -> Person:
    """Of a row of `with_standing`."""
    return Person(
        coordinator_id=coordinator.pk,
        active=coordinator.state == Coordinator.State.ACTIVE,
        paused_until=coordinator.paused_until,
        cool_until=coordinator.cool_until,
        level=coordinator.level,
        kind=coordinator.kind,
        town=coordinator.town_id,
        open_claims=coordinator.open_claims,
        done_today=coordinator.done_today,
        courses=frozenset(coordinator.courses),
        conflicts=frozenset(coordinator.conflict_places),
    )


def with_visitors(tasks):
    """Tasks with their kind, and who did the last visits of their place."""
    visits = (
        Claim.objects.filter(
            district_id=OuterRef("district_id"), task__place_id=OuterRef("place_id"), end_reason="submitted",
            task__place_id__isnull=False,
        )
        .order_by("-released_at")
        .values("coordinator_id")
    )  # fmt: skip
    return tasks.select_related("kind").annotate(last_visitors=ArraySubquery(visits[:VISITS_KEPT]))


def offer_of(task: Task) -> Offer:
    """Of a row of `with_visitors`."""
    return Offer(
        open=task.state == Task.State.OPEN,
        due_at=task.due_at,
        place_id=task.place_id,
        town=task.town_id,
        town_first_until=task.town_first_until,
        min_level=max(task.min_level, task.kind.min_level),
        kinds=frozenset(task.kind.kinds),
        course=task.kind.course_code,
        excluded=frozenset(task.excluded),
        assigned_to=task.assigned_to_id,
        last_visitors=tuple(task.last_visitors),
    )
