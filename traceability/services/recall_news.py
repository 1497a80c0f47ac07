"""Telling the holders of recalled goods, here and in other districts; reminding those who have not answered."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.db.models import F, Q
from django.urls import reverse

from kit import clock, outbox
from registry.actors import Actor
from traceability.models import Recall, RecallNotice, RecallStep
from traceability.selectors.recalls import require_manager
from traceability.services.news import tell_places

REMIND_AFTER = dt.timedelta(hours=24)
ASKED_AGAIN_AFTER = dt.timedelta(hours=1)


def tell_holders(recall: Recall, districts: set[str]) -> None:
    """A line in the inbox of everybody who works at a holder's; in other districts by a job."""
    for district_id in sorted(districts):
        if district_id == recall.district_id:
            tell_recall(recall_id=recall.id, district_id=district_id)
        else:
            outbox.enqueue("traceability.tell_recall", recall_id=recall.id, district_id=district_id)


@transaction.atomic
def tell_recall(*, recall_id, district_id: str) -> None:
    """Tell the holders of one district. May run twice."""
    recall = Recall.objects.select_related("product", "place").get(pk=recall_id)
    _tell(recall, _open_notices(recall).filter(place_district_id=district_id), "recall_notice", f"recall:{recall.id}")


@transaction.atomic
def remind(actor: Actor, *, recall: Recall) -> int:
    """Ask again whoever has not answered, at most once an hour; how many were asked."""
    require_manager(actor, recall)
    return _remind(recall, ASKED_AGAIN_AFTER, actor.account_id)


def remind_due() -> int:
    """Ask again everybody who was last asked a day ago or more, in every recall under way."""
    under_way = Recall.objects.filter(state=Recall.State.OPEN, drill=False).select_related("product", "place")
    return sum(_remind(recall, REMIND_AFTER, None) for recall in under_way.order_by("pk"))


@transaction.atomic
def _remind(recall, after, by_id) -> int:
    if recall.state != Recall.State.OPEN or recall.drill:
        return 0
    at = clock.now()
    due = _open_notices(recall).filter(
        Q(reminded_at__isnull=True, sent_at__lte=at - after) | Q(reminded_at__lte=at - after)
    )
    asked = list(due.order_by("pk").select_for_update(no_key=True).values_list("pk", flat=True))
    if not asked:
        return 0
    told = RecallNotice.objects.filter(district_id=recall.district_id, pk__in=asked)
    _tell(recall, told, "recall_reminder", f"recall:{recall.id}:{at.isoformat()}")
    told.update(reminded_at=at, reminders=F("reminders") + 1)
    RecallStep.objects.create(
        district_id=recall.district_id, recall=recall, kind="reminded", at=at, by_id=by_id, data={"holders": len(asked)}
    )
    return len(asked)


def _open_notices(recall):
    return RecallNotice.objects.filter(
        district_id=recall.district_id, recall=recall, state=RecallNotice.State.SENT
    )  # fmt: skip


def _tell(recall, notices, kind, once_key):
    places: dict[str, set] = {}
    told = notices.filter(place_id__isnull=False).values_list("place_district_id", "place_id")
    for district_id, place_id in told:
        places.setdefault(district_id, set()).add(place_id)
    for district_id, place_ids in sorted(places.items()):
        tell_places(
            district_id, place_ids, kind, {"product": recall.product.name, "from": str(recall.place)},
            url=reverse("recall_answer", args=[recall.id]), once_key=once_key,
        )  # fmt: skip
