"""Making a batch, and moving its kilos: each move one conditional UPDATE, backed by a CHECK."""

from decimal import Decimal

from django.db.models import Exists, F, OuterRef

from kit import public_codes
from kit.ids import uuid7
from traceability.balance import expires_on
from traceability.models import Batch, Hold, HoldItem

ZERO = Decimal(0)


def make_batch(
    *, place, organisation_id, product, origin_region_id, origin_detail, weight_kg, trade_day, at, evidence_level,
    state=Batch.State.ADMITTED, declaration=None, line=None,
) -> Batch:  # fmt: skip
    """A new batch with its public code. One born of a voucher line inherits its parent's open holds.

    The caller holds the district's goods lock.
    """
    batch_id = uuid7()
    code = public_codes.issue("b", place.district_id, batch_id, at)
    batch = Batch.objects.create(
        id=batch_id,
        district_id=place.district_id,
        token=code.token,
        typed_code=code.typed_code,
        state=state,
        place=place,
        organisation_id=organisation_id,
        product=product,
        origin_region_id=origin_region_id,
        origin_detail=origin_detail,
        declaration=declaration,
        source_line_id=line and line.id,
        source_district_id=line.district_id if line else "",
        parent_id=line and line.batch_id,
        trade_day=trade_day,
        made_at=at,
        expires_on=expires_on(trade_day, product.shelf_days),
        evidence_level=evidence_level,
        admitted_kg=weight_kg,
    )
    if line:
        _inherit_holds(batch, line, at)
    return batch


def _inherit_holds(batch, line, at):
    for item in HoldItem.objects.filter(batch_id=line.batch_id, released_at__isnull=True).select_related("hold"):
        HoldItem.objects.create(
            district_id=batch.district_id,
            hold=hold_here(item.hold, batch.district_id, at),
            batch=batch,
            inherited=True,
            placed_at=item.placed_at,
        )


def hold_here(hold, district_id, at) -> Hold:
    """The hold itself, or this district's answer to a hold of another one."""
    if hold.district_id == district_id:
        return hold
    answer, _made = Hold.objects.get_or_create(
        district_id=district_id,
        spread_from_id=hold.id,
        defaults={"reason": hold.reason, "note": hold.note, "placed_at": at, "client_key": hold.id},
    )
    return answer


OPEN_HOLD = Exists(
    HoldItem.objects.filter(
        district_id=OuterRef("district_id"), batch_id=OuterRef("pk"), released_at__isnull=True
    )
)  # fmt: skip


def sell_kg(batch_id, district_id, weight_kg) -> bool:
    """Move kilos to sold where the batch is saleable and has them; False when it is not or has not."""
    return bool(
        Batch.objects.filter(
            ~OPEN_HOLD,
            district_id=district_id,
            pk=batch_id,
            state=Batch.State.ADMITTED,
            admitted_kg__gte=Batch.OUT - F("overdrawn_kg") + weight_kg,
        ).update(sold_kg=F("sold_kg") + weight_kg)
    )


def unsell_kg(batch_id, district_id, weight_kg) -> None:
    """Sold kilos come back: a voucher was voided, or the buyer refused them. What a device had sold
    beyond the stock shrinks first, since those kilos were never there."""
    batch = Batch.objects.select_for_update().get(district_id=district_id, pk=batch_id)
    overdrawn_back = min(batch.overdrawn_kg, weight_kg)
    batch.sold_kg -= weight_kg
    batch.overdrawn_kg -= overdrawn_back
    batch.save(update_fields=["sold_kg", "overdrawn_kg"])


def move_kg(batch_id, district_id, column, weight_kg) -> bool:
    """Move kilos of stock into `column` (`withdrawn_kg` …), or back out when negative; False when there
    are not that many. A held batch may be written off: that is how held goods are dealt with."""
    found = Batch.objects.filter(district_id=district_id, pk=batch_id).exclude(state=Batch.State.VOID)
    if weight_kg > 0:
        found = found.filter(admitted_kg__gte=Batch.OUT - F("overdrawn_kg") + weight_kg)
    else:
        found = found.filter(**{f"{column}__gte": -weight_kg})
    return bool(found.update(**{column: F(column) + weight_kg}))
