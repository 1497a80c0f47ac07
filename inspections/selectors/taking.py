"""What must be known to say whether a person may take a task: gathered in two queries, both of one district."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from inspections.claim_rules import Offer, Person
from inspections.models import Claim, Conflict, Coordinator, ExamResult, Task
from kit.compiled import Compiled

VISITS_KEPT = 5


def with_standing(coordinators: QuerySet[Coordinator], at: dt.datetime) -> QuerySet[Coordinator]:
    """Coordinators with what they hold and did today, and what they have passed; nothing is locked by it."""
    return _standing(coordinators, at=at, midnight=midnight(at), today=at.date())


def midnight(at: dt.datetime) -> dt.datetime:
    return at.replace(hour=0, minute=0, second=0, microsecond=0)


def _standing(coordinators, *, at, midnight, today):
    own = Claim.objects.filter(district_id=OuterRef("district_id"), coordinator_id=OuterRef("pk")).order_by()
    recent = own.filter(Q(released_at__isnull=True) | Q(released_at__gte=midnight)).values("coordinator_id")
    counted = recent.annotate(
        open=Count("pk", filter=Q(released_at__isnull=True, lease_until__gt=at)),
        done=Count("pk", filter=Q(end_reason="submitted", released_at__gte=midnight)),
    )
    passed = ExamResult.objects.filter(
        district_id=OuterRef("district_id"), coordinator_id=OuterRef("pk"), passed=True, valid_until__gte=today
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


def _standing_of_one(district_id, coordinator_id, client_key, at, midnight, today):
    oneself = Coordinator.objects.filter(district_id=district_id, pk=coordinator_id)
    sent = Claim.objects.filter(district_id=OuterRef("district_id"), coordinator_id=OuterRef("pk"))
    earlier = Subquery(sent.filter(client_key=client_key).values("pk")[:1])
    return _standing(oneself, at=at, midnight=midnight, today=today).annotate(earlier=earlier)[:1]


_STANDING = Compiled(
    _standing_of_one,
    district_id="000000",
    coordinator_id=UUID(int=1),
    client_key=UUID(int=2),
    at=dt.datetime(2000, 1, 1, 1, tzinfo=dt.UTC),
    midnight=dt.datetime(2000, 1, 1, tzinfo=dt.UTC),
    today=dt.date(2000, 1, 1),
)


def standing_of(coordinator: Coordinator, client_key: UUID, at: dt.datetime) -> Coordinator:
    """One coordinator as `with_standing`, with `earlier`: the claim made before under this key, or None."""
    return _STANDING.one(
        district_id=coordinator.district_id, coordinator_id=coordinator.pk, client_key=client_key,
        at=at, midnight=midnight(at), today=at.date(),
    )  # fmt: skip


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


def with_visitors(tasks: QuerySet[Task]) -> QuerySet[Task]:
    """Tasks with what their kind asks, and who did the last visits of their place."""
    visits = Claim.objects.filter(
        district_id=OuterRef("district_id"), place_id=OuterRef("place_id"), end_reason=Claim.End.SUBMITTED
    )
    visitors = visits.order_by("-released_at").values("coordinator_id")[:VISITS_KEPT]
    return tasks.annotate(
        kind_level=F("kind__min_level"),
        kind_kinds=F("kind__kinds"),
        kind_course=F("kind__course_code"),
        last_visitors=ArraySubquery(visitors),
    )


def offer_of(task: Task) -> Offer:
    """Of a row of `with_visitors`."""
    return Offer(
        open=task.state == Task.State.OPEN,
        due_at=task.due_at,
        place_id=task.place_id,
        town=task.town_id,
        town_first_until=task.town_first_until,
        min_level=max(task.min_level, task.kind_level),
        kinds=frozenset(task.kind_kinds),
        course=task.kind_course,
        excluded=frozenset(task.excluded),
        assigned_to=task.assigned_to_id,
        last_visitors=tuple(task.last_visitors),
    )
