"""Open tasks of one district, nearest first, and whether one person may take them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Avg, Case, F, FloatField, IntegerField, Q, QuerySet, Value, When
from django.db.models.functions import Cast

from inspections import claim_rules
from inspections.claim_rules import Person, Rule
from inspections.models import Coordinator, GridMember, GridPlace, Task
from inspections.selectors.taking import offer_of, with_visitors
from inspections.work_policies import Grabbing
from kit.geo import Position, distance_m, narrowing
from registry.models import Place


@dataclass(frozen=True)
class Card:
    """A task as one person sees it: how far, and why not. `distance_m` is None where either place is unknown."""

    task: Task
    distance_m: float | None
    why: Rule | None


def open_tasks(coordinator: Coordinator, at: dt.datetime) -> QuerySet[Task]:
    """What lies in the pool for that person to see: neither given to another, nor a hidden visit for inspectors."""
    found = Task.objects.filter(district_id=coordinator.district_id, state=Task.State.OPEN, due_at__gt=at)
    found = found.filter(Q(assigned_to__isnull=True) | Q(assigned_to=coordinator.pk))
    if coordinator.kind != Coordinator.Kind.INSPECTOR:
        found = found.filter(kind__hidden=False)
    return found


def near_first(tasks: QuerySet[Task], here: Position | None, town: str | None) -> QuerySet[Task]:
    """Nearest first; without positions, the own town first; then the most urgent."""
    elsewhere = Case(When(town_id=town, then=Value(0)), default=Value(1), output_field=IntegerField())
    if here is None:
        return tasks.order_by(elsewhere, "due_at", "pk")
    latitude, longitude = (Cast(f"place__{name}", FloatField()) for name in ("latitude", "longitude"))
    north, east = latitude - here[0], (longitude - here[1]) * narrowing(here[0])
    far = tasks.annotate(far=north * north + east * east)
    return far.order_by(F("far").asc(nulls_last=True), elsewhere, "due_at", "pk")


def cards(
    tasks: QuerySet[Task], person: Person, rules: Grabbing, at: dt.datetime, here: Position | None
) -> Iterable[Card]:
    """Two queries' worth: the tasks with kind, place, town and last visitors."""
    for task in with_visitors(tasks.select_related("kind", "place__market", "town")):
        yield Card(task, away(task, here), claim_rules.refusal(person, offer_of(task), rules, at))


def away(task: Task, here: Position | None) -> float | None:
    there = position_of(task.place)
    return distance_m(here, there) if here and there else None


def position_of(place: Place | None) -> Position | None:
    if place is None or place.latitude is None or place.longitude is None:
        return None
    return float(place.latitude), float(place.longitude)


def usual_position(coordinator: Coordinator) -> Position | None:
    """The middle of the places of one's grids, else of one's town; None where no place has a position."""
    district = coordinator.district_id
    grids = GridMember.objects.filter(district_id=district, coordinator=coordinator).values("grid_id")
    walked = GridPlace.objects.filter(district_id=district, grid_id__in=grids).values("place_id")
    own = Place.objects.filter(district_id=district, pk__in=walked)
    around = Place.objects.filter(district_id=district, town_id=coordinator.town_id, latitude__isnull=False)
    return _middle(own) or _middle(around)


def _middle(places: QuerySet[Place]) -> Position | None:
    found = places.aggregate(lat=Avg("latitude"), lon=Avg("longitude"))
    return (float(found["lat"]), float(found["lon"])) if found["lat"] and found["lon"] else None
