"""Reads of buyers: who bought last, who may be meant, and what was paid."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db.models import Exists, Max, OuterRef, Q

from kit import codes, phones, public_codes
from registry.models import Grant, Place
from registry.roles import BUSINESS_ROLES
from traceability.models import Voucher, VoucherLine

WALK_INS_FROM = dt.timedelta(days=30)


@dataclass(frozen=True)
class RecentBuyer:
    """A stall or store, or a walk-in customer known from an earlier voucher."""

    bought_at: dt.datetime
    place: Place | None = None
    voucher: Voucher | None = None


def recent_buyers(place: Place, at: dt.datetime, limit: int = 8) -> list[RecentBuyer]:
    """Who bought from this trader last, each once, the latest first."""
    found = _places(place, limit) + _walk_ins(place, at, limit)
    return sorted(found, key=lambda buyer: buyer.bought_at, reverse=True)[:limit]


def _issued(place):
    return Voucher.objects.filter(
        district_id=place.district_id, place=place, organisation_id=place.organisation_id, state=Voucher.State.ISSUED
    )


def _places(place, limit):
    named = _issued(place).filter(buyer_place_id__isnull=False).values("buyer_place_id")
    latest = {row["buyer_place_id"]: row["at"] for row in named.annotate(at=Max("sold_at")).order_by("-at")[:limit]}
    found = Place.objects.in_use().select_related("market").in_bulk(list(latest))
    return [RecentBuyer(at, place=found[place_id]) for place_id, at in latest.items() if place_id in found]


def _walk_ins(place, at, limit):
    recent = _issued(place).filter(buyer_place_id__isnull=True, sold_at__gte=at - WALK_INS_FROM)
    each = recent.exclude(phone_index="").order_by("phone_index", "-sold_at").distinct("phone_index")
    vouchers = Voucher.objects.filter(pk__in=each.values("pk")).order_by("-sold_at")[:limit]
    return [RecentBuyer(voucher.sold_at, voucher=voucher) for voucher in vouchers]


def find_buyers(place: Place, q: str, limit: int = 20) -> list[Place]:
    """Stalls and stores in use that may be meant by a name, its pinyin, a stall number, the last four
    digits of a phone, or a code; those who bought here before come first."""
    if coded := buyer_of_code(q):
        return [coded]
    bought = _issued(place).filter(buyer_place_id=OuterRef("pk"))
    found = Place.objects.in_use().filter(_called(q), district_id=place.district_id).exclude(pk=place.pk)
    return list(
        found.select_related("market", "town")
        .annotate(known=Exists(bought))
        .order_by("-known", "market__name", "stall_no", "name")[:limit]
    )


def buyer_of_code(text: str) -> Place | None:
    """The place whose plate was scanned, pasted or typed; None for anything else."""
    token = codes.read_token(text.strip().rstrip("/").rsplit("/", 1)[-1])
    code = public_codes.look_up(token) if token else None
    if code is None and codes.read_typed_code(text):
        code = public_codes.look_up_typed(text)
    if code is None or code.kind not in "sd" or code.target_id is None:
        return None
    return Place.objects.select_related("market").filter(district_id=code.district_id, pk=code.target_id).first()


def _called(q: str) -> Q:
    q = q.strip()
    found = Q(stall_no__istartswith=q) | Q(name__icontains=q) | Q(organisation__name__icontains=q)
    if q.isascii():
        found |= Q(name_pinyin__contains=q.lower()) | Q(name_initials__contains=q.lower())
    if len(q) == 4 and q.isdigit():
        tail = phones.tail_index(q)
        keepers = Grant.objects.current().filter(
            place=OuterRef("pk"), role__in=BUSINESS_ROLES, account__phone_tail_index=tail
        )
        found |= Q(organisation__phone_tail_index=tail) | Q(public_phone__endswith=q) | Q(Exists(keepers))
    return found


def last_price(place: Place, product_id: str, buyer: Place | None) -> int | None:
    """The price in fen a kilogram asked last for a product: of this buyer, else of anybody."""
    lines = VoucherLine.objects.filter(
        district_id=place.district_id,
        product_id=product_id,
        unit_price_fen__isnull=False,
        voucher__in=_issued(place),
    )
    if buyer is not None:
        lines = lines.annotate(same=Q(voucher__buyer_place_id=buyer.pk)).order_by("-same", "-voucher__sold_at")
    else:
        lines = lines.order_by("-voucher__sold_at")
    return lines.values_list("unit_price_fen", flat=True).first()


def contacts(vouchers) -> dict:
    """Address and phone of the stalls and stores these vouchers name, by place id: what a sales record shows."""
    ids = {voucher.buyer_place_id for voucher in vouchers if voucher.buyer_place_id}
    places = Place.objects.filter(pk__in=ids).select_related("market", "organisation")
    return {place.pk: (_address(place), place.public_phone or _registered_phone(place)) for place in places}


def _address(place):
    return f"{place.market.name} {place.stall_no}" if place.market_id else place.address


def _registered_phone(place):
    return place.organisation.phone if place.organisation_id else ""
