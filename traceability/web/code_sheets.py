"""Plates for stalls and stores: chosen from a list, printed four on an A4."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from kit.problems import fields_of
from kit.refusals import Invalid
from registry.business_types import BusinessType
from registry.models import Place
from registry.permissions import VERBS
from registry.selectors.places import Narrowing, markets_for, narrowed, places_for
from registry.web import words
from registry.web.doors import desk
from registry.web.lists import asked, key, select, today
from registry.web.stalls import public_url
from traceability.print.forms import StallPlate, StorePlate
from traceability.print.plates import stall_plates_pdf, store_plates_pdf
from traceability.services import plates


@require_http_methods(["GET", "HEAD", "POST"])
@desk("manage_codes")
def code_sheet(request: HttpRequest) -> HttpResponse:
    kind = asked(request, "kind", words.PLACE_KINDS) or default_kind(request)
    offered = list(offered_places(request, kind)[: plates.MOST])
    ticked = ticked_in(request, offered)
    context = {
        "offered": [(place, place in ticked) for place in offered],
        "count": len(offered),
        "selects": selects(request, kind),
        "keep": [("place", request.GET["place"])] if "place" in request.GET else [],
    }
    if request.method == "POST":
        try:
            return sheet(request, ticked)
        except Invalid as refusal:
            context["errors"] = fields_of(refusal)["places"]
    return render(request, "traceability/code_sheet.html", context, status=422 if "errors" in context else 200)


def default_kind(request: HttpRequest) -> str:
    """Officers hang up stores' plates, markets those of stalls; the place asked for decides first."""
    asked_for = key(request.GET.get("place"))
    place = Place.objects.visible_to(request.actor).filter(pk=asked_for).first() if asked_for else None
    if place:
        return place.kind
    return Place.Kind.STALL if request.actor.has_role(*VERBS["manage_stalls"]) else Place.Kind.STORE


def offered_places(request: HttpRequest, kind: str):
    by = Narrowing(q=asked(request, "q"), kind=kind, market=str(key(request.GET.get("market")) or ""))
    found = places_for(request.actor).exclude(state=Place.State.CLOSED)
    if only := key(request.GET.get("place")):
        found = found.filter(pk=only)
    return narrowed(found, by, today())


def ticked_in(request: HttpRequest, offered: list[Place]) -> list[Place]:
    """What was ticked, everything when that was asked for; before that, the place one came from."""
    if "all" in request.POST:
        return offered
    ticked = request.POST.getlist("places") if request.method == "POST" else [request.GET.get("place")]
    return [place for place in offered if str(place.id) in ticked]


def selects(request: HttpRequest, kind: str) -> list[dict[str, Any]]:
    kinds = {"name": "kind", "label": _("Kind"), "value": kind, "options": list(words.PLACE_KINDS.items())}
    markets = {market.id: market.name for market in markets_for(request.actor)}
    if kind == Place.Kind.STORE or len(markets) < 2:
        return [kinds]
    return [kinds, select(request, "market", _("All markets"), markets)]


def sheet(request: HttpRequest, chosen: list[Place]) -> HttpResponse:
    """The PDF, its codes read back before it is handed out."""
    places = plates.print_plates(request.actor, place_ids=[place.id for place in chosen])
    if places[0].kind == Place.Kind.STALL:
        pdf = stall_plates_pdf([stall_plate(place) for place in places])
    else:
        pdf = store_plates_pdf([store_plate(place) for place in places])
    response = HttpResponse(pdf, content_type="application/pdf")
    response["Content-Disposition"] = 'inline; filename="plates.pdf"'
    return response


def stall_plate(place: Place) -> StallPlate:
    return StallPlate(
        market=place.market.name,
        stall_no=place.stall_no,
        name=place.name,
        url=public_url(place),
        typed_code=place.typed_code,
    )


def store_plate(place: Place) -> StorePlate:
    return StorePlate(
        name=place.name,
        address=place.address,
        kind=BusinessType(place.business_type).label,
        url=public_url(place),
        typed_code=place.typed_code,
    )
