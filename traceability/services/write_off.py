"""下架 · 销毁 · 退回 · 损耗: kilos that leave stock other than by a sale, and their way back."""

from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from kit import clock, locks, public_codes
from kit.refusals import Invalid
from traceability.models import StockMove, TraceEvent
from traceability.refusals import NotEnough
from traceability.services import events
from traceability.services.batches import move_kg
from traceability.services.own import require_own


@transaction.atomic
def write_off(actor, *, batch, kind, weight_kg: Decimal, client_key, reason="") -> StockMove:
    """Move kilos out of a batch's stock; a negative weight corrects an earlier move, and says why.

    Sent twice with one `client_key`, it happens once. Raises `NotEnough`, `Invalid`.
    """
    require_own(actor, "write_off", batch)
    locks.one_request(client_key)
    if earlier := StockMove.objects.filter(district_id=batch.district_id, client_key=client_key).first():
        return earlier
    kind = StockMove.Kind(kind)
    if not weight_kg or (weight_kg < 0 and not reason.strip()):
        raise Invalid(fields={"weight_kg": _("Write a weight above zero; a correction needs a reason.")})
    locks.share_goods(batch.district_id)
    made = take_out(actor, batch=batch, kind=kind, weight_kg=weight_kg, client_key=client_key, reason=reason.strip())
    public_codes.touch(batch.place.token, batch.token)
    return made


def take_out(actor, *, batch, kind, weight_kg: Decimal, client_key, reason: str) -> StockMove:
    """The move itself, for whoever may order it. The caller holds the district's goods lock. Raises `NotEnough`."""
    at = clock.now()
    if not move_kg(batch.pk, batch.district_id, f"{kind}_kg", weight_kg):
        raise NotEnough()
    made = StockMove.objects.create(
        district_id=batch.district_id,
        batch=batch,
        kind=kind,
        weight_kg=weight_kg,
        reason=reason[:200],
        moved_by_id=actor.account_id,
        moved_at=at,
        client_key=client_key,
    )
    events.record(
        TraceEvent.Kind.MOVED, place=batch.place, at=at, actor=actor, batch=batch, weight_kg=weight_kg,
        disposition=str(kind), reason=made.reason,
    )  # fmt: skip
    return made
