"""What a scale must know, and what of it changed since it last asked (docs/device-api.md, section 5).

The whole picture is drawn anew on every call and compared with the picture the scale had: no change can
be missed, whatever its cause. Of the pictures sent only a digest a row is kept, in the cache; without
it the scale gets everything again.
"""

import datetime as dt
import hashlib
from collections import defaultdict
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.db.models import Q
from django.utils import timezone

from kit import jsonsafe
from registry.models import Device, Place
from traceability.device_sale import cursor_at
from traceability.models import Batch, HoldItem, RapidTest
from traceability.selectors.days import MIDNIGHT, trade_day_at
from traceability.selectors.device_buyers import recent_buyers

KEPT_S = 24 * 3600
KEYS = {"places": "token", "batches": "token", "buttons": "id", "holds": "id", "buyers": "id"}
TESTED, SOURCE_TESTED = "快检未检出", "同源批次快检未检出"
Row = dict[str, Any]


def delta(device: Device, since: str | None, at: dt.datetime) -> Row:
    """Rows that are new or different since the cursor, and keys of those gone; everything without one."""
    whole = picture(device, at)
    digests = {name: {row[KEYS[name]]: _digest(row) for row in rows} for name, rows in whole.items()}
    known = cache.get(_kept(device), {})
    before = known.get(since) if since else None
    cursor = cursor_at(at)
    cache.set(_kept(device), {**({since: before} if before else {}), cursor: digests}, KEPT_S)
    had = before or {name: {} for name in KEYS}
    changed = {
        name: [row for row in rows if had[name].get(row[KEYS[name]]) != digests[name][row[KEYS[name]]]]
        for name, rows in whole.items()
    }
    gone = {name: [key for key in had[name] if key not in digests[name]] for name in KEYS}
    return {
        "cursor": cursor,
        "full": before is None,
        "more": False,
        "server_time": at.isoformat(timespec="milliseconds"),
        "voucher_url": voucher_url(),
        **changed,
        "removed": {name: keys for name, keys in gone.items() if keys},
    }


def voucher_url() -> str:
    return f"{settings.BASE_URL}/v/"


def picture(device: Device, at: dt.datetime) -> dict[str, list[Row]]:
    """Everything the scale must know now."""
    places = _places(device)
    batches = _batches(places, at)
    tokens = {batch.pk: batch.token for batch in batches}
    return {
        "places": [_place(place) for place in places],
        "batches": _batch_rows(batches, {place.pk: place.token for place in places}),
        "buttons": [
            {
                "id": str(button.id),
                "number": button.number,
                "product_code": button.product_id,
                "label": button.product.name,
            }
            for button in device.buttons.filter(district_id=device.district_id).select_related("product")
        ],
        "holds": _holds(device, tokens),
        "buyers": _buyers(places, at),
    }


def _places(device) -> list[Place]:
    """The stall the scale stands at, or every stall in use of its market."""
    found = Place.objects.filter(
        district_id=device.district_id, state=Place.State.ACTIVE, organisation__isnull=False
    ).select_related("market", "organisation")
    found = found.filter(pk=device.place_id) if device.place_id else found.filter(market_id=device.market_id)
    return list(found.order_by("stall_no", "pk"))


def _place(place) -> Row:
    starts_at = place.market.trade_day_starts_at if place.market_id else MIDNIGHT
    return {
        "token": place.token,
        "seller_name": place.name or place.organisation.name,
        "seller_phone": place.public_phone or place.organisation.phone,
        "stall_no": place.stall_no,
        "market_name": place.market.name if place.market_id else "",
        "trade_day_starts_at": f"{starts_at:%H:%M}",
    }


def _batches(places, at) -> list[Batch]:
    """Admitted batches of the present keepers, sold out or not, until their last day of sale is over."""
    days = defaultdict(list)
    for place in places:
        days[trade_day_at(place, at)].append(place)
    wanted = Q(pk__in=[])
    for today, here in days.items():
        wanted |= Q(place__in=[place.pk for place in here], expires_on__gte=today)
    keepers = {place.pk: place.organisation_id for place in places}
    found = Batch.objects.filter(
        wanted, district_id__in={place.district_id for place in places}, state=Batch.State.ADMITTED
    ).select_related("product", "origin_region")
    return [batch for batch in found.order_by("made_at", "pk") if keepers[batch.place_id] == batch.organisation_id]


def _batch_rows(batches, place_tokens) -> list[Row]:
    tested = _tested([batch.pk for batch in batches] + [batch.parent_id for batch in batches if batch.parent_id])
    return [
        {
            "token": batch.token,
            "typed_code": batch.typed_code,
            "seller_place": place_tokens[batch.place_id],
            "product_code": batch.product_id,
            "product_name": batch.product.name,
            "origin_text": f"{batch.origin_region.full_name} {batch.origin_detail}".strip(),
            "made_at": _moment(batch.made_at),
            "expires_on": batch.expires_on.isoformat(),
            "left_kg": str(batch.kg_on_hand),
            "test_text": _test_text(tested, batch),
        }
        for batch in batches
    ]


def _test_text(tested, batch) -> str:
    """Of the batch itself; else of the one it came from, said as such."""
    if batch.pk in tested:
        return TESTED if tested[batch.pk] else ""
    return SOURCE_TESTED if tested.get(batch.parent_id) else ""


def _tested(batch_ids) -> dict:
    """Whether every test of a batch found nothing, by the batch's id; one not tested is not in it."""
    results = defaultdict(set)
    found = RapidTest.objects.filter(batch_id__in=batch_ids).exclude(result=RapidTest.Result.INVALID)
    for batch_id, result in found.values_list("batch_id", "result"):
        results[batch_id].add(result)
    return {batch_id: seen == {RapidTest.Result.NEGATIVE} for batch_id, seen in results.items()}


def _holds(device, tokens) -> list[Row]:
    items = HoldItem.objects.filter(
        district_id=device.district_id, batch_id__in=list(tokens), released_at__isnull=True
    ).order_by("placed_at", "pk")
    return [
        {
            "id": str(item.id),
            "batch_token": tokens[item.batch_id],
            "placed_at": _moment(item.placed_at),
        }
        for item in items
    ]


def _buyers(places, at) -> list[Row]:
    lately = recent_buyers(places, at)
    return [
        {
            "id": f"{place.token}-{buyer.token}",
            "seller_place": place.token,
            "kind": buyer.kind,
            "token": buyer.token,
            "name": str(buyer),
            "last_sold_at": _moment(last),
        }
        for place in places
        for buyer, last in lately[place.pk]
    ]


def _moment(value: dt.datetime) -> str:
    return timezone.localtime(value).isoformat(timespec="seconds")


def _digest(row: Row) -> str:
    return hashlib.sha256(jsonsafe.canonical(row)).hexdigest()[:16]


def _kept(device) -> str:
    return f"device-delta:{device.id}"
