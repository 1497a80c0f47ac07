"""暂停销售: goods stop, with everything that came from them, in one transaction."""

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from kit import clock, locks
from kit.refusals import Conflict, Invalid
from registry.permissions import require
from traceability.models import Batch, Hold, HoldItem, TraceEvent
from traceability.selectors.lineage import with_descendants
from traceability.services import events
from traceability.services.news import tell_places


class AlreadyReleased(Conflict):
    code = "already_released"
    message = _("This pause has already been lifted.")


@transaction.atomic
def place_hold(actor, *, batches, reason, client_key, note="") -> Hold:
    """Pause batches and all their descendants. Once this commits, nothing of them is sold by a person,
    and no child is born of them that is not paused too. Sent twice with one `client_key`, it is one hold."""
    for batch in batches:
        require(actor, "place_hold", place=batch.place)
    return pause(actor, batches=batches, reason=reason, client_key=client_key, note=note)


def pause(actor, *, batches, reason, client_key, note="") -> Hold:
    """The pause itself, for whoever may order it: a person with the verb, or the rule after a test."""
    district_id = batches[0].district_id
    locks.own_goods(district_id)
    if earlier := Hold.objects.filter(district_id=district_id, client_key=client_key).first():
        return earlier
    at = clock.now()
    hold = Hold.objects.create(
        district_id=district_id,
        reason=reason,
        note=note[:200],
        placed_by_id=actor.account_id,
        placed_at=at,
        client_key=client_key,
    )
    ordered = {batch.pk for batch in batches}
    reached = Batch.objects.filter(district_id=district_id, pk__in=with_descendants(ordered)).select_related("place")
    reached = list(reached.order_by("pk"))
    HoldItem.objects.bulk_create(
        [
            HoldItem(
                district_id=district_id, hold=hold, batch=batch, inherited=batch.pk not in ordered, placed_at=at
            )
            for batch in reached
        ],
        batch_size=1000,
    )  # fmt: skip
    events.record_many(_event(TraceEvent.Kind.HELD, batch, at, actor, hold) for batch in reached)
    tell_places(
        district_id, {batch.place_id for batch in reached}, "goods_held",
        {"reason": str(reason), "batches": len(reached)},
        url=reverse("open", args=[batches[0].token]), once_key=f"hold:{hold.id}",
    )  # fmt: skip
    return hold


@transaction.atomic
def release_hold(actor, *, hold, note: str) -> Hold:
    """Lift one pause. A batch under another one stays paused. Raises `AlreadyReleased`."""
    items = list(
        HoldItem.objects.filter(district_id=hold.district_id, hold=hold).select_related("batch__place").order_by("pk")
    )
    for item in items:
        if not item.inherited:
            require(actor, "release_hold", place=item.batch.place)
    if not note.strip():
        raise Invalid(fields={"note": _("Say why the goods may be sold again.")})
    locks.own_goods(hold.district_id)
    at = clock.now()
    open_hold = Hold.objects.filter(district_id=hold.district_id, pk=hold.pk, released_at=None)
    if not open_hold.update(released_at=at, released_by=actor.account_id, release_note=note.strip()[:200]):
        raise AlreadyReleased()
    HoldItem.objects.filter(district_id=hold.district_id, hold=hold, released_at=None).update(released_at=at)
    events.record_many(_event(TraceEvent.Kind.RELEASED, item.batch, at, actor, hold) for item in items)
    tell_places(
        hold.district_id, {item.batch.place_id for item in items}, "goods_released", {"batches": len(items)},
        url=reverse("open", args=[items[0].batch.token]), once_key=f"release:{hold.id}",
    )  # fmt: skip
    hold.refresh_from_db()
    return hold


def _event(kind, batch, at, actor, hold):
    return {
        "kind": kind,
        "place": batch.place,
        "at": at,
        "actor": actor,
        "batch": batch,
        "hold_id": str(hold.id),
        "reason": str(hold.reason),
    }
