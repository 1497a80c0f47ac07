"""销售台账: the seller's vouchers, by day, product, buyer and state; as a file and on A4."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_safe

from kit import clock, codes, export, money
from registry.models import Place
from registry.roles import Role
from registry.web.doors import desk, working_place
from registry.web.lists import asked, page_of, select
from traceability.models import Voucher
from traceability.print.ledgers import sales_ledger_pdf
from traceability.selectors import ledgers as selectors
from traceability.selectors.buyers import contacts
from traceability.selectors.days import trade_day_at
from traceability.selectors.prints import ledger_of
from traceability.web import words
from traceability.web.periods import asked_period, days_select
from traceability.web.vouchers import as_file

MOST_DAYS, MOST_ROWS = 31, 2000
FILTERS = ("q", "days", "since", "until", "state", "product")
STATES: words.Words = {
    "issued": pgettext_lazy("vouchers", "Valid"),
    "open": gettext_lazy("Not taken in yet"),
    "refused": gettext_lazy("Refused goods"),
    "void": pgettext_lazy("vouchers", "Voided"),
    "flagged": gettext_lazy("Asked about by the scale"),
    "overdrawn": gettext_lazy("More sold than there was"),
    "held_violation": gettext_lazy("Sold while paused"),
    "late": gettext_lazy("Reported late"),
}


@require_safe
@desk("sell")
def sales(request: HttpRequest) -> HttpResponse:
    place = working_place(request, Role.WHOLESALER)
    everything = selectors.sales_at(place)
    found = selectors.narrowed(everything, narrowing(request, place))
    page = page_of(request, selectors.with_lines(found))
    for voucher in page:
        voucher.tone, voucher.word = state_of(voucher)
    context = {
        "at": place,
        "page": page,
        "count": page.paginator.count,
        "sums": selectors.sums(found),
        "selects": [
            days_select(request, _("All days")),
            select(request, "product", _("Every product"), selectors.products_sold(everything)),
            select(request, "state", _("Every state"), STATES),
        ],
        "searched": any(request.GET.get(name) for name in FILTERS),
        "query": request.GET.urlencode(),
        "most_days": MOST_DAYS,
    }
    return render(request, "traceability/wholesale/sales.html", context)


def narrowing(request: HttpRequest, place: Place) -> selectors.Narrowing:
    period = asked_period(request, trade_day_at(place, clock.now()))
    return selectors.Narrowing(
        q=asked(request, "q"),
        state=asked(request, "state", STATES),
        product=asked(request, "product"),
        first=period.since,
        last=period.until,
    )


@require_safe
@desk("sell")
def export_list(request: HttpRequest, form: str) -> HttpResponse:
    """The lines of the ledger as CSV or XLSX, with every column the law names."""
    place = working_place(request, Role.WHOLESALER)
    found = selectors.narrowed(selectors.sales_at(place), narrowing(request, place))
    header = (
        _("Sold at"), _("Trade day"), _("Product"), _("Origin"), _("Kilograms"), _("Refused, kg"), _("Buyer"),
        _("Address"), _("Telephone"), _("Price, yuan/kg"), _("Amount, yuan"), _("Voucher"), _("State"),
    )  # fmt: skip
    rows = _rows(found)
    if form == "xlsx":
        return export.xlsx_response("sales.xlsx", header, rows, sheet=_("Sales ledger"))
    return export.csv_response("sales.csv", header, rows)


def _rows(found) -> Iterator[tuple[Any, ...]]:
    known = contacts(found.only("buyer_place_id").order_by())
    for line in selectors.ledger_lines(found).iterator(chunk_size=500):
        voucher = line.voucher
        address, phone = known.get(voucher.buyer_place_id, ("", voucher.phone))
        yield (
            voucher.sold_at, voucher.trade_day, line.product_name, line.origin_text, line.weight_kg, line.refused_kg,
            voucher.buyer_name, address, phone, _yuan(line.unit_price_fen), _yuan(line.amount_fen),
            codes.grouped(voucher.typed_code), str(words.VOUCHER_STATES[voucher.state]),
        )  # fmt: skip


def _yuan(fen: int | None) -> str:
    return "" if fen is None else money.yuan(fen)


@require_safe
@desk("sell")
def paper(request: HttpRequest) -> HttpResponse:
    """A4 pages; a month and a fair number of rows at once, and it is said when that is too much."""
    place = working_place(request, Role.WHOLESALER)
    by = narrowing(request, place)
    found = selectors.narrowed(selectors.sales_at(place), by)
    first, last = bounds(found, by)
    back = f"{reverse('sales')}?{request.GET.urlencode()}"
    if (last - first).days >= MOST_DAYS:
        messages.warning(
            request, _("Paper holds %(n)d days at most. Choose fewer days, then print.") % {"n": MOST_DAYS}
        )
        return redirect(back)
    lines = list(selectors.ledger_lines(found)[: MOST_ROWS + 1])
    if len(lines) > MOST_ROWS:
        too_much = _("These are more than %(n)d rows. Choose fewer days or one product, then print.")
        messages.warning(request, too_much % {"n": MOST_ROWS})
        return redirect(back)
    ledger = ledger_of(place, lines, first=first, last=last, at=clock.now())
    return as_file(sales_ledger_pdf(ledger), "application/pdf", f"sales-{first}-{last}.pdf", inline=True)


def bounds(found, by: selectors.Narrowing) -> tuple[dt.date, dt.date]:
    """First and last trade day of what is printed: as asked for, else as found."""
    ends = found.order_by("trade_day").values_list("trade_day", flat=True)
    today = clock.now().date()
    first = by.first or ends.first() or by.last or today
    last = by.last or ends.last() or first
    return first, max(first, last)


def state_of(voucher: Voucher) -> tuple[str, str]:
    """Tone and word of a voucher in a list; a standing one without marks says nothing."""
    if voucher.state == Voucher.State.VOID:
        return "bad", str(words.VOUCHER_STATES[voucher.state])
    for name in ("held_violation", "overdrawn", "late"):
        if getattr(voucher, name):
            return "bad" if name == "held_violation" else "due", str(STATES[name])
    if any(line.refused_kg for line in voucher.lines.all()):
        return "due", str(STATES["refused"])
    return "", ""
