"""Suppliers: a trader's own address book of whom goods come from."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from kit import export, masking
from registry.models import Supplier
from registry.roles import BUSINESS_ROLES
from registry.selectors import sources as selectors
from registry.services import suppliers
from registry.web.doors import desk, see_other, working_place
from registry.web.forms_sources import SupplierForm
from registry.web.lists import asked, carried_out, export_url, form_page, page_of
from registry.web.looks import answer, hidden

reading = desk("manage_sources", "verify_base", "view_private")
managing = desk("manage_sources")


def is_own(request: HttpRequest, source) -> bool:
    return any(
        (scope.district_id, scope.organisation_id) == (source.district_id, source.organisation_id)
        for scope in request.actor.with_role(*BUSINESS_ROLES)
    )


@require_safe
@reading
def index(request: HttpRequest) -> HttpResponse:
    page = page_of(request, selectors.suppliers_for(request.actor, q=asked(request, "q")))
    context = {
        "page": page,
        "count": page.paginator.count,
        "export_url": export_url(request, "suppliers_export"),
        "searched": bool(request.GET.get("q")),
        "may_add": request.place is not None,
    }
    return render(request, "registry/suppliers.html", context)


@require_safe
@reading
def export_list(request: HttpRequest) -> HttpResponse:
    """A trader's own telephones are written out; those of others stay masked, identity numbers always."""
    header = [_("Supplier"), _("Address"), _("Telephone"), _("Bought by"), _("Last goods")]
    rows = (
        [s.name, s.address, phone_of(request, s), s.organisation.name, s.last_used_at]
        for s in selectors.suppliers_for(request.actor, q=asked(request, "q"))
    )
    return export.csv_response("suppliers.csv", header, rows)


def phone_of(request: HttpRequest, supplier: Supplier) -> str:
    if not supplier.phone or is_own(request, supplier):
        return supplier.phone
    return masking.phone(supplier.phone)


@require_safe
@reading
def supplier(request: HttpRequest, supplier_id: uuid.UUID) -> HttpResponse:
    found = selectors.supplier_for(request.actor, supplier_id)
    return render(request, "registry/supplier.html", context_of(request, found))


def context_of(request: HttpRequest, found: Supplier) -> dict[str, object]:
    return {"supplier": found, "own": is_own(request, found), **hidden(request, found, "supplier_look")}


@require_POST
@desk("view_private")
def look_at(request: HttpRequest, supplier_id: uuid.UUID, field: str) -> HttpResponse:
    found = selectors.supplier_for(request.actor, supplier_id)
    context = context_of(request, found)
    status = answer(request, found, field, context)
    return render(request, "registry/supplier.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@managing
def new(request: HttpRequest) -> HttpResponse:
    place = working_place(request, *BUSINESS_ROLES)
    form = SupplierForm(request.POST or None)
    made = carried_out(form, lambda data: suppliers.remember(request.actor, place=place, **data))
    if made:
        messages.success(request, _("%(name)s is remembered.") % {"name": made.name})
        return see_other("suppliers")
    return form_page(request, "registry/form.html", form, title=_("New supplier"), up=reverse("suppliers"))


@require_http_methods(["GET", "HEAD", "POST"])
@managing
def edit(request: HttpRequest, supplier_id: uuid.UUID) -> HttpResponse:
    found = selectors.supplier_for(request.actor, supplier_id)
    form = SupplierForm(
        request.POST or None, initial={name: getattr(found, name) for name in ("name", "address", "phone")}
    )
    if found.id_number:
        form.fields["id_number"].help_text = _("%(number)s is kept. Leave it empty to keep it.") % {
            "number": masking.id_number(found.id_number)
        }
    if carried_out(form, lambda data: suppliers.correct(request.actor, supplier=found, **data)):
        messages.success(request, _("Kept."))
        return see_other("supplier", found.id)
    up = reverse("supplier", args=[found.id])
    return form_page(request, "registry/form.html", form, title=_("Correct"), kicker=found.name, up=up)
