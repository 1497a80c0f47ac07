"""在售: what a place has on hand, how long it keeps, and what to do with goods on hold."""

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
from registry.web.lists import asked, export_url, page_of
from traceability.models import Batch
from traceability.selectors import on_sale as selectors
from traceability.selectors.days import trade_day_at

SHELVES: dict[str, str | Promise] = {
    "fresh": gettext_lazy("On sale"),
    "last_day": pgettext_lazy("goods", "Last day"),
    "held": gettext_lazy("Paused"),
    "waiting": gettext_lazy("Waits for a test"),
    "over": gettext_lazy("Shelf life over"),
}


@require_safe
@desk("take_in")
def on_sale(request: HttpRequest) -> HttpResponse:
    place = working_place(request, *BUSINESS_ROLES)
    today = trade_day_at(place, clock.now())
    found, shelf = asked_for(request, place, today)
    page = page_of(request, found)
    for batch in page:
        batch.shelf = selectors.shelf_of(batch, today)
    context = {
        "at": place,
        "today": today,
        "page": page,
        "count": page.paginator.count,
        "shelf": shelf,
        "chips": chips(selectors.shelf_counts(selectors.stock_of(place), today), shelf),
        "keep": [("shelf", shelf)],
        "export_url": export_url(request, "on_sale_export"),
        "searched": bool(asked(request, "q")),
    }
    return render(request, "traceability/place/on_sale.html", context)


def asked_for(request: HttpRequest, place: Place, today):
    shelf = asked(request, "shelf", SHELVES) or "fresh"
    found = selectors.shelved(selectors.stock_of(place), shelf, today)
    return selectors.called(found, asked(request, "q")), shelf


def chips(counts: dict[str, int], chosen: str) -> list[dict[str, object]]:
    return [
        {"label": label, "url": f"?shelf={shelf}", "active": shelf == chosen, "count": counts[shelf]}
        for shelf, label in SHELVES.items()
        if counts[shelf] or shelf in ("fresh", chosen)
    ]


@require_safe
@desk("take_in")
def export_csv(request: HttpRequest) -> HttpResponse:
    place = working_place(request, *BUSINESS_ROLES)
    today = trade_day_at(place, clock.now())
    header = [_("Goods"), _("On hand, kg"), _("Came in, kg"), _("Day"), _("Keeps until"), _("State"), _("Origin"),
              _("Supplier"), _("Code")]  # fmt: skip
    found, _shelf = asked_for(request, place, today)
    return export.csv_response("on-sale.csv", header, (line(batch, today) for batch in found))


def line(batch: Batch, today) -> list[object]:
    return [
        batch.product.name, batch.on_hand_kg, batch.admitted_kg, batch.trade_day, batch.expires_on,
        SHELVES[selectors.shelf_of(batch, today)], f"{batch.origin_region.full_name} {batch.origin_detail}".strip(),
        batch.source_name or "", codes.grouped(batch.typed_code),
    ]  # fmt: skip
