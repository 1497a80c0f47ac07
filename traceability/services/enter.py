"""手工登记: goods that came without a voucher of ours are entered by hand (食品安全法 第65条)."""

import datetime as dt
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from kit import clock, locks, public_codes
from kit.refusals import Conflict, Invalid
from registry.models import Place
from registry.permissions import require
from traceability import kilos
from traceability.models import Intake, Paper, TraceEvent
from traceability.selectors.days import trade_day_at
from traceability.services import events
from traceability.services.batches import make_batch
from traceability.services.declare import ORIGIN_LEVELS, foreign
from traceability.services.papers import add_papers, evidence_of

OLDEST = dt.timedelta(days=7)


@transaction.atomic
def enter_intake(
    actor, *, place, product, quantity: Decimal, unit, origin_region, supplier, client_key, origin_detail="",
    source=Intake.Source.MANUAL, external_code="", unit_price_fen=None, papers=(), trade_day: dt.date | None = None,
) -> Intake:  # fmt: skip
    """Enter goods by hand, for today or up to a week back (then marked late).

    `supplier` is one of the trader's own suppliers. Sent twice with one `client_key`, it is one entry.
    Raises `Invalid` with every wrong field at once.
    """
    require(actor, "take_in", place=place)
    locks.one_request(client_key)
    if earlier := Intake.objects.filter(district_id=place.district_id, client_key=client_key).first():
        return earlier
    if place.state != Place.State.ACTIVE:
        raise Conflict(_("This place is not in use."), code="place_not_in_use")
    at = clock.now()
    today = trade_day_at(place, at)
    trade_day = trade_day or today
    weight_kg = _checked(
        product, origin_region, quantity, unit, trade_day, today, **foreign(place, supplier=supplier)
    )  # fmt: skip
    locks.share_goods(place.district_id)
    photographed = [Paper(kind=paper.kind, image="photo" if paper.photo else "") for paper in papers]
    batch = make_batch(
        place=place,
        organisation_id=place.organisation_id,
        product=product,
        origin_region_id=origin_region.pk,
        origin_detail=origin_detail,
        weight_kg=weight_kg,
        trade_day=trade_day,
        at=at,
        evidence_level=evidence_of(photographed),
    )
    intake = Intake.objects.create(
        district_id=place.district_id,
        source=source,
        place=place,
        organisation_id=place.organisation_id,
        batch=batch,
        product=product,
        quantity=quantity,
        unit=unit,
        weight_kg=weight_kg,
        origin_region=origin_region,
        origin_detail=origin_detail,
        supplier=supplier,
        supplier_name=supplier.name,
        supplier_address=supplier.address,
        supplier_phone=supplier.phone,
        external_code=external_code,
        unit_price_fen=unit_price_fen,
        trade_day=trade_day,
        taken_at=at,
        taken_by_id=actor.account_id,
        late=trade_day < today,
        client_key=client_key,
    )
    add_papers(papers, actor=actor, at=at, intake=intake)
    type(supplier).objects.filter(pk=supplier.pk).update(last_used_at=at)
    events.record(
        TraceEvent.Kind.TAKEN_IN, place=place, at=at, actor=actor, batch=batch, weight_kg=weight_kg,
        intake_id=str(intake.id), source=source, product=product.pk, origin=origin_region.pk,
    )  # fmt: skip
    public_codes.touch(place.token)
    return intake


def _checked(product, origin_region, quantity, unit, trade_day, today, **wrong):
    if origin_region.level not in ORIGIN_LEVELS:
        wrong["origin_region"] = _("Choose the county the goods come from; a province or city is not enough.")
    if not today - OLDEST <= trade_day <= today:
        wrong["trade_day"] = _("Goods can be entered for today or up to seven days back.")
    weight_kg = None
    try:
        weight_kg = kilos.to_kg(quantity, unit, product.kg_per_unit)
    except ValueError:
        wrong["quantity"] = _("Write a quantity above zero, in a unit this product is traded in.")
    if wrong:
        raise Invalid(fields=wrong)
    return weight_kg
