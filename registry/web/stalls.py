"""The stalls of a market, for its manager: who keeps which, whose agreement ends, new ones."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from kit import codes, export, masking
from kit.refusals import NotFound
from registry.models import Market, Place
from registry.selectors import places as selectors
from registry.services import stalls
from registry.web import words
from registry.web.doors import desk, see_other
from registry.web.forms_places import StallsForm
from registry.web.lists import asked, carried_out, export_url, form_page, key, page_of, select, today

MARKET_KEY = "market"
FILTERS = ("q", "zone", "state", "agreement")


def market_at_work(request: HttpRequest) -> Market | None:
    """The market asked for by `?market=`, else the one chosen last, else the manager's first.

    Raises NotFound for one that is asked for and out of reach: another's list in its stead would mislead.
    """
    if asked_for := request.GET.get("market"):
        return worked_at(request, selectors.market_for(request.actor, key(asked_for)))
    seen = Market.objects.visible_to(request.actor)
    managed = [scope.market_id for scope in request.actor.scopes if scope.market_id]
    for wanted in (key(request.session.get(MARKET_KEY)), *managed):
        found = seen.filter(id=wanted).first() if wanted else None
        if found:
            return worked_at(request, found)
    return None


def worked_at(request: HttpRequest, market: Market) -> Market:
    request.session[MARKET_KEY] = str(market.id)
    return market


@require_safe
@desk("manage_stalls")
def index(request: HttpRequest) -> HttpResponse:
    market = market_at_work(request)
    if market is None:
        return redirect("oversight_markets")
    page = page_of(request, selectors.with_keepers(asked_for(request, market)))
    context = {
        "market": market,
        "page": page,
        "count": page.paginator.count,
        "selects": [
            *([select(request, "zone", _("All zones"), {zone: zone for zone in market.zones})] if market.zones else []),
            select(request, "state", _("Open and vacant"), words.PLACE_STATES),
            select(request, "agreement", _("All agreements"), words.AGREEMENTS),
        ],
        "keep": [("market", market.id)],
        "export_url": export_url(request, "market_stalls_export"),
        "searched": any(request.GET.get(name) for name in FILTERS),
    }
    return render(request, "registry/stalls.html", context)


def asked_for(request: HttpRequest, market: Market):
    """The stalls in the market's plan; closed ones when they are asked for."""
    by = selectors.Narrowing(
        q=asked(request, "q"),
        zone=asked(request, "zone", market.zones),
        state=asked(request, "state", words.PLACE_STATES),
        agreement=asked(request, "agreement", words.AGREEMENTS),
        market=str(market.id),
    )
    places = selectors.places_for(request.actor).filter(kind=Place.Kind.STALL)
    if not by.state:
        places = places.exclude(state=Place.State.CLOSED)
    return selectors.narrowed(places, by, today())


@require_safe
@desk("manage_stalls")
def export_list(request: HttpRequest) -> HttpResponse:
    market = market_at_work(request)
    if market is None:
        raise NotFound
    return places_file("stalls.csv", asked_for(request, market))


def places_file(filename: str, places) -> HttpResponse:
    """Places as a file, one a line; telephones of people stay masked."""
    header = [_("Market"), _("Stall number"), _("Name"), _("Business"), _("Credit code"), _("Keeper"), _("Telephone"),
              _("Kind"), _("Zone"), _("Town"), _("Address"), _("State"), _("Agreement signed on"),
              _("Agreement ends on"), _("Permit"), _("Permit valid until"), _("Code"), _("Public page")]  # fmt: skip
    return export.csv_response(filename, header, (line(place) for place in selectors.with_keepers(places)))


def line(place: Place) -> list[object]:
    keeper = place.keepers[0].account if place.keepers else None
    organisation = place.organisation
    kind = words.BUSINESS_TYPES[place.business_type] if place.business_type else words.PLACE_KINDS[place.kind]
    return [
        place.market.name if place.market_id else "", place.stall_no, place.name,
        organisation.name if organisation else "", (organisation and organisation.uscc) or "",
        keeper.name if keeper else "", masking.phone(keeper.phone) if keeper and keeper.phone else "",
        kind, place.zone, place.town.name, place.address, words.PLACE_STATES[place.state],
        place.agreement_signed_on, place.agreement_ends_on, place.permit_no, place.permit_expires_on,
        codes.grouped(place.typed_code), public_url(place),
    ]  # fmt: skip


def public_url(place: Place) -> str:
    """The address in the place's QR."""
    return f"{settings.BASE_URL}/{place.page_kind}/{place.token}"


@require_http_methods(["GET", "HEAD", "POST"])
@desk("manage_stalls")
def new(request: HttpRequest) -> HttpResponse:
    market = market_at_work(request)
    if market is None:
        return redirect("oversight_markets")
    form = StallsForm(market, request.POST or None)
    made = carried_out(form, lambda data: stalls.open_stalls(request.actor, market=market, **data))
    if made:
        words_ = ngettext(
            "%(n)d stall is open, with its code.", "%(n)d stalls are open, each with its code.", len(made)
        )
        messages.success(request, words_ % {"n": len(made)}, extra_tags="draft:stalls")
        return see_other("stall", made[0].id) if len(made) == 1 else see_other("market_stalls")
    up = reverse("market_stalls")
    return form_page(
        request, "registry/form.html", form, title=_("New stalls"), kicker=market.name, up=up, draft="stalls",
        submit=_("Open them"),
    )  # fmt: skip
