"""Recalls: which there are, who has answered, and how well each worked."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Count, F, Max, Q, QuerySet, Sum

from kit import codes
from kit.refusals import NotFound
from registry.actors import Actor
from registry.models import Place
from registry.permissions import VERBS, may, require
from traceability.models import Batch, Recall, RecallItem, RecallNotice, RecallRequest

ZERO = Decimal(0)
SENT, ANSWERED = RecallNotice.State.SENT, RecallNotice.State.ACKNOWLEDGED
SUMS = ("received_kg", "sold_kg", "on_hand_kg", "gone_kg", "presumed_sold_kg", "unaccounted_kg")


@dataclass(frozen=True)
class Effect:
    """How well a recall worked so far. `hours`: from its opening to the last answer, or to now while some are open."""

    holders: int
    answered: int
    expected_kg: Decimal
    answered_expected_kg: Decimal
    found_kg: Decimal
    hours: float

    @property
    def open(self) -> int:
        return self.holders - self.answered

    @property
    def answered_percent(self) -> int:
        return round(100 * self.answered / self.holders) if self.holders else 0

    @property
    def found_percent(self) -> int | None:
        """Of what the answering holders should have had."""
        if not self.answered_expected_kg:
            return None
        return round(100 * self.found_kg / self.answered_expected_kg)


def recalls_for(actor: Actor) -> QuerySet[Recall]:
    """The recalls a person may see, those under way and the latest first, with `holders` and `answered`."""
    return (
        Recall.objects.visible_to(actor)
        .select_related("product", "place__market", "organisation", "opened_by", "batch")
        .annotate(holders=Count("notices"), answered=Count("notices", filter=Q(notices__state=ANSWERED)))
        .order_by(F("closed_at").desc(nulls_first=True), "-opened_at", "-pk")
    )


def narrowed(
    recalls: QuerySet[Recall], *, q: str = "", kind: str = "", state: str = "", drill: bool | None = None
) -> QuerySet[Recall]:  # fmt: skip
    """`q` is part of a product's, place's or operator's name, of the reason, or a batch's code."""
    if q:
        wanted = (
            Q(product__name__icontains=q)
            | Q(place__name__icontains=q)
            | Q(place__stall_no__iexact=q)
            | Q(organisation__name__icontains=q)
            | Q(reason__icontains=q)
        )
        if typed_code := codes.read_typed_code(q):
            wanted |= Q(batch__typed_code=typed_code)
        recalls = recalls.filter(wanted)
    for name, value in (("kind", kind), ("state", state)):
        if value:
            recalls = recalls.filter(**{name: value})
    return recalls if drill is None else recalls.filter(drill=drill)


def recall_for(actor: Actor, recall_id: uuid.UUID) -> Recall:
    """Raises NotFound for a missing one and for one out of reach alike."""
    found = recalls_for(actor).select_related("closed_by", "hold", "case").filter(pk=recall_id).first()
    if found is None:
        raise NotFound
    return found


def may_manage(actor: Actor, recall: Recall) -> bool:
    """Whoever opened it for the operator; for an order, and besides, the officers above."""
    if may(actor, "order_recall", place=recall.place):
        return True
    own = may(actor, "start_recall", place=recall.place) and recall.organisation_id == recall.place.organisation_id
    return own and recall.kind == Recall.Kind.VOLUNTARY


def require_manager(actor: Actor, recall: Recall) -> None:
    if may_manage(actor, recall):
        return
    require(actor, "start_recall", place=recall.place)
    raise NotFound


def may_answer(actor: Actor, notice: RecallNotice) -> bool:
    """Whether the notice is for a place the person works at, under the keeper it was sent to."""
    return any(
        scope.place_id == notice.place_id and scope.organisation_id == notice.organisation_id
        for scope in actor.with_role(*VERBS["answer_recall"])
        if notice.place_id
    )


def holders_of(recall: Recall, *, q: str = "", state: str = "") -> QuerySet[RecallNotice]:
    """The notices of a recall, worst first: not answered with most expected, then found least of what was expected."""
    found = RecallNotice.objects.filter(district_id=recall.district_id, recall=recall)
    if q:
        found = found.filter(holder_name__icontains=q)
    if state:
        found = found.filter(state=state)
    missing = F("expected_kg") - F("found_kg")
    return found.order_by("-state", missing.desc(nulls_first=True), "-expected_kg", "pk")


def notice_for(actor: Actor, notice_id: uuid.UUID) -> RecallNotice:
    found = RecallNotice.objects.visible_to(actor).select_related(
        "recall__product", "recall__place__market", "recall__organisation", "acknowledged_by"
    )
    notice = found.filter(pk=notice_id).first()
    if notice is None:
        raise NotFound
    return notice


def to_answer(actor: Actor) -> QuerySet[RecallNotice]:
    """What the actor's own places still have to answer, the oldest first."""
    found = RecallNotice.objects.for_holder(actor).filter(state=SENT, recall__state=Recall.State.OPEN)
    return found.select_related("recall__product", "recall__place").order_by("sent_at", "pk")


def own_notice(actor: Actor, recall_id: uuid.UUID) -> RecallNotice:
    """The notice of a recall for one of the actor's own places, the open one first."""
    found = RecallNotice.objects.for_holder(actor).filter(recall_id=recall_id).order_by("-state", "pk").first()
    if found is None:
        raise NotFound
    return found


def goods_of(notice: RecallNotice) -> QuerySet[Batch]:
    """The holder's own batches of the recall."""
    if notice.place_id is None:
        return Batch.objects.none()
    items = RecallItem.objects.filter(
        district_id=notice.district_id, recall_id=notice.recall_id, place_id=notice.place_id, upstream=False
    )
    found = Batch.objects.filter(district_id=notice.place_district_id, pk__in=items.values("batch_id"))
    return found.select_related("product", "origin_region").order_by("made_at", "pk")


def effect_of(recall: Recall, now: dt.datetime) -> Effect:
    answered = Q(state=ANSWERED)
    found = RecallNotice.objects.filter(district_id=recall.district_id, recall=recall).aggregate(
        holders=Count("pk"),
        answered=Count("pk", filter=answered),
        expected=Sum("expected_kg"),
        answered_expected=Sum("expected_kg", filter=answered),
        found=Sum("found_kg"),
        last=Max("acknowledged_at"),
    )
    complete = found["holders"] and found["holders"] == found["answered"]
    until = found["last"] if complete else recall.closed_at or now
    return Effect(
        holders=found["holders"],
        answered=found["answered"],
        expected_kg=found["expected"] or ZERO,
        answered_expected_kg=found["answered_expected"] or ZERO,
        found_kg=found["found"] or ZERO,
        hours=round((until - recall.opened_at).total_seconds() / 3600, 1),
    )


def kilos_of(recall: Recall) -> dict[str, Decimal]:
    """The kilograms by kind as they were when the recall was opened; `walk_in_kg` and `waiting_kg` from the slips."""
    items = RecallItem.objects.filter(district_id=recall.district_id, recall=recall, upstream=False)
    sums = items.aggregate(
        start_kg=Sum("received_kg", filter=Q(root=True)), **{f"all_{name}": Sum(name) for name in SUMS}
    )
    notices = RecallNotice.objects.filter(district_id=recall.district_id, recall=recall).aggregate(
        places=Sum("received_kg", filter=Q(place_id__isnull=False)),
        walk_in=Sum("received_kg", filter=Q(place_id__isnull=True)),
    )
    found = {name.removeprefix("all_"): value or ZERO for name, value in sums.items()}
    found["walk_in_kg"] = notices["walk_in"] or ZERO
    found["waiting_kg"] = (notices["places"] or ZERO) - found["received_kg"]
    return found


def batches_of(recall: Recall) -> QuerySet[RecallItem]:
    found = RecallItem.objects.filter(district_id=recall.district_id, recall=recall)
    return found.order_by("-upstream", "-root", "-received_kg", "batch_id")


def places_of(rows) -> dict[uuid.UUID, Place]:
    """The places of notices or items, also those of other districts."""
    wanted = {row.place_id for row in rows if row.place_id}
    return {place.pk: place for place in Place.objects.filter(pk__in=wanted).select_related("market", "town")}


def requests_for(actor: Actor) -> QuerySet[RecallRequest]:
    found = RecallRequest.objects.visible_to(actor)
    return found.select_related("batch__product", "place__market", "organisation", "asked_by", "refused_by", "recall")


def open_requests(actor: Actor) -> QuerySet[RecallRequest]:
    """What waits for the operator's answer, or for an officer after a refusal; the oldest first."""
    return requests_for(actor).exclude(state=RecallRequest.State.FOLLOWED).order_by("asked_at", "pk")


def may_begin(actor: Actor) -> bool:
    """Whether any role of the person starts recalls or asks for them."""
    return actor.has_role(*VERBS["start_recall"], *VERBS["order_recall"])


def request_for(actor: Actor, request_id: uuid.UUID) -> RecallRequest:
    found = requests_for(actor).filter(pk=request_id).first()
    if found is None:
        raise NotFound
    return found
