"""作废: a voucher issued by mistake is voided; it stays visible, and its kilos go back to stock."""

from django.db import transaction
from django.db.models import Sum

from kit import clock, locks, public_codes
from kit.transitions import move
from traceability import voucher_rules
from traceability.models import TraceEvent, Voucher
from traceability.refusals import CannotVoid
from traceability.selectors.days import trade_day_at
from traceability.services import events
from traceability.services.batches import unsell_kg
from traceability.services.own import require_own
from traceability.states import VOUCHER


@transaction.atomic
def void(actor, *, voucher, reason: str) -> Voucher:
    """Void a voucher within its trade day, while the buyer has taken nothing in (a buyer who has agrees
    by reversing the intake first). Raises `CannotVoid` with the rule's name as `why`."""
    require_own(actor, "void_voucher", voucher)
    locks.share_goods(voucher.district_id)
    voucher = Voucher.objects.select_for_update(of=("self",)).select_related("place__market").get(pk=voucher.pk)
    at = clock.now()
    taken_kg = voucher.lines.aggregate(taken_kg=Sum("accepted_kg"))["taken_kg"]
    why = voucher_rules.void_refusal(
        sold_on=voucher.trade_day,
        today=trade_day_at(voucher.place, at),
        taken_in=bool(taken_kg),
        buyer_agrees=False,
        reason=reason,
        voided=voucher.state == Voucher.State.VOID,
    )
    if why:
        raise CannotVoid(why=str(why))
    move(
        voucher, VOUCHER, "void", voided_at=at, voided_by_id=actor.account_id, void_reason=reason.strip()[:200]
    )  # fmt: skip
    lines = list(voucher.lines.select_related("batch").order_by("batch_id"))
    for line in lines:
        unsell_kg(line.batch_id, line.district_id, line.weight_kg - line.refused_kg)
    events.record_many(
        {
            "kind": TraceEvent.Kind.VOIDED,
            "place": voucher.place,
            "at": at,
            "actor": actor,
            "batch": line.batch_id,
            "voucher": voucher,
            "weight_kg": line.weight_kg - line.refused_kg,
            "line_id": str(line.id),
            "reason": reason,
        }
        for line in lines
    )
    public_codes.touch(voucher.token, voucher.place.token, *(line.batch.token for line in lines))
    return voucher


@transaction.atomic
def count_reprint(actor, *, voucher) -> int:
    """The number of this reprint 补打: the slip keeps its code and says which copy it is."""
    require_own(actor, "void_voucher", voucher)
    voucher = Voucher.objects.select_for_update(of=("self",)).get(pk=voucher.pk)
    voucher.reprints += 1
    voucher.save(update_fields=["reprints"])
    return voucher.reprints
