"""Reads of the sales ledger: vouchers and their lines, the seller's sales record (食品安全法 第53条)."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Count, F, Prefetch, Q, QuerySet, Sum

from kit import codes, phones
from kit.refusals import NotFound
from registry.actors import Actor
from registry.models import Place
from traceability.models import Voucher, VoucherLine

ZERO = Decimal(0)


@dataclass(frozen=True, kw_only=True)
class Narrowing:
    """What a sales ledger is narrowed to; empty means everything.

    `first` and `last` are trade days, both included. `q` is part of a buyer's or a product's name, the
    last four digits of a walk-in's phone, or a voucher's typed code. `state` is `issued`, `void`, `open`
    (something neither taken in nor refused), `refused`, or a mark a scale set: `overdrawn`,
    `held_violation`, `late`, `flagged` for any of the three.
    """

    q: str = ""
    state: str = ""
    product: str = ""
    first: dt.date | None = None
    last: dt.date | None = None


@dataclass(frozen=True)
class Sums:
    """Of vouchers that stand; kilograms less what buyers refused. `amount_fen` counts lines with a price."""

    vouchers: int
    kg: Decimal
    amount_fen: int


def sales_at(place: Place) -> QuerySet[Voucher]:
    """What the present trader of a place sold there, the latest first."""
    sold = Voucher.objects.filter(
        district_id=place.district_id, place=place, organisation_id=place.organisation_id
    )  # fmt: skip
    return sold.order_by("-sold_at", "-id")


def voucher_for(actor: Actor, voucher_id: uuid.UUID) -> Voucher:
    """A voucher the person may see, as its seller, its buyer or somebody above. Raises NotFound alike."""
    found = Voucher.objects.visible_to(actor).select_related(
        "place__market", "place__organisation", "organisation", "sold_by", "voided_by", "device"
    )
    voucher = found.filter(id=voucher_id).first()
    if voucher is None:
        raise NotFound
    return voucher


def with_lines(vouchers: QuerySet[Voucher]) -> QuerySet[Voucher]:
    return vouchers.prefetch_related(Prefetch("lines", queryset=VoucherLine.objects.order_by("position")))


def narrowed(vouchers: QuerySet[Voucher], by: Narrowing) -> QuerySet[Voucher]:
    if by.first:
        vouchers = vouchers.filter(trade_day__gte=by.first)
    if by.last:
        vouchers = vouchers.filter(trade_day__lte=by.last)
    if by.product:
        vouchers = vouchers.filter(pk__in=_with_line(Q(product_id=by.product)))
    if by.state:
        vouchers = vouchers.filter(STATES[by.state]())
    return vouchers.filter(_called(by.q)) if by.q else vouchers


def _with_line(condition):
    return VoucherLine.objects.filter(condition).values("voucher_id")


def _open():
    unsettled = Q(weight_kg__gt=F("accepted_kg") + F("refused_kg"))
    return Q(state=Voucher.State.ISSUED, pk__in=_with_line(unsettled))


STATES = {
    "issued": lambda: Q(state=Voucher.State.ISSUED),
    "void": lambda: Q(state=Voucher.State.VOID),
    "open": _open,
    "refused": lambda: Q(pk__in=_with_line(Q(refused_kg__gt=0))),
    "overdrawn": lambda: Q(overdrawn=True),
    "held_violation": lambda: Q(held_violation=True),
    "late": lambda: Q(late=True),
    "flagged": lambda: Q(overdrawn=True) | Q(held_violation=True) | Q(late=True),
}


def _called(q: str) -> Q:
    found = Q(buyer_name__icontains=q) | Q(pk__in=_with_line(Q(product_name__icontains=q)))
    if q.isascii():
        initials = Q(product__initials__startswith=q.lower()) | Q(product__pinyin__startswith=q.lower())
        found |= Q(pk__in=_with_line(initials))
    if len(q) == 4 and q.isdigit():
        found |= Q(phone_tail_index=phones.tail_index(q))
    if typed_code := codes.read_typed_code(q):
        found |= Q(typed_code=typed_code)
    return found


def sums(vouchers: QuerySet[Voucher]) -> Sums:
    standing = vouchers.filter(state=Voucher.State.ISSUED).order_by()
    lines = VoucherLine.objects.filter(voucher__in=standing.values("pk")).aggregate(
        vouchers=Count("voucher_id", distinct=True),
        kg=Sum(F("weight_kg") - F("refused_kg")),
        amount_fen=Sum("amount_fen"),
    )
    return Sums(lines["vouchers"], lines["kg"] or ZERO, lines["amount_fen"] or 0)


def ledger_lines(vouchers: QuerySet[Voucher]) -> QuerySet[VoucherLine]:
    """The lines of these vouchers, oldest first: the rows of the ledger on paper and in a file."""
    lines = VoucherLine.objects.filter(voucher__in=vouchers.order_by().values("pk"))
    return lines.select_related("voucher").order_by("voucher__sold_at", "voucher_id", "position")


def products_sold(vouchers: QuerySet[Voucher]) -> dict[str, str]:
    """The products on these vouchers, to choose from: code to name."""
    lines = VoucherLine.objects.filter(voucher__in=vouchers.order_by().values("pk")).order_by("product__name")
    return dict(lines.values_list("product_id", "product__name").distinct())


def flagged_at(place: Place, limit: int = 5) -> list[Voucher]:
    """Vouchers of scales that ask for a second look, the latest first."""
    return list(with_lines(sales_at(place).filter(STATES["flagged"](), state=Voucher.State.ISSUED))[:limit])
