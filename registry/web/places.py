"""The page of a stall or store: everything the reader may see of it, and what may be done with it."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from kit import qr
from kit.models import PublicCode
from registry.models import Place
from registry.permissions import may
from registry.selectors import devices, people
from registry.selectors import organisations as subjects
from registry.selectors import places as selectors
from registry.services import places, stalls
from registry.web.doors import desk, see_other
from registry.web.forms_places import DescriptionForm, StallForm
from registry.web.lists import carried_out, form_page
from registry.web.stalls import public_url

DESCRIBED = ("public_phone", "safety_officer")


@require_safe
@desk("look_up_places", "edit_own_place")
def place(request: HttpRequest, place_id: uuid.UUID) -> HttpResponse:
    found = selectors.place_for(request.actor, place_id)
    url = public_url(found)
    context = {
        "shown": found,
        "code": PublicCode.objects.get(pk=found.token),
        "public_url": url,
        "qr": mark_safe(qr.svg(url)),  # noqa: S308
        "categories": found.categories.all(),
        "occupancies": selectors.occupancies_of(request.actor, found),
        "devices": devices.devices_for(request.actor).filter(place=found),
        **people_of(request, found),
        **steps_of(request, found),
    }
    return render(request, "registry/place.html", context)


def people_of(request: HttpRequest, found: Place) -> dict[str, Any]:
    """Who works there, for those who manage people; the business's own page, for those who keep the register."""
    held = people.grants_of(request.actor).filter(place=found, ended_at__isnull=True).select_related("account")
    business = subjects.organisations_for(request.actor).filter(pk=found.organisation_id)
    registering = request.actor.has_role("market_manager", "town_officer", "district_officer", "support")
    return {"people": held, "business_page": registering and business.exists()}


def steps_of(request: HttpRequest, found: Place) -> dict[str, bool]:
    """What this person may do with this place now."""
    actor, state = request.actor, Place.State(found.state)
    manages = may(actor, places.VERBS[found.kind], place=found) and state != Place.State.CLOSED
    stall, kept = found.kind == Place.Kind.STALL, found.organisation_id is not None
    return {
        "may_move_in": manages and stall and not kept,
        "may_move_out": manages and stall and kept,
        "may_edit_stall": manages and stall,
        "may_edit_store": manages and not stall,
        "may_close": manages and (not stall or not kept),
        "may_suspend": manages and state == Place.State.ACTIVE,
        "may_resume": manages and state == Place.State.SUSPENDED,
        "may_describe": may(actor, "edit_own_place", place=found),
        "may_code": may(actor, "manage_codes", place=found),
        "may_devices": may(actor, "manage_devices", place=found),
    }


@require_http_methods(["GET", "HEAD", "POST"])
@desk("manage_stalls")
def edit_stall(request: HttpRequest, place_id: uuid.UUID) -> HttpResponse:
    found = stall_for(request, place_id)
    initial = {"stall_no": found.stall_no, "zone": found.zone, "categories": found.categories.all()}
    form = StallForm(found.market, request.POST or None, initial=initial)
    if carried_out(form, lambda data: stalls.change_stall(request.actor, place=found, **data)):
        messages.success(request, _("Kept."))
        return see_other("stall", found.id)
    return place_form(request, form, found, _("Number, zone, what is sold"))


@require_http_methods(["GET", "HEAD", "POST"])
@desk("edit_own_place")
def describe(request: HttpRequest, place_id: uuid.UUID) -> HttpResponse:
    found = selectors.place_for(request.actor, place_id)
    initial = {"words": found.name} | {name: getattr(found, name) for name in DESCRIBED}
    form = DescriptionForm(request.POST or None, initial=initial)
    if carried_out(form, lambda data: places.describe(request.actor, place=found, **data)):
        messages.success(request, _("Kept. Your public page shows it from now on."))
        return see_other("stall", found.id)
    return place_form(request, form, found, _("What my page says"))


def stall_for(request: HttpRequest, place_id: uuid.UUID) -> Place:
    """A stall within reach; `NotFound` for a store."""
    found = selectors.place_for(request.actor, place_id)
    if found.kind != Place.Kind.STALL:
        raise selectors.NotFound
    return found


def place_form(request: HttpRequest, form, found: Place, title: str, **context: Any) -> HttpResponse:
    up = reverse("stall", args=[found.id])
    return form_page(request, "registry/form.html", form, title=title, kicker=str(found), up=up, **context)
