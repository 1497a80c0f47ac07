"""今天还没登记: stalls of which nothing is known today, and a reminder to their keepers."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from kit import export, masking
from kit.refusals import NotFound
from registry.models import Market, Place
from registry.selectors.places import with_keepers
from registry.web.doors import desk, see_other
from registry.web.lists import asked, export_url, page_of, select
from registry.web.stalls import market_at_work
from traceability.selectors import quiet as selectors
from traceability.services.remind import remind
from traceability.web.market_home import trade_day


@require_safe
@desk("manage_stalls")
def quiet_stalls(request: HttpRequest) -> HttpResponse:
    market = market_at_work(request)
    if market is None:
        return redirect("oversight_markets")
    today = trade_day(market)
    page = page_of(request, with_keepers(asked_for(request, market)))
    told = selectors.reminded(page, today)
    context = {
        "market": market,
        "page": page,
        "rows": [(place, keeper_of(place), told.get(place.pk)) for place in page],
        "count": page.paginator.count,
        "selects": [select(request, "zone", _("All zones"), {zone: zone for zone in market.zones})]
        if market.zones
        else [],
        "export_url": export_url(request, "quiet_stalls_export"),
        "searched": bool(asked(request, "q") or asked(request, "zone")),
        "wholesale": market.kind == Market.Kind.WHOLESALE,
    }
    return render(request, "traceability/market/quiet.html", context)


def asked_for(request: HttpRequest, market: Market):
    found = selectors.quiet_stalls(request.actor, market, trade_day(market))
    return selectors.narrowed(found, q=asked(request, "q"), zone=asked(request, "zone", market.zones))


def keeper_of(place: Place) -> dict[str, str]:
    """Whom to ring up: the phone the stall publishes, else the keeper's, masked."""
    keeper = place.keepers[0].account if place.keepers else None
    if place.public_phone:
        return {"name": keeper.name if keeper else "", "phone": place.public_phone}
    return {
        "name": keeper.name if keeper else "",
        "phone": masking.phone(keeper.phone) if keeper and keeper.phone else "",
    }


@require_safe
@desk("manage_stalls")
def export_csv(request: HttpRequest) -> HttpResponse:
    market = market_at_work(request)
    if market is None:
        raise NotFound
    header = [_("Stall number"), _("Name"), _("Business"), _("Zone"), _("Keeper"), _("Telephone"), _("Last entry")]
    rows = (
        [place.stall_no, place.name, place.organisation.name, place.zone, *keeper_of(place).values(), place.last_on]
        for place in with_keepers(asked_for(request, market))
    )
    return export.csv_response("nothing-today.csv", header, rows)


@require_POST
@desk("manage_stalls")
def send_reminder(request: HttpRequest) -> HttpResponse:
    """To one stall, or to all that are listed; each is told once a day."""
    market = market_at_work(request)
    if market is None:
        raise NotFound
    places = asked_for(request, market)
    one = request.POST.get("place")
    if one:
        places = places.filter(pk=_uuid(one))
        if not places.exists():
            raise NotFound
    told = remind(request.actor, places=places)
    said = ngettext("%(n)d stall is reminded.", "%(n)d stalls are reminded.", told) % {"n": told}
    silent = places.count() - told
    if silent:
        said += " " + ngettext(
            "%(n)d has nobody who signs in: ring them up.", "%(n)d have nobody who signs in: ring them up.", silent
        ) % {"n": silent}
    messages.success(request, said)
    return see_other("quiet_stalls")


def _uuid(text: str) -> uuid.UUID:
    try:
        return uuid.UUID(text)
    except ValueError as error:
        raise NotFound from error
