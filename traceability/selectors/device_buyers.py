"""Whom a stall sold to lately: tiles to press instead of a code to scan."""

import datetime as dt

from django.db.models import Max

from registry.models import Place
from traceability.models import Voucher

LATELY = dt.timedelta(days=30)
MOST = 24


def recent_buyers(places, at: dt.datetime) -> dict:
    """By the selling place's id: up to 24 buying places, the latest first, each with `last_sold_at`.

    A walk-in customer is never among them.
    """
    bought = (
        Voucher.objects.filter(
            place__in=[place.pk for place in places],
            district_id__in={place.district_id for place in places},
            sold_at__gte=at - LATELY,
            buyer_place_id__isnull=False,
            state=Voucher.State.ISSUED,
        )
        .values_list("place_id", "buyer_place_id")
        .annotate(last=Max("sold_at"))
        .order_by("-last")
    )
    pairs = list(bought)
    buyers = Place.objects.exclude(state=Place.State.CLOSED).in_bulk({buyer for _place, buyer, _last in pairs})
    found = {place.pk: [] for place in places}
    for place_id, buyer_id, last in pairs:
        if buyer_id in buyers and len(found[place_id]) < MOST:
            found[place_id].append((buyers[buyer_id], last))
    return found
