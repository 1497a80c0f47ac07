"""扫码入账: a buyer takes a voucher's goods in, refuses them, or both, by weight; nothing is typed."""

from dataclasses import dataclass
from decimal import Decimal

from django.db import IntegrityError, transaction
from django.db.models import F
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from kit import clock, locks, public_codes
from kit.refusals import Conflict, Invalid
from registry.models import Place
from registry.permissions import require
from traceability import voucher_rules
from traceability.models import Intake, LineRefusal, TraceEvent, Voucher, VoucherLine
from traceability.refusals import AlreadyTakenIn, NotYourVoucher, VoucherIsVoid
from traceability.selectors.days import trade_day_at
from traceability.services import events
from traceability.services.batches import make_batch, unsell_kg
from traceability.services.news import tell_place
from traceability.voucher_rules import LineKilos

ZERO = Decimal(0)


@dataclass(frozen=True)
class Answer:
    """What the buyer says to one line: kilos taken in, kilos refused and why."""

    line_id: object
    accept_kg: Decimal = ZERO
    refuse_kg: Decimal = ZERO
    reason: str = ""


@transaction.atomic
def take_in(actor, *, place, voucher, answers, client_key) -> list[Intake]:
    """Take lines of a voucher in at a place: each makes a child batch there, and cannot be taken twice.

    The voucher must name this place's trader, here or at another of his places (a delivery split by
    weight), or a walk-in customer. Refused kilos go back to the seller's batch. Sent twice with one
    `client_key`, it happens once. Raises `NotYourVoucher`, `VoucherIsVoid`, `AlreadyTakenIn`, `NotEnough`, `Invalid`.
    """
    require(actor, "take_in", place=place)
    if place.state != Place.State.ACTIVE:
        raise Conflict(_("This place is not in use."), code="place_not_in_use")
    locks.share_goods_of(place.district_id, voucher.district_id)
    voucher = (
        Voucher.objects.select_for_update(of=("self",), no_key=True).select_related("place__market").get(pk=voucher.pk)
    )
    sent_before = {"district_id": place.district_id, "client_key": client_key}
    earlier = list(Intake.objects.filter(**sent_before).select_related("batch", "product"))
    if earlier or LineRefusal.objects.filter(**sent_before).exists():
        return earlier
    _check_voucher(voucher, place)
    at = clock.now()
    lines = {
        line.pk: line
        for line in VoucherLine.objects.filter(district_id=voucher.district_id, voucher=voucher).select_related(
            "batch", "product"
        )
    }
    intakes, refused = [], []
    for answer in sorted(_checked(answers, lines), key=lambda answer: lines[answer.line_id].batch_id):
        line = lines[answer.line_id]
        _settle(line, answer)
        if answer.accept_kg:
            intakes.append(_take(actor, place, voucher, line, answer.accept_kg, at, client_key))
        if answer.refuse_kg:
            refused.append(_refuse(actor, place, voucher, line, answer, at, client_key))
    back = [lines[each.voucher_line_id].batch.token for each in refused]
    public_codes.touch(place.token, *([voucher.place.token, *back] if refused else []))
    if refused:
        tell_place(
            voucher.place, "goods_refused", {"buyer": str(place), "weight_kg": str(sum(r.weight_kg for r in refused))},
            url=reverse("voucher", args=[voucher.id]), once_key=f"refused:{client_key}",
        )  # fmt: skip
    return intakes


def _check_voucher(voucher, place):
    if voucher.state == Voucher.State.VOID:
        raise VoucherIsVoid(reason=voucher.void_reason)
    mine = voucher.buyer_organisation_id == place.organisation_id
    if voucher.place_id == place.pk or (voucher.buyer_place_id and not mine):
        raise NotYourVoucher()


def _checked(answers, lines):
    """The answers that say something, or `Invalid` with every wrong one."""
    wrong, kept = {}, []
    for answer in answers:
        line = lines.get(answer.line_id)
        if line is None:
            raise Invalid(_("This line is not on the voucher."), code="unknown_line")
        if not answer.accept_kg and not answer.refuse_kg:
            continue
        left = LineKilos(sold_kg=line.weight_kg, taken_kg=line.accepted_kg, refused_kg=line.refused_kg)
        why = voucher_rules.settle_refusal(
            left, take_kg=answer.accept_kg, refuse_kg=answer.refuse_kg, reason=answer.reason
        )
        if why == "settled":
            raise AlreadyTakenIn(product=line.product_name)
        if why:
            wrong[f"line_{line.pk}"] = _SETTLE_WORDS[str(why)]
        kept.append(answer)
    if not kept and not wrong:
        wrong["lines"] = _("Choose what you take in or refuse.")
    if wrong:
        raise Invalid(fields=wrong)
    return kept


_SETTLE_WORDS = {
    "nothing": _("Write how many kilograms."),
    "too_much": _("That is more than is left on this line."),
    "reason_missing": _("Say why the goods are refused."),
}


def _settle(line, answer):
    """The line's kilos move in one conditional UPDATE: two people with the slip cannot take it twice."""
    found = VoucherLine.objects.filter(
        district_id=line.district_id,
        pk=line.pk,
        weight_kg__gte=F("accepted_kg") + F("refused_kg") + answer.accept_kg + answer.refuse_kg,
    )
    if not found.update(accepted_kg=F("accepted_kg") + answer.accept_kg, refused_kg=F("refused_kg") + answer.refuse_kg):
        raise AlreadyTakenIn(product=line.product_name)


def _take(actor, place, voucher, line, weight_kg, at, client_key):
    today = trade_day_at(place, at)
    batch = make_batch(
        place=place,
        organisation_id=place.organisation_id,
        product=line.product,
        origin_region_id=line.batch.origin_region_id,
        origin_detail=line.batch.origin_detail,
        weight_kg=weight_kg,
        trade_day=voucher.trade_day,
        at=at,
        evidence_level=line.batch.evidence_level,
        line=line,
    )
    try:
        with transaction.atomic():
            intake = Intake.objects.create(
                district_id=place.district_id,
                source=Intake.Source.VOUCHER,
                place=place,
                organisation_id=place.organisation_id,
                batch=batch,
                voucher_line_id=line.id,
                voucher_district_id=line.district_id,
                product=line.product,
                quantity=weight_kg,
                unit="kg",
                weight_kg=weight_kg,
                origin_region_id=batch.origin_region_id,
                origin_detail=batch.origin_detail,
                supplier_name=voucher.seller_name,
                supplier_market=voucher.market_name,
                supplier_address=f"{voucher.market_name} {voucher.stall_no}".strip(),
                supplier_phone=voucher.seller_phone,
                unit_price_fen=line.unit_price_fen,
                trade_day=voucher.trade_day,
                taken_at=at,
                taken_by_id=actor.account_id,
                late=today > voucher.trade_day,
                client_key=client_key,
            )
    except IntegrityError as error:
        raise AlreadyTakenIn(product=line.product_name) from error
    events.record(
        TraceEvent.Kind.TAKEN_IN, place=place, at=at, actor=actor, batch=batch, voucher=voucher,
        weight_kg=weight_kg, other_place_id=voucher.place_id, parent_batch_id=str(line.batch_id), line_id=str(line.id),
        intake_id=str(intake.id), source=intake.source,
    )  # fmt: skip
    return intake


def _refuse(actor, place, voucher, line, answer, at, client_key):
    refusal = LineRefusal.objects.create(
        district_id=place.district_id,
        voucher_line_id=line.id,
        voucher_district_id=line.district_id,
        place=place,
        organisation_id=place.organisation_id,
        weight_kg=answer.refuse_kg,
        reason=answer.reason.strip()[:200],
        refused_at=at,
        refused_by_id=actor.account_id,
        client_key=client_key,
    )
    unsell_kg(line.batch_id, line.district_id, answer.refuse_kg)
    events.record(
        TraceEvent.Kind.REFUSED, place=place, at=at, actor=actor, batch=line.batch_id, voucher=voucher,
        weight_kg=answer.refuse_kg, other_place_id=voucher.place_id, line_id=str(line.id), reason=refusal.reason,
    )  # fmt: skip
    return refusal
