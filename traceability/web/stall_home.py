"""The first page of a stallholder or a store's food safety officer: what to do now, what the public page says."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from kit import clock
from registry.roles import BUSINESS_ROLES
from registry.web.doors import desk, new_client_key, working_place
from traceability.selectors import intakes as ledger
from traceability.selectors.days import trade_day_at
from traceability.selectors.on_sale import HELD, OVER, shelf_counts, shelved, stock_of, taken_in
from traceability.selectors.to_take_in import waiting_at, with_lines
from traceability.web.cases import due_note

A_FEW = 5


@require_safe
@desk("take_in")
def stall_home(request: HttpRequest) -> HttpResponse:
    place = working_place(request, *BUSINESS_ROLES)
    today = trade_day_at(place, clock.now())
    stock = stock_of(place)
    waiting = waiting_at(place)
    context = {
        **due_note(request),
        "at": place,
        "today": today,
        "done": taken_in(place, today),
        "waiting": [(voucher, new_client_key()) for voucher in with_lines(waiting)[:A_FEW]],
        "waiting_count": waiting.count(),
        "counts": shelf_counts(stock, today),
        "held": shelved(stock, HELD, today)[:A_FEW],
        "over": shelved(stock, OVER, today)[:A_FEW],
        "again_count": len(ledger.to_repeat(place, today)),
    }
    return render(request, "traceability/place/home.html", context)
