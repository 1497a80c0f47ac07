"""Stores in the hands of officers: entered, corrected, closed."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import fields
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from registry.models import Grant, Place
from registry.selectors import places as selectors
from registry.services import stores
from registry.web.doors import desk, see_other
from registry.web.forms_places import LastDayForm, StoreForm
from registry.web.lists import carried_out, form_page
from registry.web.occupancies import resuming, suspending
from registry.web.organisations import chosen, pick
from registry.web.places import place_form

DETAILS = [field.name for field in fields(stores.Details)]


@require_http_methods(["GET", "HEAD", "POST"])
@desk("manage_stores")
def new(request: HttpRequest) -> HttpResponse:
    title, up = _("Enter a store"), reverse("oversight_places")
    if (organisation := chosen(request)) is None:
        return pick(request, title=title, up=up)
    form = StoreForm(request.actor.districts, request.POST or None, initial={"name": organisation.name})
    made = carried_out(form, lambda data: stores.open_store(
        request.actor, organisation=organisation, details=details_of(data), client_key=data["client_key"]
    ))  # fmt: skip
    if made:
        messages.success(request, _("The store is in the register, with its code."), extra_tags="draft:store")
        return see_other("stall", made.id)
    return form_page(request, "registry/form.html", form, title=title, kicker=organisation.name, up=up, draft="store")


@require_http_methods(["GET", "HEAD", "POST"])
@desk("manage_stores")
def edit(request: HttpRequest, place_id: uuid.UUID) -> HttpResponse:
    found = store_for(request, place_id)
    initial = {name: getattr(found, name) for name in DETAILS}
    form = StoreForm(request.actor.districts, request.POST or None, initial=initial)
    if carried_out(form, lambda data: stores.change_store(request.actor, place=found, details=details_of(data))):
        messages.success(request, _("Kept."))
        return see_other("stall", found.id)
    return place_form(request, form, found, _("What is recorded of the store"))


@require_http_methods(["GET", "HEAD", "POST"])
@desk("manage_stores")
def close(request: HttpRequest, place_id: uuid.UUID) -> HttpResponse:
    found = store_for(request, place_id)
    form = LastDayForm(request.POST or None)
    if carried_out(form, lambda data: stores.close_store(request.actor, place=found, **data)):
        messages.success(request, _("The store is closed. Its code stays and says so."))
        return see_other("stall", found.id)
    held = Grant.objects.current().filter(district_id=found.district_id, place=found)
    context = {
        "title": _("Close %(place)s for good?") % {"place": found},
        "text": _("The roles at this store end, its devices stop, and the public page says that it is closed."),
        "tone": "bad",
        "consequences": [(_("People who lose their role here"), held.count())],
        "submit": _("Close it"),
        "up": reverse("stall", args=[found.id]),
    }
    return form_page(request, "registry/confirm.html", form, **context)


@require_http_methods(["GET", "HEAD", "POST"])
@desk("manage_stores")
def suspend(request: HttpRequest, place_id: uuid.UUID) -> HttpResponse:
    return suspending(request, store_for(request, place_id))


@require_http_methods(["GET", "HEAD", "POST"])
@desk("manage_stores")
def resume(request: HttpRequest, place_id: uuid.UUID) -> HttpResponse:
    return resuming(request, store_for(request, place_id))


def store_for(request: HttpRequest, place_id: uuid.UUID) -> Place:
    """A store within reach; `NotFound` for a stall."""
    found = selectors.place_for(request.actor, place_id)
    if found.kind != Place.Kind.STORE:
        raise selectors.NotFound
    return found


def details_of(data: Mapping[str, Any]) -> stores.Details:
    return stores.Details(**{name: data[name] for name in DETAILS})
