"""暂停销售: goods stop, with everything that came from them, in one transaction."""

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from kit import clock, locks, outbox
from kit.refusals import Conflict, Invalid
from registry.actors import Actor
from registry.permissions import require
from traceability.models import Batch, Hold, HoldItem, TraceEvent
from traceability.policies import EVERYTHING
from traceability.selectors.lineage import with_descendants
from traceability.services import events
from traceability.services.batches import hold_here
from traceability.services.news import tell_places

JOB = Actor(account_id=None, name="")


class AlreadyReleased(Conflict):
    code = "already_released"
    message = _("This pause has already been lifted.")


@transaction.atomic
def place_hold(actor, *, batches, reason, client_key, note="") -> Hold:
    """Pause batches and all their descendants. Once this commits, nothing of them is sold by a person,
    and no child is born of them that is not paused too. Sent twice with one `client_key`, it is one hold."""
    if len({batch.district_id for batch in batches}) != 1:
        raise Invalid(fields={"batches": _("Choose batches of one district.")})
    for batch in batches:
        require(actor, "place_hold", place=batch.place)
    return pause(actor, batches=batches, reason=reason, client_key=client_key, note=note)


def pause(actor, *, batches, reason, client_key, note="", reach=EVERYTHING) -> Hold:
    """The pause itself, for whoever may order it: a person with the verb, or the rule after a test. With `reach`
    `holder` it stops these batches alone, until `widen` takes it further."""
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
    _cover(actor, hold, batches, at, reach)
    return hold


def widen(actor, *, hold) -> Hold:
    """Take a hold that stopped one holder's goods to everything that came from them."""
    locks.own_goods(hold.district_id)
    if Hold.objects.filter(district_id=hold.district_id, pk=hold.pk, released_at=None).exists():
        batches = Batch.objects.filter(district_id=hold.district_id, holds__hold=hold, holds__inherited=False)
        _cover(actor, hold, list(batches.order_by("pk")), clock.now())
    return hold


def _cover(actor, hold, batches, at, reach=EVERYTHING):
    """Put these batches and all their descendants in the hold's district under it; other districts by a job."""
    ordered = {batch.pk for batch in batches}
    whole = with_descendants(ordered) if reach == EVERYTHING else ordered
    covered = HoldItem.objects.filter(district_id=hold.district_id, hold=hold, released_at=None).values("batch_id")
    reached = Batch.objects.filter(pk__in=whole).exclude(pk__in=covered).select_related("place").order_by("pk")
    here = [batch for batch in reached if batch.district_id == hold.district_id]
    HoldItem.objects.bulk_create(
        [
            HoldItem(
                district_id=hold.district_id, hold=hold, batch=batch, inherited=batch.pk not in ordered, placed_at=at
            )
            for batch in here
        ],
        batch_size=1000,
        ignore_conflicts=True,
    )  # fmt: skip
    events.record_many(_event(TraceEvent.Kind.HELD, batch, at, actor, hold) for batch in here)
    tell_places(
        hold.district_id, {batch.place_id for batch in here}, "goods_held",
        {"reason": str(hold.reason), "batches": len(here)},
        url=reverse("open", args=[batches[0].token]), once_key=f"hold:{hold.id}",
    )  # fmt: skip
    for district_id in sorted({batch.district_id for batch in reached} - {hold.district_id}):
        outbox.enqueue("traceability.spread_hold", hold_id=hold.id, district_id=district_id)


@transaction.atomic
def spread_hold(*, hold_id, district_id) -> None:
    """Answer a hold of another district in this one, for the goods that went there. May run twice."""
    source = Hold.objects.get(pk=hold_id)
    if source.released_at:
        return
    locks.own_goods(district_id)
    at = clock.now()
    batches = list(Batch.objects.filter(holds__hold=source).order_by("pk"))
    _cover(JOB, hold_here(source, district_id, at), batches, at)


@transaction.atomic
def spread_release(*, hold_id) -> None:
    """Lift the answers that other districts gave to a hold that has been lifted. May run twice."""
    source = Hold.objects.get(pk=hold_id)
    for answer in Hold.objects.filter(spread_from_id=source.id, released_at=None).order_by("district_id"):
        _lift(JOB, answer, source.release_note)


@transaction.atomic
def release_hold(actor, *, hold, note: str) -> Hold:
    """Lift one pause. A batch under another one stays paused. Raises `AlreadyReleased`."""
    ordered = HoldItem.objects.filter(district_id=hold.district_id, hold=hold, inherited=False)
    for item in ordered.select_related("batch__place"):
        require(actor, "release_hold", place=item.batch.place)
    if not note.strip():
        raise Invalid(fields={"note": _("Say why the goods may be sold again.")})
    lift(actor, hold=hold, note=note.strip()[:200])
    hold.refresh_from_db()
    return hold


def lift(actor, *, hold, note: str) -> None:
    """The lifting itself, for whoever may: an officer, or the rule after a laboratory or a second strip cleared the
    goods. Raises `AlreadyReleased`."""
    _lift(actor, hold, note)
    if HoldItem.objects.filter(hold__spread_from_id=hold.id).exists():
        outbox.enqueue("traceability.spread_release", hold_id=hold.id)


def _lift(actor, hold, note):
    locks.own_goods(hold.district_id)
    at = clock.now()
    open_hold = Hold.objects.filter(district_id=hold.district_id, pk=hold.pk, released_at=None)
    if not open_hold.update(released_at=at, released_by=actor.account_id, release_note=note):
        raise AlreadyReleased()
    items = HoldItem.objects.filter(district_id=hold.district_id, hold=hold, released_at=None)
    lifted = list(items.select_related("batch__place").order_by("pk"))
    items.update(released_at=at)
    events.record_many(_event(TraceEvent.Kind.RELEASED, item.batch, at, actor, hold) for item in lifted)
    if lifted:
        tell_places(
            hold.district_id, {item.batch.place_id for item in lifted}, "goods_released", {"batches": len(lifted)},
            url=reverse("open", args=[lifted[0].batch.token]), once_key=f"release:{hold.id}",
        )  # fmt: skip


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
