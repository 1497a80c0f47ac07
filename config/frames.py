"""The frame around a signed-in page: parts of the desk, place of work, unread notices."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse

from config import nav
from registry.models import Market, Place
from registry.selectors.notices import unread_count
from registry.web.doors import place_at_work, places_of_work

SIGNED_IN = "/desk"


def frame(request: HttpRequest) -> dict[str, Any]:
    """Context of `templates/desk/frame.html`; empty on public pages, which never look at the session."""
    if not request.path.startswith(SIGNED_IN) or not request.user.is_authenticated:
        return {}
    parts = parts_of(request)
    here = next((part for part in parts if part["active"]), None)
    now = getattr(request, "place", None) or place_at_work(request)
    return {
        "actor": request.actor,
        "nav": parts,
        "section": here["label"] if here else "",
        "place": described(now) if now else market_of(request),
        "places": [{"id": p.id, "active": p == now, **described(p)} for p in places_of_work(request)],
        "unread_count": unread_count(request.actor),
    }


def parts_of(request: HttpRequest) -> list[dict[str, Any]]:
    addressed = [(item, address(item.name)) for item in nav.items_for(request.actor.roles)]
    return [
        {"url": url, "label": item.label, "icon": item.icon, "active": url == request.path}
        for item, url in addressed
        if url
    ]


def address(name: str) -> str | None:
    try:
        return reverse(name)
    except NoReverseMatch:
        return None


def market_of(request: HttpRequest) -> dict[str, str] | None:
    """Who works for one market rather than at a stall of it sees the market's name."""
    ids = {scope.market_id for scope in request.actor.scopes}
    if len(ids) != 1 or None in ids:
        return None
    market = Market.objects.filter(id__in=ids).first()
    return {"label": market.name, "note": market.address} if market else None


def described(place: Place) -> dict[str, str]:
    """A place as its people call it: the stall's number and market, or the store's name."""
    if place.market_id:
        return {"label": f"{place.stall_no} {place.name}".strip(), "note": place.market.name}
    return {"label": place.name, "note": place.address}
