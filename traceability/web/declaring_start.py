"""What a declaration begins with, so that as little as possible is typed."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from django.http import QueryDict

from kit.refusals import NotFound
from registry.models import Base, Place, Product
from registry.selectors.sources import bases_at
from traceability.models import Declaration
from traceability.selectors import declarations as selectors
from traceability.web.forms_taking_in import plain


@dataclass(frozen=True)
class Start:
    """What a declaration begins with: a product, and what is known of it already."""

    product: Product
    base: Base | None = None
    again: Declaration | None = None
    supplements: Declaration | None = None
    amends: Declaration | None = None
    quantity: Decimal | None = None

    @property
    def draft(self) -> str:
        """The key under which the phone keeps what is typed."""
        about = self.amends or self.supplements or self.again or self.base
        return f"declare-{about.pk if about else self.product.pk}"


def start_of(query: QueryDict, place: Place) -> Start | None:
    """What the address says to begin with; None when a product is still to be chosen."""
    earlier = row_asked(selectors.of_trader(place).select_related("product", "base"), query.get("again"))
    more_of = row_asked(selectors.of_trader(place).select_related("product"), query.get("supplements"))
    base = row_asked(bases_at(place).prefetch_related("products"), query.get("base"))
    product = Product.objects.filter(pk=query.get("product", "")[:8], active=True).first()
    about = earlier or more_of
    if about:
        product = about.product
    elif base and product is None and len(base.products.all()) == 1:
        product = base.products.all()[0]
    if product is None:
        return None
    return Start(product, base=base, again=earlier, supplements=more_of, quantity=_decimal(query.get("quantity")))


def row_asked(rows, text):
    """The row of that id, NotFound when there is none; None when no id is asked for."""
    if not text:
        return None
    try:
        found = rows.filter(pk=uuid.UUID(text)).first()
    except ValueError:
        found = None
    if found is None:
        raise NotFound
    return found


def _decimal(text):
    try:
        return Decimal(text) if text else None
    except InvalidOperation:
        return None


def known(start: Start, source: Declaration | None) -> dict[str, Any]:
    """What need not be typed: all of an earlier declaration, or origin, supplier and unit of the last one."""
    initial: dict[str, Any] = {"quantity": start.quantity}
    if source:
        copied = ("origin_detail", "unit", "self_grown", "vehicle_plate")
        initial |= {name: getattr(source, name) for name in copied}
        initial |= {"origin": source.origin_region_id, "supplier": source.supplier_id}
    if source and (start.again or start.amends):
        initial["quantity"] = start.quantity or plain(source.quantity)
    if start.amends:
        initial |= {"upstream_code": source.upstream_code, "note": source.note}
    if start.base:
        initial |= {"origin": start.base.region_id, "origin_detail": start.base.detail or start.base.name}
        initial["supplier"] = start.base.supplier_id or initial.get("supplier")
    return initial
