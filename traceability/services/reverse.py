"""冲正: a mistaken entry is corrected by a reversal that stays visible."""

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from kit import clock, locks, public_codes
from kit.refusals import Invalid
from kit.transitions import move
from traceability.models import Batch, HoldItem, Intake, TraceEvent, VoucherLine
from traceability.refusals import GoodsAreHeld, GoodsHaveMoved
from traceability.services import events
from traceability.services.own import require_own
from traceability.states import BATCH, INTAKE


@transaction.atomic
def reverse_intake(actor, *, intake, reason: str) -> Intake:
    """冲正: undo a mistaken entry, visibly, while nothing of it has left. The voucher's line is open again.

    Goods on hold stay: taken in anew, they would have left their hold behind.
    Raises `GoodsAreHeld`, `GoodsHaveMoved`, `StaleState`, `Invalid`.
    """
    require_own(actor, "take_in", intake)
    if not reason.strip():
        raise Invalid(fields={"reason": _("Say what was wrong with the entry.")})
    locks.share_goods(intake.district_id)
    at = clock.now()
    move(
        intake,
        INTAKE,
        "reversed",
        reversed_at=at,
        reversed_by_id=actor.account_id,
        reversal_reason=reason.strip()[:200],
    )
    batch = Batch.objects.select_for_update(of=("self",)).get(district_id=intake.district_id, pk=intake.batch_id)
    if batch.kg_on_hand != batch.admitted_kg + batch.overdrawn_kg:
        raise GoodsHaveMoved()
    if HoldItem.objects.filter(district_id=batch.district_id, batch=batch, released_at=None).exists():
        raise GoodsAreHeld()
    move(batch, BATCH, "void")
    if intake.voucher_line_id:
        VoucherLine.objects.filter(
            district_id=intake.voucher_district_id, pk=intake.voucher_line_id, accepted_kg__gte=intake.weight_kg
        ).update(accepted_kg=F("accepted_kg") - intake.weight_kg)
    events.record(
        TraceEvent.Kind.REVERSED, place=intake.place, at=at, actor=actor, batch=batch, weight_kg=intake.weight_kg,
        intake_id=str(intake.id), reason=reason,
    )  # fmt: skip
    public_codes.touch(intake.place.token, batch.token)
    return intake
