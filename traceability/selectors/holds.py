"""Pauses of sale: which there are, and how far one reaches."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Sum

from kit import codes
from kit.refusals import NotFound
from registry.actors import Actor
from registry.permissions import may
from traceability.models import Batch, Hold, HoldItem
from traceability.selectors.lineage import with_descendants

ON_HAND = Sum(
    F("items__batch__admitted_kg")
    + F("items__batch__overdrawn_kg")
    - F("items__batch__sold_kg")
    - F("items__batch__withdrawn_kg")
    - F("items__batch__disposed_kg")
    - F("items__batch__returned_kg")
    - F("items__batch__lost_kg")
)


@dataclass(frozen=True)
class Reach:
    """What a pause of some batches stops: they and everything that came of them."""

    batches: int
    places: int
    on_hand_kg: Decimal


def holds_for(actor: Actor) -> QuerySet[Hold]:
    """The pauses that touch goods the person may see, the open and the latest first.

    Each with `batches` and `places` it reaches and `on_hand_kg` of them.
    """
    seen = Batch.objects.visible_to(actor).values("pk")
    touching = HoldItem.objects.filter(district_id=OuterRef("district_id"), hold_id=OuterRef("pk"), batch_id__in=seen)
    return (
        Hold.objects.filter(Exists(touching))
        .select_related("placed_by", "released_by")
        .annotate(batches=Count("items"), places=Count("items__batch__place", distinct=True), on_hand_kg=ON_HAND)
        .order_by(F("released_at").desc(nulls_first=True), "-placed_at", "-id")
    )


def narrowed(holds: QuerySet[Hold], *, q: str = "", reason: str = "", is_open: bool | None = None) -> QuerySet[Hold]:
    """`q` is part of a product's, place's or market's name, of the note, a stall number or a batch's code."""
    if q:
        goods = (
            Q(batch__product__name__icontains=q)
            | Q(batch__place__name__icontains=q)
            | Q(batch__place__stall_no__iexact=q)
            | Q(batch__place__market__name__icontains=q)
        )
        if typed_code := codes.read_typed_code(q):
            goods |= Q(batch__typed_code=typed_code)
        holds = holds.filter(Q(note__icontains=q) | Q(pk__in=HoldItem.objects.filter(goods).values("hold_id")))
    if reason:
        holds = holds.filter(reason=reason)
    if is_open is not None:
        holds = holds.filter(released_at__isnull=is_open)
    return holds


def first_batches(holds: Iterable[Hold]) -> dict[uuid.UUID, Batch]:
    """The batch each pause was ordered for (the first of several)."""
    items = HoldItem.objects.filter(hold__in=[hold.pk for hold in holds], inherited=False)
    found = items.select_related("batch__product", "batch__place__market").order_by("-pk")
    return {item.hold_id: item.batch for item in found}


def hold_for(actor: Actor, hold_id: uuid.UUID) -> Hold:
    """Raises NotFound for a missing one and for one out of reach alike."""
    found = holds_for(actor).filter(pk=hold_id).first()
    if found is None:
        raise NotFound
    return found


def items_for(actor: Actor, hold: Hold) -> QuerySet[HoldItem]:
    """The paused batches the person may see, the ordered ones first."""
    seen = Batch.objects.visible_to(actor).values("pk")
    items = HoldItem.objects.filter(district_id=hold.district_id, hold=hold, batch_id__in=seen)
    return items.select_related("batch__product", "batch__place__market").order_by("inherited", "batch_id")


def may_release(actor: Actor, hold: Hold) -> bool:
    ordered = HoldItem.objects.filter(district_id=hold.district_id, hold=hold, inherited=False)
    items = list(ordered.select_related("batch__place__market"))
    return hold.released_at is None and all(may(actor, "release_hold", place=item.batch.place) for item in items)


def reach_of(batches: Iterable[Batch]) -> Reach:
    """How many batches and places a pause would reach, and the kilos there."""
    ids = [batch.pk for batch in batches]
    found = Batch.objects.filter(pk__in=with_descendants(ids)).aggregate(
        batches=Count("pk"), places=Count("place_id", distinct=True), on_hand_kg=Sum(Batch.ON_HAND)
    )
    return Reach(found["batches"], found["places"], found["on_hand_kg"] or Decimal(0))
