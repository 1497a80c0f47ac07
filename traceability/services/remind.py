"""提醒: the market asks the keepers of silent stalls to enter what they have; once a day, however often pressed."""

from collections.abc import Iterable

from django.db import transaction
from django.urls import reverse

from kit import clock
from registry.models import Grant, Market, Place
from registry.permissions import require
from registry.roles import BUSINESS_ROLES
from traceability.selectors.days import trade_day_at
from traceability.selectors.quiet import REMINDER, reminder_key
from traceability.services.news import tell_place


@transaction.atomic
def remind(actor, *, places: Iterable[Place]) -> int:
    """Tell everybody who works at these stalls; returns how many of them have somebody to tell."""
    places = list(places)
    for place in places:
        require(actor, "manage_stalls", place=place)
    at = clock.now()
    kept = set(
        Grant.objects.current()
        .filter(place_id__in=[place.pk for place in places], role__in=BUSINESS_ROLES)
        .values_list("place_id", flat=True)
    )
    for place in places:
        if place.pk in kept:
            wholesale = place.market.kind == Market.Kind.WHOLESALE
            tell_place(
                place, REMINDER, {"market": place.market.name, "stall": place.stall_no, "wholesale": wholesale},
                url=reverse("wholesale_home" if wholesale else "stall_home"),
                once_key=reminder_key(place.pk, trade_day_at(place, at)),
            )  # fmt: skip
    return len(kept)
