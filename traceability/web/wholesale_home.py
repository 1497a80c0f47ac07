"""今天: the wholesaler's first page — what is at the gate, what is left, what was sold."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from kit import clock
from kit.templatetags.show import amount
from registry.roles import Role
from registry.selectors.notices import notices_for
from registry.web.doors import desk, working_place
from registry.web.notices import told
from traceability.models import Declaration
from traceability.selectors import declarations, ledgers, stock
from traceability.selectors.days import trade_day_at
from traceability.web import gate_words
from traceability.web.batches import address
from traceability.web.cases import due_note
from traceability.web.declarations import UNDECIDED
from traceability.web.sales_ledger import state_of

LATEST = 5


@require_safe
@desk("sell")
def home(request: HttpRequest) -> HttpResponse:
    place = working_place(request, Role.WHOLESALER)
    today = trade_day_at(place, clock.now())
    sold = ledgers.sales_at(place).filter(trade_day=today)
    goods = stock.stock_at(place, today)
    declared = declarations.of_day(place, today)
    flagged = ledgers.flagged_at(place)
    for voucher in flagged:
        voucher.tone, voucher.word = state_of(voucher)
    context = {
        **due_note(request),
        "at": place,
        "today": today,
        "stats": stats(ledgers.sums(sold), goods, declared),
        "declarations": [(each, lacking(each)) for each in declared],
        "goods": goods,
        "vouchers": ledgers.with_lines(sold)[:LATEST],
        "flagged": flagged,
        "overdrawn": stock.overdrawn_at(place),
        "notices": told(notices_for(request.actor)[:LATEST]),
        "devices_url": address("devices"),
    }
    return render(request, "traceability/wholesale/home.html", context)


def stats(
    sums: ledgers.Sums, goods: list[stock.ProductStock], declared: list[Declaration]
) -> list[dict[str, Any]]:  # fmt: skip
    saleable = [each.left_kg for each in goods if each.left_kg > 0]
    open_ones = sum(1 for each in declared if each.state in UNDECIDED)
    sold_today = f"{reverse('sales')}?days=today"
    return [
        {"label": _("Sold today"), "figure": amount(sums.kg), "unit": "kg", "url": sold_today,
         "note": _("%(n)d vouchers") % {"n": sums.vouchers}},
        {"label": _("Taken today"), "figure": f"¥{sums.amount_fen / 100:,.0f}", "url": sold_today},
        {"label": _("Left to sell"), "figure": amount(sum(saleable)), "unit": "kg",
         "url": f"{reverse('batches')}?state=saleable", "note": _("%(n)d products") % {"n": len(saleable)}},
        {"label": _("Declared today"), "figure": amount(sum(each.weight_kg for each in declared)), "unit": "kg",
         "url": reverse("declarations"), "note": _("%(n)d not decided yet") % {"n": open_ones}},
    ]  # fmt: skip


def lacking(declaration: Declaration) -> list[str]:
    """What the gate still misses, in words, while nothing is decided."""
    if declaration.state not in UNDECIDED:
        return []
    return gate_words.short(declaration.gate_missing)
