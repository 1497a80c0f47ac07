"""Rapid tests: what waits for one, and what was tested."""

from __future__ import annotations

import datetime as dt

from django.db.models import Exists, OuterRef, Q, QuerySet

from kit import codes, public_codes
from registry.actors import Actor
from traceability.models import Batch, RapidTest
from traceability.selectors.on_sale import OPEN_HOLD


def waiting_for_test(actor: Actor) -> QuerySet[Batch]:
    """Batches admitted for want of a quality proof, the oldest first; those already paused wait for a laboratory."""
    return (
        Batch.objects.visible_to(actor)
        .filter(state=Batch.State.PENDING_TEST)
        .filter(~Exists(OPEN_HOLD))
        .with_stock()
        .select_related("product", "place__market", "origin_region")
        .order_by("made_at", "id")
    )


def batch_called(actor: Actor, text: str) -> Batch | None:
    """The batch of a code as typed, scanned or pasted, when the person may see it."""
    token = codes.read_token(text.strip().rstrip("/").rsplit("/", 1)[-1])
    code = public_codes.look_up(token) if token else public_codes.look_up_typed(text)
    if code is None or code.kind != "b":
        return None
    seen = Batch.objects.visible_to(actor).select_related("product__category", "place__market", "place__organisation")
    return seen.filter(district_id=code.district_id, pk=code.target_id).first()


def batches_called(batches: QuerySet[Batch], q: str) -> QuerySet[Batch]:
    """`q` is part of a product's or place's name, a product's initials, or a stall number."""
    if not q:
        return batches
    return batches.filter(
        Q(product__name__icontains=q)
        | Q(product__initials__startswith=q.lower())
        | Q(place__name__icontains=q)
        | Q(place__stall_no__istartswith=q)
    )


def recently_held(actor: Actor) -> QuerySet[Batch]:
    """Batches with kilos left that may be tested, the latest first."""
    return (
        Batch.objects.visible_to(actor)
        .exclude(state=Batch.State.VOID)
        .with_stock()
        .select_related("product", "place__market", "origin_region")
        .order_by("-made_at", "-id")
    )


def tests_for(actor: Actor) -> QuerySet[RapidTest]:
    """The tests of goods within reach, the latest first."""
    found = RapidTest.objects.visible_to(actor).select_related(
        "sample", "batch", "product", "item", "method", "point", "place__market", "tested_by", "organisation"
    )
    return found.annotate(
        held=Exists(OPEN_HOLD.filter(batch_id=OuterRef("batch_id")))
    ).order_by("-tested_at", "-id")  # fmt: skip


def narrowed(
    tests: QuerySet[RapidTest], *, q: str = "", result: str = "", item: str = "", since: dt.date | None = None,
    until: dt.date | None = None,
) -> QuerySet[RapidTest]:  # fmt: skip
    """`q` is part of a product's, place's or item's name, a stall number, or a batch's code."""
    if q:
        found = (
            Q(product__name__icontains=q)
            | Q(product__initials__startswith=q.lower())
            | Q(place__name__icontains=q)
            | Q(place__stall_no__iexact=q)
            | Q(place__market__name__icontains=q)
            | Q(item__name__icontains=q)
        )
        if typed_code := codes.read_typed_code(q):
            found |= Q(batch__typed_code=typed_code)
        tests = tests.filter(found)
    if result:
        tests = tests.filter(result=result)
    if item:
        tests = tests.filter(item_id=item)
    if since:
        tests = tests.filter(tested_at__date__gte=since)
    if until:
        tests = tests.filter(tested_at__date__lte=until)
    return tests


def tested_by(actor: Actor, day: dt.date) -> QuerySet[RapidTest]:
    """One's own tests of a day."""
    return tests_for(actor).filter(tested_by_id=actor.account_id, tested_at__date=day)
