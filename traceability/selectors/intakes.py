"""The purchase ledger of a place: what was taken in, and what is usually taken in (食品安全法 第65条)."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Sum

from kit.refusals import NotFound
from registry.actors import Actor
from registry.models import Place
from traceability.models import Batch, Intake, Voucher, VoucherLine
from traceability.selectors.on_sale import OPEN_HOLD

USUAL = dt.timedelta(days=60)
LATEST_PRODUCTS = 8
REPEATED_WITHIN = dt.timedelta(days=7)
BY_HAND = (Intake.Source.MANUAL, Intake.Source.SELF_GROWN, Intake.Source.EXTERNAL_CODE)


def intakes_at(place: Place) -> QuerySet[Intake]:
    """What the place's present trader took in there, reversed entries too, the latest first."""
    return _shown(Intake.objects.filter(
        district_id=place.district_id, place=place, organisation_id=place.organisation_id
    ))  # fmt: skip


def _shown(intakes: QuerySet[Intake]) -> QuerySet[Intake]:
    return (
        intakes.select_related("product", "origin_region", "place__market", "batch", "taken_by")
        .annotate(held=Exists(OPEN_HOLD.filter(batch_id=OuterRef("batch_id"))))
        .order_by("-trade_day", "-taken_at", "-id")
    )


def intake_for(actor: Actor, intake_id: uuid.UUID) -> Intake:
    """Raises NotFound for a missing one and for one out of reach alike."""
    found = _shown(Intake.objects.visible_to(actor)).select_related(
        "product", "origin_region", "place__market", "batch", "taken_by", "organisation", "supplier", "reversed_by"
    ).filter(pk=intake_id).first()  # fmt: skip
    if found is None:
        raise NotFound
    return found


def narrowed(
    intakes: QuerySet[Intake], *, q: str = "", source: str = "", state: str = "", product: str = "",
    since: dt.date | None = None, until: dt.date | None = None,
) -> QuerySet[Intake]:  # fmt: skip
    """`q` is part of a product's, supplier's or origin's name, or a product's initials."""
    if q:
        intakes = intakes.filter(
            Q(product__name__icontains=q)
            | Q(product__initials__startswith=q.lower())
            | Q(supplier_name__icontains=q)
            | Q(supplier_market__icontains=q)
            | Q(origin_region__full_name__icontains=q)
        )
    if source:
        intakes = intakes.filter(source=source)
    if state == "late":
        intakes = intakes.filter(late=True)
    elif state == "held":
        intakes = intakes.filter(held=True, state=Intake.State.VALID)
    elif state:
        intakes = intakes.filter(state=state)
    if product:
        intakes = intakes.filter(product_id=product)
    if since:
        intakes = intakes.filter(trade_day__gte=since)
    if until:
        intakes = intakes.filter(trade_day__lte=until)
    return intakes


def sums(intakes: QuerySet[Intake]) -> dict[str, object]:
    """`entries` and `weight_kg` of the valid ones, `reversed` the number of the others."""
    valid = Q(state=Intake.State.VALID)
    return intakes.order_by().aggregate(
        entries=Count("pk", filter=valid),
        weight_kg=Sum("weight_kg", filter=valid),
        reversed=Count("pk", filter=~valid),
    )


def products_of(place: Place) -> dict[str, str]:
    """The products ever taken in, by code, for a drop-down."""
    found = Intake.objects.filter(
        district_id=place.district_id, place=place, organisation_id=place.organisation_id
    ).order_by("product__name")  # fmt: skip
    return dict(found.values_list("product_id", "product__name").distinct())


def last_by_product(place: Place, today: dt.date) -> list[Intake]:
    """The latest entry by hand of each of the last products: its supplier, origin and unit are offered again."""
    own = _by_hand(place).filter(trade_day__gt=today - USUAL)
    latest = own.order_by("product_id", "-taken_at", "-id").distinct("product_id").values("pk")
    found = Intake.objects.filter(district_id=place.district_id, pk__in=latest)
    return list(
        found.select_related("product", "origin_region", "supplier").order_by("-taken_at", "-id")[:LATEST_PRODUCTS]
    )


def last_of_product(place: Place, product_id: str) -> Intake | None:
    own = _by_hand(place).filter(product_id=product_id)
    return own.select_related("product", "origin_region", "supplier").order_by("-taken_at", "-id").first()


def to_repeat(place: Place, today: dt.date) -> list[Intake]:
    """What was entered by hand on the last earlier day within a week, each product, origin and supplier once."""
    own = _by_hand(place).filter(trade_day__lt=today, trade_day__gte=today - REPEATED_WITHIN)
    day = own.order_by("-trade_day").values_list("trade_day", flat=True).first()
    if day is None:
        return []
    found = own.filter(trade_day=day).select_related("product", "origin_region", "supplier").order_by("taken_at", "id")
    return list({(each.product_id, each.origin_region_id, each.supplier_id): each for each in found}.values())


def _by_hand(place: Place) -> QuerySet[Intake]:
    return Intake.objects.filter(
        district_id=place.district_id, place=place, organisation_id=place.organisation_id,
        source__in=BY_HAND, state=Intake.State.VALID, supplier__isnull=False,
    )  # fmt: skip


def voucher_of(intake: Intake) -> Voucher | None:
    """The voucher an intake came from, perhaps of another district."""
    line = VoucherLine.objects.filter(
        district_id=intake.voucher_district_id, pk=intake.voucher_line_id
    ).select_related("voucher").first()  # fmt: skip
    return line.voucher if line else None


def voucher_codes(intakes: Iterable[Intake]) -> dict[uuid.UUID, str]:
    """The typed code of the voucher behind each voucher line of these entries."""
    lines = [intake.voucher_line_id for intake in intakes if intake.voucher_line_id]
    return dict(VoucherLine.objects.filter(pk__in=lines).values_list("pk", "voucher__typed_code"))


def may_be_reversed(intake: Intake) -> bool:
    """Whether nothing of it has left yet."""
    batch: Batch = intake.batch
    return intake.state == Intake.State.VALID and batch.kg_on_hand == batch.admitted_kg + batch.overdrawn_kg


def origins_of(place: Place, product) -> list[Intake]:
    """The latest entry by hand of a product from each of its last origins."""
    own = _by_hand(place).filter(product=product).select_related("origin_region").order_by("-taken_at", "-id")
    latest: dict[str, Intake] = {}
    for each in own[:40]:
        latest.setdefault(each.origin_region_id, each)
    return list(latest.values())[:4]
