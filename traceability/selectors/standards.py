"""Items, methods and limits in force on a day."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db.models import Q, QuerySet

from registry.models import Product
from traceability.judging import Rule
from traceability.models import TestItem, TestLimit, TestMethod


@dataclass(frozen=True)
class Standard:
    """What a reading is judged by: the versions in force, and the rule they make."""

    method: TestMethod | None
    limit: TestLimit | None
    rule: Rule


def items_for(product: Product) -> list[TestItem]:
    """The items meant for goods like this, or all of them when none is meant for its category."""
    active = TestItem.objects.filter(active=True)
    return list(active.filter(categories__contains=[product.category_id])) or list(active)


def methods_in_force(item: TestItem, day: dt.date) -> list[TestMethod]:
    """One version of each method, the newest that has begun; retired ones are left out."""
    begun = TestMethod.objects.filter(item=item, effective_from__lte=day)
    newest = begun.order_by("method_no", "-effective_from").distinct("method_no")
    return [method for method in newest if not method.retired]


def limit_in_force(item: TestItem, product: Product, day: dt.date) -> TestLimit | None:
    """The product's own limit, else its category's, else that of all goods."""
    return limits_in_force(product, day, TestLimit.objects.filter(item=item)).get(item.pk)


def limits_in_force(product: Product, day: dt.date, limits: QuerySet[TestLimit] | None = None) -> dict[str, TestLimit]:
    """By item's code, the narrowest of its limits that are in force for a product."""
    scope = Q(product=product) | Q(product=None, category=product.category_id) | Q(product=None, category=None)
    limits = TestLimit.objects.all() if limits is None else limits
    newest: dict[object, TestLimit] = {}
    for limit in limits.filter(scope, effective_from__lte=day).order_by("-effective_from"):
        newest.setdefault((limit.item_id, limit.product_id, limit.category_id), limit)
    in_force = [limit for limit in newest.values() if not limit.retired]
    widest_first = sorted(in_force, key=lambda limit: (limit.product_id is not None, limit.category_id is not None))
    return {limit.item_id: limit for limit in widest_first}


def standard_for(item: TestItem, product: Product, day: dt.date, method_no: str = "") -> Standard:
    """The method named, or the only or first one in force; a method that is not in force is none."""
    methods = methods_in_force(item, day)
    wanted = [method for method in methods if method.method_no == method_no] if method_no else methods
    method = wanted[0] if wanted else None
    limit = limit_in_force(item, product, day)
    rule = Rule(
        principle=method.principle if method else "",
        limit_kind=limit.kind if limit else "",
        limit=limit.value if limit else None,
        limit_unit=limit.unit if limit else "",
        lod=method.lod if method else None,
        lod_unit=method.unit if method else "",
    )
    return Standard(method, limit, rule)
