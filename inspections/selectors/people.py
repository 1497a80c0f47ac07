"""协管人员, their teams and grids: as officers look for them, and oneself."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Prefetch, Q, QuerySet, Subquery

from inspections.models import Claim, Conflict, Coordinator, ExamResult, Grid, GridMember, GridPlace, Task, Team
from kit.refusals import NotFound
from registry.actors import Actor
from registry.models import Account, Grant, Region
from registry.models.visibility import reach
from registry.permissions import VERBS
from registry.roles import Role
from registry.selectors.people import named


@dataclass(frozen=True, kw_only=True)
class Narrowing:
    """What a list of people is narrowed to; empty means everybody. `course` is one that is not passed, or over."""

    q: str = ""
    kind: str = ""
    state: str = ""
    town: str = ""
    team: str = ""
    level: str = ""
    course: str = ""


def coordinators_for(actor: Actor) -> QuerySet[Coordinator]:
    """The people of the towns one supervises, by name."""
    found = Coordinator.objects.filter(reach(actor, VERBS["supervise_work"], town="town_id"))
    return found.select_related("account", "town", "team").order_by("account__name", "pk")


def narrowed(people: QuerySet[Coordinator], by: Narrowing, today: dt.date) -> QuerySet[Coordinator]:
    exact = {"kind": by.kind, "town": by.town, "team": by.team, "level": by.level}
    people = people.filter(**{field: value for field, value in exact.items() if value})
    people = people.filter(state=by.state) if by.state else people.exclude(state=Coordinator.State.LEFT)
    if by.q.strip():
        people = people.filter(account__in=Account.objects.filter(named(by.q)))
    if by.course:
        people = people.exclude(Exists(_passes(today).filter(course_code=by.course)))
    return people


def with_figures(people: QuerySet[Coordinator], since: dt.datetime) -> QuerySet[Coordinator]:
    """Each with how many tasks he holds and how many were accepted since."""
    own = Claim.objects.filter(district_id=OuterRef("district_id"), coordinator_id=OuterRef("pk")).order_by()
    held = own.filter(released_at__isnull=True).values("coordinator_id").annotate(n=Count("pk")).values("n")
    done = own.filter(end_reason="submitted", task__state=Task.State.ACCEPTED, task__decided_at__gte=since)
    accepted = done.values("coordinator_id").annotate(n=Count("task", distinct=True)).values("n")
    return people.annotate(held=Subquery(held), done=Subquery(accepted)).prefetch_related(
        Prefetch("grids", queryset=GridMember.objects.select_related("grid"))
    )


def _passes(today: dt.date) -> QuerySet[ExamResult]:
    return ExamResult.objects.filter(
        district_id=OuterRef("district_id"), coordinator_id=OuterRef("pk"), passed=True, valid_until__gte=today
    )


def coordinator_for(actor: Actor, coordinator_id: UUID) -> Coordinator:
    """Raises NotFound for a missing one and for one out of reach alike."""
    found = coordinators_for(actor).filter(pk=coordinator_id).first()
    if found is None:
        raise NotFound()
    return found


def oneself(actor: Actor) -> Coordinator:
    """The actor as a coordinator. Raises NotFound when not on the list of any of the actor's districts."""
    own = Coordinator.objects.filter(district_id__in=actor.districts, account_id=actor.account_id)
    found = own.exclude(state="left").select_related("account", "town", "team").order_by("district_id").first()
    if found is None:
        raise NotFound()
    return found


def to_enrol(actor: Actor, q: str = "") -> QuerySet[Account]:
    """Whoever holds the role of a coordinator within reach and is not on the list yet."""
    district_ids = [scope.district_id for scope in actor.with_role(*VERBS["manage_coordinators"])]
    held = Grant.objects.current().filter(district_id__in=district_ids, role=Role.COORDINATOR)
    listed = Coordinator.objects.filter(district_id__in=district_ids).exclude(state="left")
    found = Account.objects.filter(pk__in=held.order_by().values("account_id"), is_active=True)
    found = found.exclude(pk__in=listed.values("account_id"))
    return (found.filter(named(q)) if q.strip() else found).order_by("name", "pk")


def teams_for(actor: Actor) -> QuerySet[Team]:
    """Teams of the towns one supervises and of the whole district, with how many people they have."""
    everywhere = Q(town__isnull=True, district_id__in=actor.districts)
    found = Team.objects.filter(reach(actor, VERBS["supervise_work"], town="town_id") | everywhere)
    here = Q(members__state__in=["active", "paused"])
    return found.select_related("organisation", "town").annotate(people=Count("members", filter=here)).order_by("name")


def grids_for(actor: Actor) -> QuerySet[Grid]:
    found = Grid.objects.visible_to(actor).select_related("town")
    return found.annotate(place_count=Count("places", distinct=True), people=Count("members", distinct=True)).order_by(
        "town__code", "name"
    )


def grid_for(actor: Actor, grid_id: UUID) -> Grid:
    found = grids_for(actor).filter(pk=grid_id).first()
    if found is None:
        raise NotFound()
    return found


def places_of(grid: Grid) -> QuerySet[GridPlace]:
    found = GridPlace.objects.filter(district_id=grid.district_id, grid=grid).select_related("place__market")
    return found.order_by("street", "place__name", "pk")


def conflicts_of(coordinator: Coordinator) -> QuerySet[Conflict]:
    """The places to stay away from now, the latest first."""
    found = Conflict.objects.filter(district_id=coordinator.district_id, coordinator=coordinator)
    return found.filter(ended_at__isnull=True).select_related("place__market", "declared_by").order_by("-declared_at")


def towns_of(district_id: str) -> QuerySet[Region]:
    return Region.objects.filter(parent_id=district_id, level=Region.Level.TOWN).order_by("code")
