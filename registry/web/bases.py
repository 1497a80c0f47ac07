"""Production bases under contract: entered by the trader, verified by the market or an officer."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import fields
from typing import Any

from django.contrib import messages
from django.core.files.storage import default_storage
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from kit import export
from kit.refusals import NotFound
from registry.models import Base, Place, Product
from registry.permissions import VERBS
from registry.roles import BUSINESS_ROLES
from registry.selectors import sources as selectors
from registry.services import bases
from registry.web import words
from registry.web.doors import desk, see_other, working_place
from registry.web.forms_sources import BaseForm
from registry.web.lists import asked, carried_out, export_url, form_page, page_of, select
from registry.web.suppliers import is_own

DETAILS = [field.name for field in fields(bases.Details)]
reading = desk("manage_sources", "verify_base")
managing = desk("manage_sources")


@require_safe
@reading
def index(request: HttpRequest) -> HttpResponse:
    page = page_of(request, asked_for(request))
    context = {
        "page": page,
        "count": page.paginator.count,
        "selects": [
            select(request, "state", _("In force and ended"), words.BASE_STATES),
            select(request, "unverified", _("Verified or not"), {"1": _("To be verified")}),
        ],
        "export_url": export_url(request, "bases_export"),
        "searched": any(request.GET.get(name) for name in ("q", "state", "unverified")),
        "may_add": request.place is not None,
    }
    return render(request, "registry/bases.html", context)


def asked_for(request: HttpRequest):
    return selectors.bases_for(
        request.actor,
        q=asked(request, "q"),
        state=asked(request, "state", words.BASE_STATES),
        unverified=bool(asked(request, "unverified")),
    )


@require_safe
@reading
def export_list(request: HttpRequest) -> HttpResponse:
    header = [_("Base"), _("County"), _("Village, field"), _("Trader"), _("Supplier"), _("Contract"), _("From"),
              _("Until"), _("State"), _("Verified")]  # fmt: skip
    rows = (
        [b.name, b.region.full_name, b.detail, b.organisation.name, b.supplier and b.supplier.name, b.contract_no,
         b.contract_starts_on, b.contract_ends_on, words.BASE_STATES[b.state], b.verified_at]
        for b in asked_for(request)
    )  # fmt: skip
    return export.csv_response("bases.csv", header, rows)


@require_safe
@reading
def base(request: HttpRequest, base_id: uuid.UUID) -> HttpResponse:
    found = selectors.base_for(request.actor, base_id)
    in_force = found.state == Base.State.ACTIVE
    context = {
        "base": found,
        "state": words.BASE_STATES[found.state],
        "products": found.products.all(),
        "may_edit": in_force and is_own(request, found),
        "may_verify": in_force and not found.verified_at and request.actor.has_role(*VERBS["verify_base"]),
    }
    return render(request, "registry/base.html", context)


@require_safe
@reading
def contract(request: HttpRequest, base_id: uuid.UUID) -> FileResponse:
    """The photo of the contract; nobody else's address leads to it."""
    found = selectors.base_for(request.actor, base_id)
    if not found.contract_image:
        raise NotFound
    response = FileResponse(default_storage.open(found.contract_image), content_type="image/jpeg")
    response["Content-Disposition"] = "inline"
    return response


@require_http_methods(["GET", "HEAD", "POST"])
@managing
def new(request: HttpRequest) -> HttpResponse:
    place = working_place(request, *BUSINESS_ROLES)
    form = BaseForm(place, products_at(place), request.POST or None, request.FILES or None)
    made = carried_out(form, lambda data: bases.register(request.actor, place=place, details=details_of(data)))
    if made:
        messages.success(request, _("%(name)s is entered.") % {"name": made.name}, extra_tags="draft:base")
        return see_other("base", made.id)
    return form_page(request, "registry/base_form.html", form, title=_("New base"), up=reverse("bases"), draft="base")


@require_http_methods(["GET", "HEAD", "POST"])
@managing
def edit(request: HttpRequest, base_id: uuid.UUID) -> HttpResponse:
    found = selectors.base_for(request.actor, base_id)
    place = Place.objects.visible_to(request.actor).filter(organisation_id=found.organisation_id).first()
    if place is None or not is_own(request, found):
        raise NotFound
    initial = {name: getattr(found, name) for name in DETAILS if name not in ("contract", "products", "region")}
    initial |= {"region": found.region.full_name, "products": found.products.all()}
    products = products_at(place) | found.products.all()
    form = BaseForm(place, products, request.POST or None, request.FILES or None, initial=initial)
    if carried_out(form, lambda data: bases.change(request.actor, base=found, details=details_of(data))):
        messages.success(request, _("Kept. Somebody of the market looks at it again."))
        return see_other("base", found.id)
    up = reverse("base", args=[found.id])
    return form_page(request, "registry/base_form.html", form, title=_("Correct"), kicker=found.name, up=up)


@require_POST
@desk("verify_base")
def verify(request: HttpRequest, base_id: uuid.UUID) -> HttpResponse:
    found = bases.verify(request.actor, base=selectors.base_for(request.actor, base_id))
    messages.success(request, _("Recorded: you have seen this contract."))
    return see_other("base", found.id)


@require_http_methods(["GET", "HEAD", "POST"])
@managing
def end(request: HttpRequest, base_id: uuid.UUID) -> HttpResponse:
    found = selectors.base_for(request.actor, base_id)
    if request.method == "POST":
        bases.end(request.actor, base=found)
        return see_other("bases")
    context = {
        "title": _("Has the contract with %(name)s ended?") % {"name": found.name},
        "text": _("New declarations can no longer name this base. Those that did keep it."),
        "submit": _("It has ended"),
        "up": reverse("base", args=[found.id]),
    }
    return render(request, "registry/confirm.html", context)


def products_at(place: Place):
    """Products of the categories sold at the place; all of them where nothing is recorded."""
    sold = place.categories.all()
    found = Product.objects.filter(active=True)
    return found.filter(category__in=sold) if sold.exists() else found


def details_of(data: Mapping[str, Any]) -> bases.Details:
    return bases.Details(**{name: data[name] for name in DETAILS})
