"""暂停销售: goods stop, with everything that came from them, in one transaction."""

from collections import defaultdict

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from kit import bulk, clock, locks, outbox
from kit.bulk import any_of
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
    reached = Batch.objects.filter(pk__in=any_of(whole)).exclude(pk__in=covered).order_by("pk")
    by_district = defaultdict(list)
    for district_id, batch_id, place_id in reached.values_list("district_id", "pk", "place_id"):
        by_district[district_id].append((batch_id, place_id))
    here = by_district.pop(hold.district_id, [])
    batch_ids = [batch_id for batch_id, _ in here]
    inherited = [batch_id not in ordered for batch_id in batch_ids]
    bulk.insert_many(
        HoldItem, {"batch_id": batch_ids, "inherited": inherited}, once=True, district_id=hold.district_id,
        hold_id=hold.id, placed_at=at,
    )  # fmt: skip
    _tell(TraceEvent.Kind.HELD, hold, here, at, actor)
    tell_places(
        hold.district_id, {place_id for _, place_id in here}, "goods_held",
        {"reason": str(hold.reason), "batches": len(here)},
        url=reverse("open", args=[batches[0].token]), once_key=f"hold:{hold.id}",
    )  # fmt: skip
    for district_id in sorted(by_district):
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
    lifted = list(items.order_by("pk").values_list("batch_id", "batch__place_id", "batch__token"))
    items.update(released_at=at)
    _tell(TraceEvent.Kind.RELEASED, hold, [row[:2] for row in lifted], at, actor)
    if lifted:
        tell_places(
            hold.district_id, {place_id for _, place_id, _ in lifted}, "goods_released", {"batches": len(lifted)},
            url=reverse("open", args=[lifted[0][2]]), once_key=f"release:{hold.id}",
        )  # fmt: skip


def _tell(kind, hold, goods, at, actor):
    """The ledger's line for each batch; `goods` are pairs of a batch's id and its place's."""
    events.record_of_batches(
        kind, district_id=hold.district_id, batch_ids=[batch_id for batch_id, _ in goods],
        place_ids=[place_id for _, place_id in goods], at=at, actor=actor, hold_id=str(hold.id),
        reason=str(hold.reason),
    )  # fmt: skip
