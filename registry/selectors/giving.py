"""What a manager of people may give, and where."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from django.db.models import Q, QuerySet

from kit.refusals import NotFound
from registry.actors import Actor
from registry.granting import may_give
from registry.models import Market, Place, Region
from registry.roles import BUSINESS_ROLES, Role

KINDS = {Role.VENDOR: Place.Kind.STALL, Role.STORE_MANAGER: Place.Kind.STORE}
MARKET_WIDE = frozenset({Role.MARKET_MANAGER, Role.TESTER, Role.COORDINATOR, Role.REVIEWER})
TOWN_WIDE = frozenset({Role.TOWN_OFFICER, Role.TESTER, Role.COORDINATOR, Role.REVIEWER})
NEVER_DISTRICT_WIDE = frozenset({Role.MARKET_MANAGER, Role.TOWN_OFFICER})


@dataclass(frozen=True)
class Reach:
    """A scope that may be given. `label` is empty for a whole district."""

    value: str
    district_id: str
    label: str = ""
    place: Place | None = None
    market: Market | None = None
    town: Region | None = None

    @property
    def scope(self) -> dict[str, object]:
        """As the services take it."""
        return {"district_id": self.district_id, "place": self.place, "market": self.market, "town": self.town}


def places_to_give(actor: Actor, role: Role, *, q: str = "") -> QuerySet[Place]:
    """Stalls and stores in use at which the actor may give a business role."""
    kinds = [KINDS[role]] if role in KINDS else list(Place.Kind)
    found = Place.objects.visible_to(actor).in_use().filter(kind__in=kinds).select_related("market", "organisation")
    for word in q.split():
        found = found.filter(
            Q(name__icontains=word)
            | Q(name_pinyin__istartswith=word)
            | Q(name_initials__istartswith=word)
            | Q(stall_no__iexact=word)
            | Q(market__name__icontains=word)
        )
    return found.order_by("market__name", "stall_no", "name", "id")


def place_to_give(actor: Actor, role: Role, place_id: uuid.UUID) -> Reach:
    place = places_to_give(actor, role).filter(id=place_id).first()
    if place is None or not may_give(actor, role, place=place):
        raise NotFound
    return Reach(value=str(place.id), district_id=place.district_id, place=place)


def reaches_to_give(actor: Actor, role: Role) -> list[Reach]:
    """Markets, towns and districts for which the actor may give a role that is not tied to a place."""
    if role in BUSINESS_ROLES:
        return []
    found = [] if role in NEVER_DISTRICT_WIDE else _districts(actor, role)
    if role in TOWN_WIDE:
        found += _towns(actor, role)
    if role in MARKET_WIDE:
        found += _markets(actor, role)
    return found


def _districts(actor, role):
    ids = [district_id for district_id in actor.districts if may_give(actor, role, district=district_id)]
    return [Reach(value=f"district:{district_id}", district_id=district_id) for district_id in ids]


def _towns(actor, role):
    towns = Region.objects.filter(level=Region.Level.TOWN, parent_id__in=actor.districts)
    return [
        Reach(value=f"town:{town.code}", district_id=town.code[:6], label=town.name, town=town)
        for town in towns
        if may_give(actor, role, town=town.code)
    ]


def _markets(actor, role):
    markets = Market.objects.visible_to(actor).filter(active=True).order_by("name")
    return [
        Reach(value=f"market:{market.id}", district_id=market.district_id, label=market.name, market=market)
        for market in markets
        if may_give(actor, role, market=market)
    ]
