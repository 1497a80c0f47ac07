"""Booking one sale of a scale: whose it is, what it takes from which batch, what is to be said of it."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import F
from django.urls import reverse

from kit import codes, locks, phones, public_codes
from kit.models import PublicCode
from registry.actors import Actor
from registry.models import Device, DeviceButton, Place
from traceability.balance import expired
from traceability.device_sale import BuyerSent, LineSent, SaleSent, moment_of
from traceability.kilos import MAX_KG
from traceability.models import Batch, HoldItem, Voucher
from traceability.selectors.days import trade_day_at
from traceability.services.batches import OPEN_HOLD
from traceability.services.device_sequences import market_of
from traceability.services.news import tell_market, tell_place
from traceability.services.sell import Buyer, issue_voucher, record_sale

ZERO = Decimal(0)
CLOCK_NOISE = dt.timedelta(seconds=10)
"""By so much a scale's clock may differ from ours without a word."""
IN_TIME = dt.timedelta(seconds=10)
"""A hold placed so shortly before a delta may not have been in it yet."""


class CannotBook(Exception):
    """`code` is one of those of `set_aside` in docs/device-api.md."""

    def __init__(self, code: str, fields: Iterable[str] = ()) -> None:
        self.code = code
        self.fields = list(fields)
        super().__init__(code)


@dataclass(frozen=True)
class Taken:
    """A line with the batch it was taken from, and by how much that went beyond its stock."""

    line: LineSent
    batch: Batch
    overdrawn_kg: Decimal


@dataclass(frozen=True)
class Paused:
    """`violation`: a batch was on hold, or not admitted, when it was sold. `unknowing`: and the scale
    could not know of any of it."""

    violation: bool = False
    unknowing: bool = False


def book_sale(device: Device, sale: SaleSent, *, late: bool, at: dt.datetime) -> dict:
    """The sale as a voucher, and the answer to the scale. Raises CannotBook; then nothing is kept.

    The caller holds the device's row.
    """
    code = _code(device, sale)
    place = _seller(device, sale)
    buyer = _buyer(sale.buyer, place)
    sold_at = min(sale.sold_at, at)
    locks.share_goods(place.district_id)
    taken = _take(device, place, sale.lines, sold_at)
    paused = _paused(taken, sale.cursor, sold_at)
    voucher = issue_voucher(
        place, buyer, [(each.batch, each.line.weight_kg, each.line.unit_price_fen) for each in taken],
        at=at, sold_at=sold_at, code=code, amounts=[each.line.amount_fen for each in taken],
        device=device, device_sequence=sale.sequence, offline=sale.offline, late=late,
        overdrawn=any(each.overdrawn_kg for each in taken),
        held_violation=paused.violation, late_knowledge=paused.unknowing,
    )  # fmt: skip
    public_codes.activate(code.token, device_id=device.id, kind="v", target_id=voucher.id)
    public_codes.touch(code.token)
    record_sale(voucher, at=at, actor=Actor(None, device.name, device_id=device.id))
    _tell(device, voucher, taken, paused)
    marks = {
        "late": late,
        "overdrawn": voucher.overdrawn,
        "held": paused.violation,
        "clock_ahead": sale.sold_at > at + CLOCK_NOISE,
    }
    return {
        "sequence": sale.sequence,
        "result": "recorded",
        "code": None,
        "flags": [name for name, marked in marks.items() if marked],
        "token": voucher.token,
        "lines": [{"batch_token": each.batch.token, "overdrawn_kg": str(each.overdrawn_kg)} for each in taken],
    }


def _code(device, sale) -> PublicCode:
    found = PublicCode.objects.filter(
        pk=codes.read_token(sale.token), kind="v", device_id=device.id, district_id=device.district_id
    ).first()
    if found is None or found.typed_code != codes.read_typed_code(sale.typed_code):
        raise CannotBook("unknown_token")
    if found.state != PublicCode.State.RESERVED:
        raise CannotBook("token_used")
    return found


def _seller(device, sale) -> Place:
    """The stall by the code on its plate, an older one too, if this device serves it."""
    place = _behind(sale.seller_place, Place.Kind.STALL, Place.Kind.STORE)
    if place is None or place.organisation_id is None or not _serves(device, place):
        raise CannotBook("unknown_seller")
    return place


def _serves(device, place: Place) -> bool:
    """A device at a place serves it alone; one of a market, every stall there."""
    if device.place_id:
        return place.pk == device.place_id
    return place.market_id is not None and place.market_id == device.market_id


def _buyer(sent: BuyerSent, seller: Place) -> Buyer:
    if sent.kind == "walk_in":
        try:
            return Buyer(name=sent.name, phone=phones.normalise(sent.phone) if sent.phone else "")
        except phones.BadPhone as error:
            raise CannotBook("invalid", ["buyer.walk_in.phone"]) from error
    place = _behind(sent.token, Place.Kind.STALL if sent.kind == "stall_token" else Place.Kind.STORE)
    if place is None or place.pk == seller.pk:
        raise CannotBook("unknown_buyer")
    return Buyer(place=place)


def _behind(token, *kinds) -> Place | None:
    code = PublicCode.objects.filter(pk=codes.read_token(token), kind__in=["s", "d"]).first()
    if code is None:
        return None
    found = Place.objects.select_related("market", "organisation").filter(
        district_id=code.district_id, pk=code.target_id, kind__in=kinds
    )
    return found.first()


def _take(device, place, lines, sold_at) -> list[Taken]:
    """Every line's kilos from its batch, beyond the stock where they have to. Rows go in key order."""
    products = _products(device, lines)
    own = _locked(place, lines, products.values())
    left = {batch.pk: batch.kg_on_hand for batch in own}
    today = trade_day_at(place, sold_at)
    taken = []
    for position, line in enumerate(lines):
        batch = _by_token(own, line) if line.batch_token else _oldest(own, left, products[line.button], line, today)
        overdrawn_kg = max(ZERO, line.weight_kg - left[batch.pk])
        left[batch.pk] = max(ZERO, left[batch.pk] - line.weight_kg)
        taken.append(Taken(line, batch, overdrawn_kg))
        if batch.sold_kg + sum(each.line.weight_kg for each in taken if each.batch is batch) > MAX_KG:
            raise CannotBook("invalid", [f"lines[{position}].weight_kg"])
    _move(taken)
    return taken


def _products(device, lines) -> dict[int, str]:
    """The product of each button pressed."""
    numbers = {line.button for line in lines if line.button is not None}
    if not numbers:
        return {}
    found = DeviceButton.objects.filter(district_id=device.district_id, device=device, number__in=numbers)
    known = dict(found.values_list("number", "product_id"))
    if numbers - known.keys():
        raise CannotBook("unknown_button")
    return known


def _locked(place, lines, products) -> list[Batch]:
    """The seller's batches that the lines may mean, locked, the oldest first."""
    mine = Batch.objects.filter(district_id=place.district_id, place=place, organisation_id=place.organisation_id)
    tokens = {codes.read_token(line.batch_token) for line in lines if line.batch_token}
    ids = set(mine.filter(token__in=tokens - {None}).values_list("pk", flat=True))
    for product in set(products):
        alike = mine.filter(product_id=product)
        stocked = set(alike.filter(state=Batch.State.ADMITTED).with_stock().values_list("pk", flat=True))
        latest = alike.order_by("-made_at", "-pk").values_list("pk", flat=True)[:1]
        ids |= stocked or set(latest)
    locked = mine.filter(pk__in=ids).select_related("product", "origin_region").annotate(held=OPEN_HOLD)
    return list(locked.order_by("pk").select_for_update(of=("self",), no_key=True))


def _by_token(own, line):
    token = codes.read_token(line.batch_token)
    for batch in own:
        if batch.token == token:
            return batch
    raise CannotBook("unknown_batch")


def _oldest(own, left, product, line, today):
    """The oldest saleable batch with enough left, or else the one with the most left, or else any there was."""
    alike = sorted((batch for batch in own if batch.product_id == product), key=lambda batch: batch.made_at)
    if not alike:
        raise CannotBook("no_batch")
    saleable = [
        batch
        for batch in alike
        if batch.state == Batch.State.ADMITTED and not batch.held and not expired(batch.expires_on, today)
    ]
    enough = (batch for batch in saleable if left[batch.pk] >= line.weight_kg)
    return next(enough, None) or max(saleable or alike, key=lambda batch: left[batch.pk])


def _move(taken):
    sold, overdrawn = defaultdict(Decimal), defaultdict(Decimal)
    for each in taken:
        sold[each.batch] += each.line.weight_kg
        overdrawn[each.batch] += each.overdrawn_kg
    for batch in sorted(sold, key=lambda batch: batch.pk):
        Batch.objects.filter(district_id=batch.district_id, pk=batch.pk).update(
            sold_kg=F("sold_kg") + sold[batch], overdrawn_kg=F("overdrawn_kg") + overdrawn[batch]
        )


def _paused(taken, cursor, sold_at) -> Paused:
    """Whether goods were sold that were on hold then, and whether the delta the scale had could have told."""
    batches = {each.batch.pk for each in taken}
    placed = list(
        HoldItem.objects.filter(
            district_id=taken[0].batch.district_id, batch_id__in=batches, placed_at__lte=sold_at
        )
        .exclude(released_at__lte=sold_at)
        .values_list("placed_at", flat=True)
    )  # fmt: skip
    unadmitted = any(each.batch.state != Batch.State.ADMITTED for each in taken)
    return Paused(bool(placed) or unadmitted, bool(placed) and not unadmitted and _unknowing(min(placed), cursor))


def _unknowing(placed_at, cursor):
    """Whether the scale's last delta was too old to name a hold placed then."""
    if cursor is None:
        return True
    known_to = moment_of(cursor)
    return known_to is not None and placed_at > known_to - IN_TIME


def _tell(device, voucher: Voucher, taken, paused):
    for batch in {each.batch for each in taken if each.overdrawn_kg}:
        tell_place(
            voucher.place, "scale_overdrawn", {"product": batch.product.name, "code": batch.typed_code},
            url=reverse("open", args=[batch.token]), once_key=f"overdrawn:{batch.id}",
        )  # fmt: skip
    market = market_of(device)
    if paused.violation and market:
        tell_market(
            market, "scale_sold_held",
            {"stall": str(voucher.place), "product": taken[0].batch.product.name, "unknowing": paused.unknowing},
            url=reverse("open", args=[voucher.token]), once_key=f"sold-held:{voucher.id}",
        )  # fmt: skip
