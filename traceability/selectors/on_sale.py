"""What a place has: its batches with kilos on hand, and what its public page makes of them."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db.models import Count, Exists, Max, OuterRef, Q, QuerySet, Subquery, Sum

from kit import codes
from registry.models import Place
from traceability.models import Batch, HoldItem, Intake, RapidTest

FRESH, LAST_DAY, HELD, WAITING, OVER = "fresh", "last_day", "held", "waiting", "over"
SHELVES = (FRESH, LAST_DAY, HELD, WAITING, OVER)

OPEN_HOLD = HoldItem.objects.filter(
    district_id=OuterRef("district_id"), batch_id=OuterRef("pk"), released_at__isnull=True
)


def stock_of(place: Place) -> QuerySet[Batch]:
    """The batches of the place's present trader that have kilos left, the latest first.

    Each with `on_hand_kg`, `held`, `hold_reason`, `hold_note`, `source_name` and `last_result`
    (of the latest valid rapid test of the batch itself).
    """
    first_hold = OPEN_HOLD.order_by("placed_at")
    intake = Intake.objects.filter(district_id=OuterRef("district_id"), batch_id=OuterRef("pk"))
    tests = (
        RapidTest.objects.filter(district_id=OuterRef("district_id"), batch_id=OuterRef("pk"))
        .exclude(result=RapidTest.Result.INVALID)
        .order_by("-tested_at")
    )
    return (
        Batch.objects.filter(district_id=place.district_id, place=place, organisation_id=place.organisation_id)
        .exclude(state=Batch.State.VOID)
        .with_stock()
        .annotate(
            held=Exists(OPEN_HOLD),
            hold_reason=Subquery(first_hold.values("hold__reason")[:1]),
            hold_note=Subquery(first_hold.values("hold__note")[:1]),
            source_name=Subquery(intake.values("supplier_name")[:1]),
            last_result=Subquery(tests.values("result")[:1]),
        )
        .select_related("product", "origin_region")
        .order_by("-made_at", "-id")
    )


def shelved(batches: QuerySet[Batch], shelf: str, today: dt.date) -> QuerySet[Batch]:
    """On sale (`fresh`, of which `last_day`), on hold, waiting for a test, or past its shelf life and presumed sold."""
    match shelf:
        case "fresh":
            return batches.filter(held=False, expires_on__gte=today, state=Batch.State.ADMITTED)
        case "last_day":
            return batches.filter(held=False, expires_on=today, state=Batch.State.ADMITTED)
        case "held":
            return batches.filter(held=True)
        case "waiting":
            return batches.filter(held=False, state=Batch.State.PENDING_TEST)
        case "over":
            return batches.filter(held=False, expires_on__lt=today, state=Batch.State.ADMITTED)
    return batches


def shelf_of(batch: Batch, today: dt.date) -> str:
    """The shelf of a batch of `stock_of`."""
    if batch.held:
        return HELD
    if batch.state == Batch.State.PENDING_TEST:
        return WAITING
    if batch.expires_on < today:
        return OVER
    return LAST_DAY if batch.expires_on == today else FRESH


def shelf_counts(batches: QuerySet[Batch], today: dt.date) -> dict[str, int]:
    """How many batches of `stock_of` lie on each shelf."""
    on_shelf = Q(held=False, state=Batch.State.ADMITTED)
    shelves = {
        FRESH: on_shelf & Q(expires_on__gte=today),
        LAST_DAY: on_shelf & Q(expires_on=today),
        HELD: Q(held=True),
        WAITING: Q(held=False, state=Batch.State.PENDING_TEST),
        OVER: on_shelf & Q(expires_on__lt=today),
    }
    counts = {f"on_{shelf}": Count("pk", filter=condition) for shelf, condition in shelves.items()}
    found = batches.order_by().aggregate(**counts)
    return {shelf: found[f"on_{shelf}"] for shelf in shelves}


def called(batches: QuerySet[Batch], q: str) -> QuerySet[Batch]:
    """`q` is part of a product's name or its initials, of the origin, of the source, or a typed code."""
    if not q:
        return batches
    found = (
        Q(product__name__icontains=q)
        | Q(product__initials__startswith=q.lower())
        | Q(product__pinyin__startswith=q.lower())
        | Q(origin_region__full_name__icontains=q)
        | Q(source_name__icontains=q)
    )
    if typed_code := codes.read_typed_code(q):
        found |= Q(typed_code=typed_code)
    return batches.filter(found)


@dataclass(frozen=True)
class Today:
    """What was taken in on a trade day. `updated_at` is the latest valid intake of any day."""

    entries: int
    weight_kg: object
    updated_at: dt.datetime | None


def taken_in(place: Place, day: dt.date) -> Today:
    found = Intake.objects.filter(
        district_id=place.district_id, place=place, organisation_id=place.organisation_id, state=Intake.State.VALID
    ).aggregate(
        entries=Count("pk", filter=Q(trade_day=day)),
        weight_kg=Sum("weight_kg", filter=Q(trade_day=day)),
        updated_at=Max("taken_at"),
    )
    return Today(**found)
