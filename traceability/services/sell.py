"""销售: goods leave a stall with a voucher that names its buyer (总局令81号 第28条; 食品安全法 第53条)."""

import datetime as dt
from collections import Counter
from dataclasses import dataclass
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from kit import clock, locks, public_codes
from kit.ids import uuid7
from kit.refusals import Invalid
from registry.models import Place, Product
from registry.models.contact import phone_fields
from registry.permissions import require
from traceability import kilos
from traceability.balance import expired
from traceability.models import Batch, TraceEvent, Voucher, VoucherLine
from traceability.refusals import NotSellable
from traceability.selectors.days import trade_day_at
from traceability.services import events
from traceability.services.batches import OPEN_HOLD, sell_kg


@dataclass(frozen=True)
class Buyer:
    """A stall or store, or a walk-in customer 散客 with name and phone."""

    place: Place | None = None
    name: str = ""
    phone: str = ""


@dataclass(frozen=True)
class SaleLine:
    """Kilos of a batch, or of a product: then the stall's oldest saleable batches are taken."""

    weight_kg: Decimal
    batch: Batch | None = None
    product: Product | None = None
    unit_price_fen: int | None = None


@transaction.atomic
def sell(actor, *, place, buyer: Buyer, lines, client_key) -> Voucher:
    """Issue a voucher. A person cannot oversell: every line that cannot be sold as asked is named at once.

    Sent twice with one `client_key`, it is one voucher. Raises `Invalid`, or `NotSellable` with
    `shortages`: dicts of `batch` or `product`, `asked_kg`, `left_kg`, `why` (`held`, `not_admitted`,
    `expired`, `not_enough`).
    """
    require(actor, "sell", place=place)
    locks.one_request(client_key)
    if earlier := Voucher.objects.filter(district_id=place.district_id, client_key=client_key).first():
        return earlier
    check_buyer(place, buyer)
    if not lines or any(line.weight_kg <= 0 for line in lines):
        raise Invalid(fields={"lines": _("Put at least one product with a weight above zero on the slip.")})
    locks.share_goods(place.district_id)
    at = clock.now()
    taken = take_stock(place, lines)
    voucher = issue_voucher(
        place, buyer, taken, at=at, sold_at=at, sold_by_id=actor.account_id, client_key=client_key
    )  # fmt: skip
    record_sale(voucher, at=at, actor=actor)
    return voucher


def check_buyer(place, buyer):
    """Every sale names its buyer: a hold can only reach whom a sale named."""
    if buyer.place is None and not buyer.name.strip():
        raise Invalid(fields={"buyer": _("Scan the buyer's code, choose a buyer, or write the customer's name.")})
    if buyer.place is not None and buyer.place.pk == place.pk:
        raise Invalid(fields={"buyer": _("A stall cannot sell to itself.")})
    if buyer.place is not None and buyer.place.state != Place.State.ACTIVE:
        raise Invalid(fields={"buyer": _("This stall or store is not in use.")})


def take_stock(place, lines) -> list[tuple[Batch, Decimal, int | None]]:
    """Take every line's kilos from stock, or raise `NotSellable` with all shortages. Rows go in key order.

    What is taken of one batch at one price is one part.
    """
    wanted, parts, shortages = Counter(), Counter(), []
    own = {batch.pk: batch for batch in _lock_stock(place, lines)}
    today = trade_day_at(place, clock.now())
    for batch in own.values():
        batch.saleable = batch.state == Batch.State.ADMITTED and not batch.held and not expired(batch.expires_on, today)
    for line in lines:
        for batch, weight_kg in _choose(own, wanted, line, shortages):
            wanted[batch.pk] += weight_kg
            parts[batch.pk, line.unit_price_fen] += weight_kg
    for batch_id in sorted(wanted):
        if not shortages and not sell_kg(batch_id, place.district_id, wanted[batch_id]):
            shortages.append(_shortage(own[batch_id], wanted[batch_id], Decimal(0)))
    if shortages:
        raise NotSellable(shortages=shortages)
    return [(own[batch_id], weight_kg, unit_price_fen) for (batch_id, unit_price_fen), weight_kg in parts.items()]


def _lock_stock(place, lines):
    """The place's batches that the lines may draw on, locked in key order (oldest first)."""
    batch_ids = [line.batch.pk for line in lines if line.batch]
    product_ids = [line.product.pk for line in lines if not line.batch]
    mine = Batch.objects.filter(
        district_id=place.district_id, place=place, organisation_id=place.organisation_id
    ).select_related("product", "origin_region", "declaration")
    by_product = mine.filter(product_id__in=product_ids, state=Batch.State.ADMITTED).with_stock()
    ids = {*mine.filter(pk__in=batch_ids).values_list("pk", flat=True), *by_product.values_list("pk", flat=True)}
    return mine.filter(pk__in=ids).annotate(held=OPEN_HOLD).order_by("pk").select_for_update(of=("self",), no_key=True)


def _choose(own, wanted, line, shortages):
    """Which batches a line draws on, and how much from each; what is lacking goes to `shortages`."""
    if line.batch:
        batch = own.get(line.batch.pk)
        left = batch.kg_on_hand - wanted[batch.pk] if batch else Decimal(0)
        if batch is None or not batch.saleable or left < line.weight_kg:
            shortages.append(_shortage(batch or line.batch, line.weight_kg, left))
            return []
        return [(batch, line.weight_kg)]
    chosen, missing = [], line.weight_kg
    for batch in own.values():
        left = batch.kg_on_hand - wanted[batch.pk]
        if missing and left > 0 and batch.product_id == line.product.pk and batch.saleable:
            chosen.append((batch, min(left, missing)))
            missing -= chosen[-1][1]
    if missing:
        shortages.append(
            {
                "product": line.product.name,
                "asked_kg": str(line.weight_kg),
                "left_kg": str(line.weight_kg - missing),
                "why": "not_enough",
            }
        )
        return []
    return chosen


def _shortage(batch, asked_kg, left_kg):
    return {
        "batch": str(batch.pk),
        "product": batch.product.name,
        "asked_kg": str(asked_kg),
        "left_kg": str(left_kg),
        "why": _why(batch),
    }


def _why(batch):
    if getattr(batch, "held", False):
        return "held"
    if batch.state != Batch.State.ADMITTED:
        return "not_admitted"
    return "not_enough" if getattr(batch, "saleable", True) else "expired"


def issue_voucher(place, buyer, taken, *, at, sold_at: dt.datetime, code=None, amounts=None, **facts) -> Voucher:
    """Write the voucher and its lines, with the names as they are now. `code` is a device's pre-issued one,
    `amounts` the fen a line that its slip shows; else they are reckoned from the prices."""
    voucher_id = facts.pop("id", None) or uuid7()
    code = code or public_codes.issue("v", place.district_id, voucher_id, at)
    if amounts is None:
        amounts = [fen if fen is None else kilos.amount_fen(weight_kg, fen) for _batch, weight_kg, fen in taken]
    voucher = Voucher.objects.create(
        id=voucher_id,
        district_id=place.district_id,
        token=code.token,
        typed_code=code.typed_code,
        place=place,
        organisation_id=place.organisation_id,
        market_name=place.market.name if place.market_id else "",
        seller_name=place.name or place.organisation.name,
        stall_no=place.stall_no,
        seller_phone=place.public_phone or place.organisation.phone,
        trade_day=trade_day_at(place, sold_at),
        sold_at=sold_at,
        recorded_at=at,
        amount_fen=None if None in amounts else sum(amounts),
        **buyer_fields(buyer),
        **facts,
    )
    VoucherLine.objects.bulk_create(
        VoucherLine(
            district_id=place.district_id,
            voucher=voucher,
            position=position,
            batch=batch,
            product_id=batch.product_id,
            product_name=batch.product.name,
            origin_text=origin_text(batch),
            weight_kg=weight_kg,
            unit_price_fen=unit_price_fen,
            amount_fen=amounts[position - 1],
        )
        for position, (batch, weight_kg, unit_price_fen) in enumerate(taken, 1)
    )
    return voucher


def buyer_fields(buyer):
    if buyer.place:
        return {
            "buyer_place_id": buyer.place.pk,
            "buyer_district_id": buyer.place.district_id,
            "buyer_organisation_id": buyer.place.organisation_id,
            "buyer_name": str(buyer.place),
        }
    return {"buyer_name": buyer.name.strip(), **phone_fields(buyer.phone)}


def origin_text(batch) -> str:
    return f"{batch.origin_region.full_name} {batch.origin_detail}".strip()


def record_sale(voucher, *, at, actor):
    """One event a line: each line moved its own batch. Pages of what has run out turn."""
    lines = voucher.lines.all()
    gone = Batch.objects.filter(district_id=voucher.district_id, pk__in=[line.batch_id for line in lines]).sold_out()
    if tokens := gone.values_list("token", flat=True):
        public_codes.touch(voucher.place.token, *tokens)
    events.record_many(
        {
            "kind": TraceEvent.Kind.SOLD,
            "place": voucher.place,
            "at": at,
            "happened_at": voucher.sold_at,
            "actor": actor,
            "batch": line.batch_id,
            "voucher": voucher,
            "weight_kg": line.weight_kg,
            "other_place_id": voucher.buyer_place_id,
            "line_id": str(line.id),
            "offline": voucher.offline,
        }
        for line in lines
    )
