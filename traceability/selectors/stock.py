"""Reads of batches: what a trader has, what may be sold, and where goods went."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Sum

from kit import codes
from kit.refusals import NotFound
from registry.actors import Actor
from registry.models import Place, Product
from traceability.models import Batch, HoldItem, StockMove, Voucher, VoucherLine
from traceability.selectors.lineage import way_to, with_descendants

ZERO = Decimal(0)
OPEN_HOLD = Exists(
    HoldItem.objects.filter(
        district_id=OuterRef("district_id"), batch_id=OuterRef("pk"), released_at__isnull=True
    )
)  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Narrowing:
    """What a list of batches is narrowed to; empty means everything.

    `q` is part of a product, its pinyin or initials, an origin, or a typed code. `state` is one of
    `saleable`, `pending_test`, `held`, `gone`, `expired`, `void`.
    """

    q: str = ""
    state: str = ""
    product: str = ""


@dataclass
class ProductStock:
    """What a trader has of one product, oldest batch first; `left_kg` is what may be sold now."""

    product: Product
    left_kg: Decimal = ZERO
    waiting_kg: Decimal = ZERO
    held_kg: Decimal = ZERO
    expired_kg: Decimal = ZERO
    batches: list[Batch] = field(default_factory=list)


def batches_for(actor: Actor, place: Place | None = None) -> QuerySet[Batch]:
    """The batches a person may see, with `held` and `on_hand_kg`, the latest first."""
    found = Batch.objects.visible_to(actor).select_related("product", "origin_region", "place__market")
    if place is not None:
        found = found.filter(place=place)
    return found.annotate(held=OPEN_HOLD, on_hand_kg=Batch.ON_HAND).order_by("-made_at", "-id")


def batch_for(actor: Actor, batch_id: uuid.UUID) -> Batch:
    """Raises NotFound for a missing one and for one out of reach alike."""
    found = batches_for(actor).select_related("place__organisation", "declaration").filter(id=batch_id).first()
    if found is None:
        raise NotFound
    return found


def narrowed(batches: QuerySet[Batch], by: Narrowing, today: dt.date) -> QuerySet[Batch]:
    if by.product:
        batches = batches.filter(product_id=by.product)
    if by.q:
        batches = batches.filter(_called(by.q))
    return batches.filter(_in_state(by.state, today)) if by.state else batches


def _called(q: str) -> Q:
    found = Q(product__name__icontains=q) | Q(origin_region__full_name__icontains=q) | Q(origin_detail__icontains=q)
    if q.isascii():
        found |= Q(product__pinyin__startswith=q.lower()) | Q(product__initials__startswith=q.lower())
    if typed_code := codes.read_typed_code(q):
        found |= Q(typed_code=typed_code)
    return found


def _in_state(state: str, today: dt.date) -> Q:
    """The states as a batch is shown: void, then paused, then waiting for a test, then over, then sold out."""
    match state:
        case "void":
            return Q(state=Batch.State.VOID)
        case "held":
            return Q(held=True) & ~Q(state=Batch.State.VOID)
        case "pending_test":
            return Q(state=Batch.State.PENDING_TEST, held=False)
    admitted = Q(state=Batch.State.ADMITTED, held=False)
    match state:
        case "gone":
            return admitted & Q(on_hand_kg__lte=0)
        case "expired":
            return admitted & Q(on_hand_kg__gt=0, expires_on__lt=today)
        case "saleable":
            return admitted & Q(on_hand_kg__gt=0, expires_on__gte=today)
    return Q()


def state_of(batch: Batch, today: dt.date) -> str:
    """The state as it is shown, of a batch read by `batches_for`."""
    if batch.state == Batch.State.VOID:
        return "void"
    if batch.held:
        return "held"
    if batch.state == Batch.State.PENDING_TEST:
        return "pending_test"
    if batch.on_hand_kg <= 0:
        return "gone"
    return "expired" if batch.expires_on < today else "saleable"


def stock_at(place: Place, today: dt.date) -> list[ProductStock]:
    """Everything the trader of a place still has, by product; those with most to sell first."""
    batches = (
        Batch.objects.filter(district_id=place.district_id, place=place, organisation_id=place.organisation_id)
        .exclude(state=Batch.State.VOID)
        .annotate(held=OPEN_HOLD, on_hand_kg=Batch.ON_HAND)
        .filter(on_hand_kg__gt=0)
        .select_related("product", "origin_region")
        .order_by("pk")
    )
    stock: dict[str, ProductStock] = {}
    for batch in batches:
        product = stock.setdefault(batch.product_id, ProductStock(batch.product))
        product.batches.append(batch)
        column = _COLUMNS[state_of(batch, today)]
        setattr(product, column, getattr(product, column) + batch.on_hand_kg)
    return sorted(stock.values(), key=lambda each: -each.left_kg)


_COLUMNS = {"saleable": "left_kg", "pending_test": "waiting_kg", "held": "held_kg", "expired": "expired_kg"}


def products_of(batches: QuerySet[Batch]) -> dict[str, str]:
    """The products among these batches, to choose from: code to name."""
    found = batches.order_by("product__name").values_list("product_id", "product__name").distinct()
    return dict(found)


def sold_lines(actor: Actor, batch: Batch) -> QuerySet[VoucherLine]:
    """Where a batch's goods went: the lines of its vouchers that the person may see, the latest first."""
    seen = Voucher.objects.visible_to(actor)
    lines = VoucherLine.objects.filter(district_id=batch.district_id, batch=batch, voucher__in=seen)
    return lines.select_related("voucher").order_by("-voucher__sold_at", "-id")


def holds_of(batch: Batch) -> list[HoldItem]:
    found = HoldItem.objects.filter(district_id=batch.district_id, batch=batch)
    return list(found.select_related("hold").order_by("-placed_at", "-id"))


def moves_of(batch: Batch) -> list[StockMove]:
    found = StockMove.objects.filter(district_id=batch.district_id, batch=batch)
    return list(found.select_related("moved_by").order_by("-moved_at", "-id"))


def way_of(batch: Batch) -> list[Batch]:
    """The batches from the first known one down to this one."""
    return way_to(batch.pk, Batch.objects.select_related("place__market", "place__organisation", "origin_region"))


def spread_of(batch: Batch) -> dict[str, object]:
    """How far its goods went: other places that took them in, and the kilograms that came there."""
    below = [each for each in with_descendants([batch.pk]) if each != batch.pk]
    return Batch.objects.filter(pk__in=below).aggregate(places=Count("place_id", distinct=True), kg=Sum("admitted_kg"))


def overdrawn_at(place: Place) -> list[Batch]:
    """Batches a scale sold more of than there was: each asks for a supplementary declaration."""
    found = Batch.objects.filter(
        district_id=place.district_id, place=place, organisation_id=place.organisation_id, overdrawn_kg__gt=0
    )
    return list(found.select_related("product", "origin_region").order_by("-made_at"))


def total_kg(batches: Iterable[Batch]) -> Decimal:
    return sum((batch.on_hand_kg for batch in batches), ZERO)


def kilos(batches: QuerySet[Batch]) -> Decimal:
    """The kilograms on hand of all these batches."""
    return batches.order_by().aggregate(kg=Sum(F("on_hand_kg")))["kg"] or ZERO
