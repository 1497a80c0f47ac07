"""批次: what a trader has, where it came from, where it went, and what stops it."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterator
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_safe

from kit import clock, codes, export
from registry.models import Market
from registry.permissions import may
from registry.web.doors import desk
from registry.web.lists import asked, export_url, page_of, select
from traceability.models import Batch
from traceability.selectors import stock as selectors
from traceability.selectors.days import trade_day_at
from traceability.selectors.public_goods import public_name
from traceability.web import words

SALES_SHOWN = 20
OUTGOING = ("withdrawn", "disposed", "returned", "lost")


def today_of(request: HttpRequest) -> dt.date:
    """The trade day at the place of work; the calendar day for those who look after many places."""
    now = clock.now()
    return trade_day_at(request.place, now) if request.place else now.date()


@require_safe
@desk("view_goods")
def index(request: HttpRequest) -> HttpResponse:
    today = today_of(request)
    everything = selectors.batches_for(request.actor, request.place)
    found = selectors.narrowed(everything, narrowing(request), today)
    page = page_of(request, found)
    for batch in page:
        dress(batch, today)
    context = {
        "page": page,
        "count": page.paginator.count,
        "on_hand_kg": selectors.kilos(found),
        "selects": [
            select(request, "state", _("Every state"), words.BATCH_STATES),
            select(request, "product", _("Every product"), selectors.products_of(everything)),
        ],
        "export_url": export_url(request, "batches_export"),
        "searched": any(request.GET.get(name) for name in ("q", "state", "product")),
        "many_places": request.place is None,
        "may_sell": request.place is not None and may(request.actor, "sell", place=request.place),
    }
    return render(request, "traceability/wholesale/batches.html", context)


def narrowing(request: HttpRequest) -> selectors.Narrowing:
    return selectors.Narrowing(
        q=asked(request, "q"), state=asked(request, "state", words.BATCH_STATES), product=asked(request, "product")
    )


def dress(batch: Batch, today: dt.date) -> None:
    """Give a batch the state, word and tone it is shown with."""
    batch.shown = selectors.state_of(batch, today)
    batch.word, batch.tone = words.BATCH_STATES[batch.shown], words.BATCH_TONES.get(batch.shown, "none")


@require_safe
@desk("view_goods")
def export_list(request: HttpRequest) -> HttpResponse:
    today = today_of(request)
    found = selectors.narrowed(selectors.batches_for(request.actor, request.place), narrowing(request), today)
    header = (
        _("Code"), _("Product"), _("Origin"), _("Place"), _("Trade day"), _("Good until"), _("Came in, kg"),
        _("Sold, kg"), _("On hand, kg"), _("State"),
    )  # fmt: skip
    return export.csv_response("batches.csv", header, _rows(found, today))


def _rows(found, today) -> Iterator[tuple[Any, ...]]:
    for batch in found.iterator(chunk_size=500):
        yield (
            codes.grouped(batch.typed_code), batch.product.name,
            f"{batch.origin_region.full_name} {batch.origin_detail}".strip(), str(batch.place), batch.trade_day,
            batch.expires_on, batch.admitted_kg, batch.sold_kg, batch.on_hand_kg,
            str(words.BATCH_STATES[selectors.state_of(batch, today)]),
        )  # fmt: skip


@require_safe
@desk("view_goods")
def batch(request: HttpRequest, batch_id: uuid.UUID) -> HttpResponse:
    found = selectors.batch_for(request.actor, batch_id)
    dress(found, trade_day_at(found.place, clock.now()))
    lines = selectors.sold_lines(request.actor, found)
    actor = request.actor
    context = {
        "batch": found,
        "kilos": kilos_of(found),
        "way": way(found),
        "holds": selectors.holds_of(found),
        "moves": selectors.moves_of(found),
        "tests": found.rapid_tests.filter(district_id=found.district_id)
        .select_related("item", "point")
        .order_by("-tested_at"),
        "lines": lines[:SALES_SHOWN],
        "lines_count": lines.count(),
        "spread": selectors.spread_of(found),
        "may_sell": may(actor, "sell", place=found.place) and found.shown == "saleable",
        "may_declare": may(actor, "declare", place=found.place),
        "may_print": may(actor, "print_labels", place=found.place) and found.shown != "void",
        "write_off_url": address("write_off", found.id) if may(actor, "write_off", place=found.place) else "",
    }
    return render(request, "traceability/wholesale/batch.html", context)


def address(name: str, *args: object) -> str:
    try:
        return reverse(name, args=args)
    except NoReverseMatch:
        return ""


def kilos_of(found: Batch) -> list[tuple[str, Any, str]]:
    """Where the kilograms are: a label, the kilograms, a tone; only what is not zero besides the first three."""
    rows = [
        (_("On hand"), max(found.on_hand_kg, 0), ""),
        (pgettext("kilograms", "Sold"), found.sold_kg, ""),
        (_("Came in"), found.admitted_kg, ""),
    ]
    for kind in OUTGOING:
        kg = getattr(found, f"{kind}_kg")
        if kg:
            rows.append((str(words.MOVES[kind]).capitalize(), kg, ""))
    if found.overdrawn_kg:
        rows.append((_("Sold by a scale beyond it"), found.overdrawn_kg, "due"))
    return rows


def way(found: Batch) -> list[dict[str, Any]]:
    """The chain of places from the origin to this batch, as `components/chain.html` takes it."""
    steps = selectors.way_of(found)
    first = steps[0]
    places = [{"role": _("Origin"), "name": f"{first.origin_region.full_name} {first.origin_detail}".strip()}]
    for step in steps:
        place = step.place
        wholesale = place.market_id and place.market.kind != Market.Kind.RETAIL
        market = place.market.name if place.market_id else place.address
        places.append(
            {
                "role": _("Wholesale") if wholesale else _("Retail"),
                "name": f"{place.stall_no} {public_name(place)}".strip(),
                "meta": market,
                "here": step.pk == found.pk,
            }
        )
    return places
