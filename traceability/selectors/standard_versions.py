"""Items with the versions of their methods and limits: which is in force, which is coming, what was before."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from django.db.models import F, Q, QuerySet

from kit.refusals import NotFound
from registry.models import Product
from traceability.models import TestItem, TestLimit, TestMethod
from traceability.models.test_standards import Versioned

IN_FORCE, COMING, SUPERSEDED, RETIRED = "in_force", "coming", "superseded", "retired"


@dataclass(frozen=True)
class Chain:
    """Every version of one method, or of one item's limit for the same goods: what counts now, what comes, what was."""

    now: Any
    coming: list[Any]
    before: list[Any]
    """The latest first."""

    @property
    def newest(self) -> Any:
        return (self.coming or [self.now or self.before[0]])[-1]

    @property
    def state(self) -> str:
        if self.now is None:
            return COMING
        return RETIRED if self.now.retired else IN_FORCE

    def rows(self) -> Iterator[tuple[Any, str]]:
        """Every version with its state, as they begin."""
        yield from ((row, SUPERSEDED) for row in reversed(self.before))
        if self.now is not None:
            yield self.now, RETIRED if self.now.retired else IN_FORCE
        yield from ((row, COMING) for row in self.coming)


def items_for_editing(*, q: str = "", group: str = "", product: Product | None = None) -> QuerySet[TestItem]:
    """`q` is part of an item's name or code; with a product, the items meant for it or with a limit of its own."""
    found = TestItem.objects.all()
    if product is not None:
        of_product = TestLimit.objects.filter(product=product).values("item")
        found = found.filter(Q(categories__contains=[product.category_id]) | Q(pk__in=of_product))
    elif q:
        found = found.filter(Q(name__icontains=q) | Q(name_en__icontains=q) | Q(code__istartswith=q))
    if group:
        found = found.filter(group=group)
    return found.order_by("-active", "position", "code")


def item_called(code: str) -> TestItem:
    """Raises NotFound."""
    found = TestItem.objects.filter(pk=code).first()
    if found is None:
        raise NotFound
    return found


def version_called(kind: type[Versioned], item: TestItem, version_id: uuid.UUID) -> Versioned:
    """Raises NotFound."""
    found = kind.objects.filter(item=item, pk=version_id).first()
    if found is None:
        raise NotFound
    return found


def chain_of(version: Versioned) -> QuerySet:
    """The versions of the same method, or of the same item's limit for the same goods."""
    same = {"item_id": version.item_id}
    if isinstance(version, TestMethod):
        same["method_no"] = version.method_no
    else:
        same |= {"category_id": version.category_id, "product_id": version.product_id}
    return type(version).objects.filter(**same)


def methods_of(items: Iterable[TestItem], today: dt.date) -> list[Chain]:
    rows = TestMethod.objects.filter(item__in=items).select_related("item")
    order = rows.order_by("item__position", "item", "method_no", "effective_from")
    return chains(order, lambda row: (row.item_id, row.method_no), today)


def limits_of(items: Iterable[TestItem], today: dt.date, *, q: str = "") -> list[Chain]:
    """By item; that of all goods first, then categories, then products. `q` is part of the name of the goods."""
    rows = TestLimit.objects.filter(item__in=items).select_related("item", "category", "product__category")
    if q:
        of_product = Q(product__name__icontains=q) | Q(product__initials__startswith=q.lower())
        rows = rows.filter(of_product | Q(category__name__icontains=q) | Q(category__name_en__icontains=q))
    order = rows.order_by(
        "item__position", "item", F("product__code").asc(nulls_first=True), F("category__code").asc(nulls_first=True),
        "effective_from",
    )  # fmt: skip
    return chains(order, lambda row: (row.item_id, row.product_id, row.category_id), today)


def chains(rows: Iterable[Versioned], key: Callable[[Any], Any], today: dt.date) -> list[Chain]:
    """Rows in the order of `key` and of their first days."""
    return [_chain(list(versions), today) for _key, versions in groupby(rows, key)]


def _chain(versions, today):
    begun = [row for row in versions if row.effective_from <= today]
    coming = [row for row in versions if row.effective_from > today]
    return Chain(now=begun[-1] if begun else None, coming=coming, before=begun[-2::-1] if len(begun) > 1 else [])
