"""Every stall and store within reach, for those who look after them."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from registry.permissions import VERBS
from registry.selectors import places as selectors
from registry.web import words
from registry.web.doors import desk
from registry.web.lists import asked, export_url, key, page_of, select, today
from registry.web.markets import towns_of
from registry.web.stalls import places_file

FILTERS = ("q", "town", "market", "kind", "business_type", "state", "agreement")


@require_safe
@desk("look_up_places")
def places(request: HttpRequest) -> HttpResponse:
    page = page_of(request, selectors.with_keepers(asked_for(request)))
    markets = {market.id: market.name for market in selectors.markets_for(request.actor)}
    context = {
        "page": page,
        "count": page.paginator.count,
        "selects": [
            select(request, "town", _("All towns"), towns_of(request)),
            select(request, "kind", _("Stalls and stores"), words.PLACE_KINDS),
            select(request, "market", _("All markets"), markets),
            select(request, "business_type", _("All kinds of business"), words.BUSINESS_TYPES),
            select(request, "state", _("Open and vacant"), words.PLACE_STATES),
            select(request, "agreement", _("All agreements"), words.AGREEMENTS),
        ],
        "export_url": export_url(request, "oversight_places_export"),
        "searched": any(request.GET.get(name) for name in FILTERS),
        "may_enter": request.actor.has_role(*VERBS["manage_stores"]),
    }
    return render(request, "registry/places.html", context)


def asked_for(request: HttpRequest):
    by = selectors.Narrowing(
        q=asked(request, "q"),
        kind=asked(request, "kind", words.PLACE_KINDS),
        town=asked(request, "town"),
        market=str(key(request.GET.get("market")) or ""),
        state=asked(request, "state", words.PLACE_STATES),
        business_type=asked(request, "business_type", words.BUSINESS_TYPES),
        agreement=asked(request, "agreement", words.AGREEMENTS),
    )
    found = selectors.places_for(request.actor)
    if not by.state:
        found = found.exclude(state="closed")
    return selectors.narrowed(found, by, today())


@require_safe
@desk("look_up_places")
def export_places(request: HttpRequest) -> HttpResponse:
    return places_file("places.csv", asked_for(request))
