"""What a place bought on vouchers of the platform, and what of it waits to be taken in."""

from __future__ import annotations

import datetime as dt

from django.db.models import (
    Case,
    CharField,
    DecimalField,
    F,
    OuterRef,
    Prefetch,
    Q,
    QuerySet,
    Subquery,
    Sum,
    Value,
    When,
)

from kit import codes
from registry.models import Place
from traceability.models import Intake, Voucher, VoucherLine

WAITING, PARTLY, TAKEN, REFUSED, VOID = "waiting", "partly", "taken", "refused", "void"
STANDINGS = (WAITING, PARTLY, TAKEN, REFUSED, VOID)
KG = DecimalField(max_digits=14, decimal_places=3)


def bought_at(place: Place) -> QuerySet[Voucher]:
    """The vouchers that name this place and its present trader, the latest first.

    Each with `total_kg`, `accepted_kg`, `refused_kg`, `open_kg` and `standing`, one of `STANDINGS`.
    """
    vouchers = Voucher.objects.filter(buyer_place_id=place.pk, buyer_organisation_id=place.organisation_id)
    return with_standing(vouchers).order_by("-sold_at", "-id")


def with_standing(vouchers: QuerySet[Voucher]) -> QuerySet[Voucher]:
    lines = VoucherLine.objects.filter(district_id=OuterRef("district_id"), voucher_id=OuterRef("pk")).order_by()

    def total(column: str) -> Subquery:
        return Subquery(lines.values("voucher_id").annotate(kg=Sum(column)).values("kg"), output_field=KG)

    return vouchers.annotate(
        total_kg=total("weight_kg"), accepted_kg=total("accepted_kg"), refused_kg=total("refused_kg")
    ).annotate(
        open_kg=F("total_kg") - F("accepted_kg") - F("refused_kg"),
        standing=Case(
            When(state=Voucher.State.VOID, then=Value(VOID)),
            When(accepted_kg=0, refused_kg=0, then=Value(WAITING)),
            When(total_kg__gt=F("accepted_kg") + F("refused_kg"), then=Value(PARTLY)),
            When(accepted_kg=0, then=Value(REFUSED)),
            default=Value(TAKEN),
            output_field=CharField(),
        ),
    )


def waiting_at(place: Place) -> QuerySet[Voucher]:
    """Vouchers with something left to take in."""
    return bought_at(place).filter(standing__in=(WAITING, PARTLY))


def with_lines(vouchers: QuerySet[Voucher]) -> QuerySet[Voucher]:
    """Each with `goods`, its lines in order."""
    return vouchers.prefetch_related(Prefetch("lines", VoucherLine.objects.order_by("position"), to_attr="goods"))


def narrowed(
    vouchers: QuerySet[Voucher], *, q: str = "", standing: str = "", since: dt.date | None = None,
    until: dt.date | None = None,
) -> QuerySet[Voucher]:  # fmt: skip
    """`q` is part of a seller's, market's or product's name, a stall number, or a typed code."""
    if q:
        sold = VoucherLine.objects.filter(product_name__icontains=q).values("voucher_id")
        found = Q(seller_name__icontains=q) | Q(market_name__icontains=q) | Q(stall_no__iexact=q) | Q(pk__in=sold)
        if typed_code := codes.read_typed_code(q):
            found |= Q(typed_code=typed_code)
        vouchers = vouchers.filter(found)
    if standing:
        vouchers = vouchers.filter(standing=standing)
    if since:
        vouchers = vouchers.filter(trade_day__gte=since)
    if until:
        vouchers = vouchers.filter(trade_day__lte=until)
    return vouchers


def intakes_of(voucher: Voucher, place: Place) -> QuerySet[Intake]:
    """What this place took in of a voucher and still stands."""
    lines = VoucherLine.objects.filter(district_id=voucher.district_id, voucher=voucher).values("pk")
    return Intake.objects.filter(
        district_id=place.district_id, place=place, organisation_id=place.organisation_id,
        voucher_line_id__in=lines, state=Intake.State.VALID,
    ).select_related("product", "batch", "taken_by").order_by("pk")  # fmt: skip
