"""Stalls in use of which nothing is known today: no goods taken in, or none declared."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from django.db.models import DateField, Exists, Max, OuterRef, Q, QuerySet, Subquery

from registry.actors import Actor
from registry.models import Market, Notice, Place
from registry.selectors.places import called, places_for
from traceability.models import Declaration, Intake

REMINDER = "please_register"


def quiet_stalls(actor: Actor, market: Market, today: dt.date) -> QuerySet[Place]:
    """The stalls in use without a declaration (wholesale) or an intake (retail) of today, each with `last_on`:
    the trade day of the last one, None when there never was one. The longest silent come first."""
    kept = places_for(actor).filter(market=market, kind=Place.Kind.STALL, state=Place.State.ACTIVE)
    for rows in _records(market):
        kept = kept.filter(~Exists(rows.filter(trade_day__gte=today)))
    latest = _records(market)[0].order_by().values("place_id").annotate(day=Max("trade_day")).values("day")
    return kept.annotate(last_on=Subquery(latest, output_field=DateField())).order_by("last_on", "stall_no", "id")


def _records(market):
    """What a stall of this market writes every trading day; a mixed market's, either."""
    own = {
        "district_id": OuterRef("district_id"),
        "place_id": OuterRef("pk"),
        "organisation_id": OuterRef("organisation_id"),
    }
    declared = Declaration.objects.filter(**own).exclude(state=Declaration.State.WITHDRAWN)
    taken_in = Intake.objects.filter(**own, state=Intake.State.VALID)
    match market.kind:
        case Market.Kind.WHOLESALE:
            return [declared]
        case Market.Kind.RETAIL:
            return [taken_in]
    return [taken_in, declared]


def narrowed(stalls: QuerySet[Place], *, q: str = "", zone: str = "", since: dt.date | None = None):
    """`since`: silent from that day on."""
    if q:
        stalls = stalls.filter(called(q))
    if zone:
        stalls = stalls.filter(zone=zone)
    if since:
        stalls = stalls.filter(Q(last_on=None) | Q(last_on__lt=since))
    return stalls


def reminder_key(place_id, day: dt.date) -> str:
    return f"{REMINDER}:{place_id}:{day}"


def reminded(places: Iterable[Place], day: dt.date) -> dict:
    """When each of these places was reminded on that day, by its id."""
    keys = {reminder_key(place.pk, day): place.pk for place in places}
    found = Notice.objects.filter(kind=REMINDER, once_key__in=keys).values_list("once_key", "made_at")
    return {keys[key]: at for key, at in found}
