"""Which places a campaign or a plan goes to, and what each visit would pay."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from django.db.models import Avg, Exists, OuterRef, Q, QuerySet

from inspections.models import GridPlace, Task
from kit.geo import Position, distance_m
from registry.actors import Actor
from registry.models import Place
from registry.models.visibility import reach
from registry.permissions import VERBS
from registry.selectors.places import called

LIVE = (
    Task.State.DRAFT,
    Task.State.OPEN,
    Task.State.CLAIMED,
    Task.State.ON_SITE,
    Task.State.SUBMITTED,
    Task.State.RETURNED,
)
"""Not over yet: somebody has to do it, or to decide on it."""


@dataclass(frozen=True, kw_only=True)
class Scope:
    """What a list of places is narrowed to; empty means everything. `unvisited_days`: no visit handed in since."""

    q: str = ""
    town: str = ""
    market: str = ""
    kind: str = ""
    business_type: str = ""
    grid: str = ""
    unvisited_days: int = 0

    def kept(self) -> dict[str, Any]:
        """As a campaign keeps it."""
        return {name: value for name, value in asdict(self).items() if value}

    @classmethod
    def read(cls, kept: Mapping[str, Any]) -> Scope:
        return cls(**{name: kept[name] for name in cls.__dataclass_fields__ if name in kept})


def places_in_reach(actor: Actor, district_id: str) -> QuerySet[Place]:
    """The places in use for which the actor may publish."""
    found = Place.objects.filter(reach(actor, VERBS["publish_work"], town="town_id", market="market_id"))
    return found.filter(district_id=district_id).in_use()


def narrowed(places: QuerySet[Place], by: Scope, at: dt.datetime) -> QuerySet[Place]:
    exact = {"town": by.town, "market": by.market, "kind": by.kind, "business_type": by.business_type}
    places = places.filter(**{field: value for field, value in exact.items() if value})
    if by.grid:
        within = GridPlace.objects.filter(district_id=OuterRef("district_id"), place_id=OuterRef("pk"), grid=by.grid)
        places = places.filter(Exists(within))
    if by.unvisited_days:
        places = places.exclude(Exists(_visits(at - dt.timedelta(days=by.unvisited_days))))
    return places.filter(called(by.q)) if by.q.strip() else places


def without_live(places: QuerySet[Place], kind_code: str) -> QuerySet[Place]:
    """Leave out where a task of this kind is still going on: nobody is sent twice for the same."""
    return places.exclude(Exists(_of_place().filter(kind__code=kind_code, state__in=LIVE)))


def _visits(since: dt.datetime) -> QuerySet[Task]:
    done = Q(state__in=[Task.State.SUBMITTED, Task.State.ACCEPTED])
    return _of_place().filter(done, submitted_at__gte=since)


def _of_place() -> QuerySet[Task]:
    return Task.objects.filter(district_id=OuterRef("district_id"), place_id=OuterRef("pk"))


def middles(district_id: str, town_ids: Collection[str]) -> dict[str, Position]:
    """The middle of each town's places: what is far from it costs more to get to."""
    rows = Place.objects.filter(district_id=district_id, town_id__in=town_ids, latitude__isnull=False)
    found = rows.order_by().values("town_id").annotate(lat=Avg("latitude"), lon=Avg("longitude"))
    return {row["town_id"]: (float(row["lat"]), float(row["lon"])) for row in found}


def away(place: Place, middle: Position | None) -> float | None:
    """Metres from the middle of its town; None where either is not on the map."""
    if middle is None or place.latitude is None or place.longitude is None:
        return None
    return distance_m(middle, (float(place.latitude), float(place.longitude)))
