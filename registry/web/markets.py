"""Markets: the district's list, each market's page, its standing and its profile."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import fields
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from kit import export
from registry.models import Market, Region
from registry.permissions import VERBS, may
from registry.selectors import places as selectors
from registry.services import markets
from registry.web import words
from registry.web.doors import desk, see_other
from registry.web.forms_places import MarketForm, MarketProfileForm, MarketStandingForm
from registry.web.lists import asked, carried_out, export_url, form_page, page_of, select
from registry.web.organisations import chosen, pick

PROFILE = [field.name for field in fields(markets.Profile)]
STANDING = [field.name for field in fields(markets.Standing)]


@require_safe
@desk("oversee", "manage_markets")
def index(request: HttpRequest) -> HttpResponse:
    page = page_of(request, selectors.with_stall_counts(asked_for(request)))
    context = {
        "page": page,
        "count": page.paginator.count,
        "selects": [
            select(request, "town", _("All towns"), towns_of(request)),
            select(request, "kind", _("All kinds"), words.MARKET_KINDS),
        ],
        "export_url": export_url(request, "oversight_markets_export"),
        "searched": any(request.GET.get(name) for name in ("q", "town", "kind")),
        "may_open": request.actor.has_role(*VERBS["manage_markets"]),
    }
    return render(request, "registry/markets.html", context)


def asked_for(request: HttpRequest):
    return selectors.markets_for(
        request.actor,
        q=asked(request, "q"),
        town=asked(request, "town"),
        kind=asked(request, "kind", words.MARKET_KINDS),
    )


def towns_of(request: HttpRequest) -> dict[str, str]:
    towns = Region.objects.filter(level=Region.Level.TOWN, parent_id__in=request.actor.districts)
    return {town.code: town.name for town in towns}


@require_safe
@desk("oversee", "manage_markets")
def export_list(request: HttpRequest) -> HttpResponse:
    header = [_("Market"), _("Kind"), _("Opened by"), _("Town"), _("Address"), _("Stars"), _("Phone for complaints"),
              _("Food safety officer"), _("Stalls"), _("Stalls kept")]  # fmt: skip
    rows = (
        [m.name, words.MARKET_KINDS[m.kind], m.organisation.name, m.town.name, m.address, m.star_level,
         m.complaint_phone, m.safety_officer, m.stalls, m.kept]
        for m in selectors.with_stall_counts(asked_for(request))
    )  # fmt: skip
    return export.csv_response("markets.csv", header, rows)


@require_safe
@desk("manage_market_profile", "oversee")
def market(request: HttpRequest, market_id: uuid.UUID) -> HttpResponse:
    found = selectors.market_for(request.actor, market_id)
    counted = selectors.with_stall_counts(Market.objects.filter(district_id=found.district_id)).get(pk=found.pk)
    context = {
        "market": found,
        "counted": counted,
        "may_profile": may(request.actor, "manage_market_profile", market=found),
        "may_stand": may(request.actor, "manage_markets", market=found),
        "may_register": request.actor.has_role(*VERBS["register_organisations"]),
        "may_verify": request.actor.has_role(*VERBS["verify_base"]),
        "may_stalls": may(request.actor, "manage_stalls", market=found),
    }
    return render(request, "registry/market.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@desk("manage_markets")
def new(request: HttpRequest) -> HttpResponse:
    title, up = _("Open a market"), reverse("oversight_markets")
    if (organisation := chosen(request)) is None:
        return pick(request, title=title, up=up)
    form = MarketForm(request.actor.districts, request.POST or None)
    made = carried_out(form, lambda data: markets.open_market(
        request.actor, standing=standing_of(data, organisation=organisation), profile=profile_of(data)
    ))  # fmt: skip
    if made:
        messages.success(request, _("Kept."), extra_tags="draft:market")
        return see_other("market", made.id)
    return form_page(request, "registry/form.html", form, title=title, kicker=organisation.name, up=up, draft="market")


@require_http_methods(["GET", "HEAD", "POST"])
@desk("manage_market_profile")
def edit_profile(request: HttpRequest, market_id: uuid.UUID) -> HttpResponse:
    found = selectors.market_for(request.actor, market_id)
    initial = {name: getattr(found, name) for name in PROFILE} | {"zones": "\n".join(found.zones)}
    form = MarketProfileForm(request.POST or None, initial=initial)
    if carried_out(form, lambda data: markets.change_profile(request.actor, market=found, profile=profile_of(data))):
        messages.success(request, _("Kept."))
        return see_other("market", found.id)
    up = reverse("market", args=[found.id])
    return form_page(
        request, "registry/form.html", form, title=_("What is said of the market"), kicker=found.name, up=up
    )


@require_http_methods(["GET", "HEAD", "POST"])
@desk("manage_markets")
def edit_standing(request: HttpRequest, market_id: uuid.UUID) -> HttpResponse:
    found = selectors.market_for(request.actor, market_id)
    initial = {name: getattr(found, name) for name in STANDING}
    form = MarketStandingForm(request.actor.districts, request.POST or None, initial=initial)
    changed = carried_out(form, lambda data: markets.change_standing(
        request.actor, market=found, standing=standing_of(data, organisation=found.organisation)
    ))  # fmt: skip
    if changed:
        messages.success(request, _("Kept."))
        return see_other("market", found.id)
    up = reverse("market", args=[found.id])
    return form_page(request, "registry/form.html", form, title=_("Name, kind and stars"), kicker=found.name, up=up)


def profile_of(data: Mapping[str, Any]) -> markets.Profile:
    return markets.Profile(**{name: data[name] for name in PROFILE})


def standing_of(data: Mapping[str, Any], **more: Any) -> markets.Standing:
    return markets.Standing(**{name: data[name] for name in STANDING if name in data}, **more)
