"""Reads of entry declarations and their papers."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass

from django.db.models import Max, Q, QuerySet

from kit.refusals import NotFound
from registry.actors import Actor
from registry.models import Place, Product, Region
from traceability.models import Declaration, Intake, Paper


@dataclass(frozen=True, kw_only=True)
class Narrowing:
    """What a list of declarations is narrowed to; empty means everything.

    `q` is part of a product, its pinyin or initials, an origin, a supplier or a number plate.
    """

    q: str = ""
    state: str = ""
    product: str = ""
    day: dt.date | None = None


def declarations_for(actor: Actor, place: Place | None = None) -> QuerySet[Declaration]:
    """The declarations a person may see, of one place or of all within reach, the latest first."""
    found = Declaration.objects.visible_to(actor).select_related(
        "product", "origin_region", "supplier", "place__market", "place__organisation"
    )
    if place is not None:
        found = found.filter(place=place)
    return found.order_by("-declared_at", "-id")


def declaration_for(actor: Actor, declaration_id: uuid.UUID) -> Declaration:
    """Raises NotFound for a missing one and for one out of reach alike."""
    found = declarations_for(actor).select_related(
        "base", "audited_by", "declared_by", "second_look_by", "supplements__product"
    )
    declaration = found.filter(id=declaration_id).first()
    if declaration is None:
        raise NotFound
    return declaration


def narrowed(declarations: QuerySet[Declaration], by: Narrowing) -> QuerySet[Declaration]:
    if by.state:
        declarations = declarations.filter(state=by.state)
    if by.product:
        declarations = declarations.filter(product_id=by.product)
    if by.day:
        declarations = declarations.filter(trade_day=by.day)
    return declarations.filter(_called(by.q)) if by.q else declarations


def _called(q: str) -> Q:
    found = (
        Q(product__name__icontains=q)
        | Q(origin_region__full_name__icontains=q)
        | Q(supplier__name__icontains=q)
        | Q(vehicle_plate__icontains=q)
    )
    if q.isascii():
        found |= Q(product__pinyin__startswith=q.lower()) | Q(product__initials__startswith=q.lower())
    return found


def of_trader(place: Place) -> QuerySet[Declaration]:
    """What the present trader of a place declared there."""
    return Declaration.objects.filter(district_id=place.district_id, place=place, organisation_id=place.organisation_id)


def products_of(declarations: QuerySet[Declaration]) -> dict[str, str]:
    """The products among these declarations, to choose from: code to name."""
    return dict(declarations.order_by("product__name").values_list("product_id", "product__name").distinct())


def supplements_of(declaration: Declaration) -> list[Declaration]:
    """What was declared on top of a declaration afterwards 补报."""
    found = Declaration.objects.filter(district_id=declaration.district_id, supplements=declaration)
    return list(found.order_by("declared_at"))


def of_day(place: Place, day: dt.date) -> list[Declaration]:
    """What the trader of a place declared for a trade day, the latest first."""
    found = of_trader(place).filter(trade_day=day).exclude(state=Declaration.State.WITHDRAWN)
    return list(found.select_related("product", "origin_region").order_by("-declared_at"))


def latest_products(place: Place, limit: int = 8) -> list[Product]:
    """The products declared last, each once."""
    latest = of_trader(place).filter(product__active=True).values("product_id").annotate(last=Max("declared_at"))
    codes = [row["product_id"] for row in latest.order_by("-last")[:limit]]
    found = Product.objects.select_related("category").in_bulk(codes)
    return [found[code] for code in codes]


def latest_declarations(place: Place, limit: int = 6) -> list[Declaration]:
    """The latest declaration of each product, to do the same again."""
    latest = (
        of_trader(place)
        .exclude(state=Declaration.State.WITHDRAWN)
        .order_by("product_id", "-declared_at")
        .distinct("product_id")
        .values("pk")
    )
    found = Declaration.objects.filter(district_id=place.district_id, pk__in=latest)
    return list(found.select_related("product", "origin_region", "supplier").order_by("-declared_at")[:limit])


def last_of(place: Place, product: Product) -> Declaration | None:
    """The trader's last declaration of this product: where the next one starts from."""
    found = of_trader(place).filter(product=product).exclude(state=Declaration.State.WITHDRAWN)
    return found.select_related("origin_region", "supplier").order_by("-declared_at").first()


def latest_origins(place: Place, product: Product, limit: int = 4) -> list[Region]:
    """The origins this trader named last: for this product first, then for others."""
    used = of_trader(place).values("origin_region_id", "product_id").annotate(last=Max("declared_at"))
    rows = sorted(used.order_by("-last")[:40], key=lambda row: row["product_id"] != product.pk)
    codes = list(dict.fromkeys(row["origin_region_id"] for row in rows))[:limit]
    found = Region.objects.in_bulk(codes)
    return [found[code] for code in codes]


def latest_plates(place: Place, limit: int = 5) -> list[str]:
    used = of_trader(place).exclude(vehicle_plate="").values("vehicle_plate").annotate(last=Max("declared_at"))
    return [row["vehicle_plate"] for row in used.order_by("-last")[:limit]]


def paper_for(actor: Actor, paper_id: uuid.UUID) -> Paper:
    """A paper of a declaration or an intake the person may see. Raises NotFound alike for all others."""
    seen = Q(declaration__in=Declaration.objects.visible_to(actor)) | Q(intake__in=Intake.objects.visible_to(actor))
    paper = Paper.objects.filter(seen, pk=paper_id).exclude(image="").first()
    if paper is None:
        raise NotFound
    return paper
