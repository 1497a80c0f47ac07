"""Vouchers that name a place as the buyer: not yet taken in, taken in, refused, void."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_safe

from kit import clock, codes, export
from registry.models import Place
from registry.roles import BUSINESS_ROLES
from registry.web.doors import desk, working_place
from registry.web.lists import asked, export_url, page_of, select
from traceability.selectors import to_take_in as selectors
from traceability.selectors.days import trade_day_at
from traceability.web.periods import asked_period, days_select

STANDINGS: dict[str, str | Promise] = {
    selectors.WAITING: gettext_lazy("Not taken in yet"),
    selectors.PARTLY: gettext_lazy("Partly taken in"),
    selectors.TAKEN: pgettext_lazy("done", "Taken in"),
    selectors.REFUSED: gettext_lazy("Refused"),
    selectors.VOID: pgettext_lazy("voucher", "Voided"),
}
TONES = {selectors.WAITING: "due", selectors.PARTLY: "due", selectors.REFUSED: "none", selectors.VOID: "bad"}
FILTERS = ("q", "days", "since", "until", "standing")


@require_safe
@desk("take_in")
def purchases(request: HttpRequest) -> HttpResponse:
    place = working_place(request, *BUSINESS_ROLES)
    page = page_of(request, selectors.with_lines(asked_for(request, place)))
    for voucher in page:
        voucher.word, voucher.tone = STANDINGS[voucher.standing], TONES.get(voucher.standing, "")
    context = {
        "at": place,
        "page": page,
        "count": page.paginator.count,
        "selects": [
            select(request, "standing", _("All states"), STANDINGS),
            days_select(request, _("All days")),
        ],
        "export_url": export_url(request, "purchases_export"),
        "searched": any(request.GET.get(name) for name in FILTERS),
    }
    return render(request, "traceability/place/purchases.html", context)


def asked_for(request: HttpRequest, place: Place):
    period = asked_period(request, trade_day_at(place, clock.now()))
    return selectors.narrowed(
        selectors.bought_at(place),
        q=asked(request, "q"),
        standing=asked(request, "standing", STANDINGS),
        since=period.since,
        until=period.until,
    )


@require_safe
@desk("take_in")
def export_csv(request: HttpRequest) -> HttpResponse:
    place = working_place(request, *BUSINESS_ROLES)
    header = [_("Sold at"), _("Seller"), _("Market"), _("Stall"), _("Telephone"), _("Goods"), _("Origin"),
              _("Quantity, kg"), _("Taken in, kg"), _("Refused, kg"), _("State"), _("Voucher")]  # fmt: skip
    rows = (
        [v.sold_at, v.seller_name, v.market_name, v.stall_no, v.seller_phone, line.product_name, line.origin_text,
         line.weight_kg, line.accepted_kg, line.refused_kg, STANDINGS[v.standing], codes.grouped(v.typed_code)]
        for v in selectors.with_lines(asked_for(request, place))
        for line in v.goods
    )  # fmt: skip
    return export.csv_response("vouchers-bought.csv", header, rows)
