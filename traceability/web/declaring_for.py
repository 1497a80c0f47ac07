"""代录: a clerk declares for a trader without a phone; marked, and looked at by a second person."""

from __future__ import annotations

import uuid

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from kit import codes, public_codes
from kit.phones import tail_index
from kit.refusals import NotFound
from registry.models import Market, Place
from registry.selectors.places import called, place_for, places_for, with_keepers
from registry.web.doors import desk
from registry.web.lists import asked, page_of
from registry.web.stalls import market_at_work
from traceability.web.declaring import declare_at


@require_safe
@desk("declare_for")
def choose(request: HttpRequest) -> HttpResponse:
    """The stall: by number, name, keeper, the last four digits of a phone, or its code."""
    market = market_at_work(request)
    if market is None:
        return redirect("oversight_markets")
    q = asked(request, "q")
    stalls = places_for(request.actor).filter(market=market, kind=Place.Kind.STALL, state=Place.State.ACTIVE)
    page = page_of(request, with_keepers(found(stalls, q)))
    context = {
        "market": market,
        "page": page,
        "count": page.paginator.count,
        "searched": bool(q),
        "retail": market.kind == Market.Kind.RETAIL,
    }
    return render(request, "traceability/market/declare_for.html", context)


def found(stalls, q: str):
    if not q:
        return stalls
    if token := codes.read_token(q.rstrip("/").rsplit("/", 1)[-1]):
        code = public_codes.look_up(token)
        return stalls.filter(pk=code.target_id) if code else stalls.none()
    if len(q) == 4 and q.isdigit():
        tail = tail_index(q)
        by_phone = stalls.filter(grants__account__phone_tail_index=tail, grants__ended_at=None)
        stalls = stalls.filter(called(q)) | by_phone | stalls.filter(organisation__phone_tail_index=tail)
        return stalls.distinct()
    return stalls.filter(called(q))


@require_http_methods(["GET", "HEAD", "POST"])
@desk("declare_for")
def declare(request: HttpRequest, place_id: uuid.UUID) -> HttpResponse:
    """The same form as the trader's, for the chosen stall."""
    place = place_for(request.actor, place_id)
    if not any(scope.market_id == place.market_id for scope in request.actor.scopes) or not place.organisation_id:
        raise NotFound
    return declare_at(request, place)
