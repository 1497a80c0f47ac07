"""Reads of markets, stalls and stores."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass

from django.db.models import Count, Exists, F, FilteredRelation, OuterRef, Prefetch, Q, QuerySet

from kit import codes
from kit.refusals import NotFound
from registry.actors import Actor
from registry.models import Grant, Market, Occupancy, Place
from registry.roles import BUSINESS_ROLES

EXPIRING_DAYS = 30


@dataclass(frozen=True, kw_only=True)
class Narrowing:
    """What a list of places is narrowed to; empty means everything.

    `q` is a stall number or its beginning, part of a name, its pinyin or initials, the trader's or the
    keeper's name, or a typed code. `agreement` is `missing`, `expiring` (within 30 days) or `expired`.
    """

    q: str = ""
    kind: str = ""
    town: str = ""
    market: str = ""
    zone: str = ""
    state: str = ""
    business_type: str = ""
    agreement: str = ""


def places_for(actor: Actor) -> QuerySet[Place]:
    """Every place within reach, with `agreement_signed_on` and `agreement_ends_on` of its present keeper."""
    places = Place.objects.visible_to(actor).select_related("organisation", "market", "town")
    return with_agreement(places).order_by("market__name", "stall_no", "name", "id")


def with_agreement(places: QuerySet[Place]) -> QuerySet[Place]:
    present = FilteredRelation("occupancies", condition=Q(occupancies__ended_on__isnull=True))
    return places.annotate(present=present).annotate(
        agreement_signed_on=F("present__agreement_signed_on"), agreement_ends_on=F("present__agreement_ends_on")
    )


def with_keepers(places: QuerySet[Place]) -> QuerySet[Place]:
    """Each place with `keepers`: the roles its people hold there now."""
    held = Grant.objects.current().select_related("account").order_by("granted_at", "id")
    return places.prefetch_related(Prefetch("grants", queryset=held, to_attr="keepers"))


def place_for(actor: Actor, place_id: uuid.UUID) -> Place:
    """Raises NotFound for a missing one and for one out of reach alike."""
    found = places_for(actor).filter(id=place_id).first()
    if found is None:
        raise NotFound
    return found


def narrowed(places: QuerySet[Place], by: Narrowing, today: dt.date) -> QuerySet[Place]:
    exact = {"kind": by.kind, "town": by.town, "zone": by.zone, "state": by.state, "business_type": by.business_type}
    places = places.filter(**{field: value for field, value in exact.items() if value})
    if by.market:
        places = places.filter(market_id=by.market)
    if by.agreement:
        places = places.filter(_agreement(by.agreement, today))
    return places.filter(called(by.q)) if by.q.strip() else places


def _agreement(which: str, today: dt.date) -> Q:
    kept_stall = Q(kind=Place.Kind.STALL, organisation__isnull=False)
    match which:
        case "missing":
            return kept_stall & Q(agreement_signed_on__isnull=True)
        case "expiring":
            return Q(agreement_ends_on__range=(today, today + dt.timedelta(days=EXPIRING_DAYS)))
        case "expired":
            return Q(agreement_ends_on__lt=today)
    return Q()


def called(q: str) -> Q:
    """Places that may be meant by these words."""
    q = q.strip()
    keeper = Grant.objects.current().filter(place=OuterRef("pk"), account__name__icontains=q)
    found = (
        Q(stall_no__istartswith=q)
        | Q(name__icontains=q)
        | Q(organisation__name__icontains=q)
        | Q(address__icontains=q)
        | Q(Exists(keeper))
    )
    if q.isascii():
        found |= Q(name_pinyin__contains=q.lower()) | Q(name_initials__contains=q.lower())
    if typed_code := codes.read_typed_code(q):
        found |= Q(typed_code=typed_code)
    return found


def markets_for(actor: Actor, *, q: str = "", town: str = "", kind: str = "") -> QuerySet[Market]:
    """Every market within reach, with how many `stalls` it has and how many are `kept`."""
    markets = Market.objects.visible_to(actor).select_related("organisation", "town")
    if q:
        markets = markets.filter(Q(name__icontains=q.strip()) | Q(organisation__name__icontains=q.strip()))
    if town:
        markets = markets.filter(town=town)
    if kind:
        markets = markets.filter(kind=kind)
    return markets.order_by("-active", "kind", "name", "id")


def with_stall_counts(markets: QuerySet[Market]) -> QuerySet[Market]:
    in_plan = ~Q(places__state=Place.State.CLOSED)
    return markets.annotate(
        stalls=Count("places", filter=in_plan, distinct=True),
        kept=Count("places", filter=in_plan & Q(places__organisation__isnull=False), distinct=True),
    )


def market_for(actor: Actor, market_id: uuid.UUID) -> Market:
    """Raises NotFound for a missing one and for one out of reach alike."""
    found = Market.objects.visible_to(actor).select_related("organisation", "town").filter(id=market_id).first()
    if found is None:
        raise NotFound
    return found


def occupancies_of(actor: Actor, place: Place) -> QuerySet[Occupancy]:
    """Who kept a place, latest first. A trader sees only the own time there."""
    found = Occupancy.objects.filter(district_id=place.district_id, place=place).select_related("organisation")
    if actor.roles <= BUSINESS_ROLES:
        found = found.filter(organisation_id__in=[scope.organisation_id for scope in actor.scopes])
    return found.order_by("-started_on", "-id")
