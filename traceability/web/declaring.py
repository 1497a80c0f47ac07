"""入场申报 from a phone: choose a product, or do the same as last time; the gate answers at once."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from kit import clock, photos
from kit.refusals import Invalid
from registry.models import Base, Place, Supplier
from registry.papers import PaperKind
from registry.roles import Role
from registry.selectors.products import find_products
from registry.selectors.regions import find_origins
from registry.selectors.sources import bases_at, suppliers_at
from registry.services import suppliers
from registry.web.doors import add_refusal, desk, see_other, working_place
from traceability.models import Declaration
from traceability.selectors import declarations as selectors
from traceability.selectors.days import trade_day_at
from traceability.services import declare as services
from traceability.services.papers import NewPaper
from traceability.web.declaring_start import Start, known, row_asked, start_of
from traceability.web.forms_declaring import PLACES_OFFERED, DeclareForm, translated
from traceability.web.forms_papers import PaperForms, asked_for, paper_forms

SUPPLIERS_OFFERED = 6


@require_http_methods(["GET", "HEAD", "POST"])
@desk("declare")
def declare(request: HttpRequest) -> HttpResponse:
    return declare_at(request, working_place(request, Role.WHOLESALER))


def declare_at(request: HttpRequest, place: Place) -> HttpResponse:
    """Declare for the trader of a place: without a product, choose one; with one, the form."""
    start = start_of(request.GET, place)
    if start is None:
        return choose(request, place)
    form, papers = forms_of(request, place, start)
    if request.method == "POST":
        declaration = handed_in(request, form, papers)
        if declaration:
            messages.success(request, _("Declared."), extra_tags=f"draft:{start.draft}")
            return see_other("declaration", declaration.id)
    return form_page(request, place, start, form, papers)


@require_http_methods(["GET", "HEAD", "POST"])
@desk("declare", "declare_for")
def amend(request: HttpRequest, declaration_id: uuid.UUID) -> HttpResponse:
    """Add what is missing, or mend what was returned; all that was declared is there already."""
    declaration = selectors.declaration_for(request.actor, declaration_id)
    if declaration.state not in (Declaration.State.SUBMITTED, Declaration.State.RETURNED):
        return see_other("declaration", declaration.id)
    start = Start(declaration.product, amends=declaration)
    form, papers = forms_of(request, declaration.place, start)
    if request.method == "POST" and mended(request, form, papers, declaration):
        messages.success(request, _("Handed in again."), extra_tags=f"draft:{start.draft}")
        return see_other("declaration", declaration.id)
    return form_page(request, declaration.place, start, form, papers)


@require_safe
@desk("declare", "declare_for")
def origins(request: HttpRequest) -> HttpResponse:
    """The counties that fit what is being typed, as tiles: a piece of the form."""
    near = request.place.district_id if request.place else ""
    found = find_origins(request.GET.get("origin_text", "")[:40], PLACES_OFFERED, near=near)
    return render(request, "traceability/wholesale/_origins.html", {"origins_found": found})


def choose(request: HttpRequest, place: Place) -> HttpResponse:
    """The first step: the same as last time, a base, one of the last products, or any of the catalogue."""
    sought = request.GET.get("find", "").strip()[:40]
    base = row_asked(bases_at(place).prefetch_related("products"), request.GET.get("base"))
    products = list(base.products.all()) if base else []
    context = {
        "base": base,
        "base_products": products,
        "sought": sought,
        "found": find_products(sought) if sought else [],
        "earlier": [] if base or sought else selectors.latest_declarations(place),
        "bases": [] if base or sought else bases_at(place)[:8],
        "latest": [] if base or sought else selectors.latest_products(place),
    }
    return render(request, "traceability/wholesale/choose.html", context)


def forms_of(request: HttpRequest, place: Place, start: Start) -> tuple[DeclareForm, PaperForms]:
    source = start.amends or start.again or start.supplements or selectors.last_of(place, start.product)
    today = trade_day_at(place, clock.now())
    form = DeclareForm(
        request.POST if request.method == "POST" else None,
        place=place,
        start=start,
        today=today,
        initial=known(start, source),
    )
    grown = bool(source and source.self_grown)
    imported = bool(source and source.imported)
    kinds = () if start.amends else asked_for(start.product, self_grown=grown, imported=imported)
    return form, paper_forms(request, kinds=kinds)


def form_page(
    request: HttpRequest, place: Place, start: Start, form: DeclareForm, papers: PaperForms
) -> HttpResponse:  # fmt: skip
    """The form; what was typed stays when it comes back, photos too."""
    wrong = bool(form.errors or papers.total_error_count())
    if wrong:
        papers.keep_photos()
    chosen = form["origin"].value()
    regions = {region.code: region for region in selectors.latest_origins(place, start.product)}
    if start.base:
        regions = {start.base.region_id: start.base.region} | regions
    context = {
        "at": place,
        "start": start,
        "form": form,
        "papers": papers,
        "origins": list(regions.values()),
        "origin_chosen": chosen,
        "supplier_tiles": supplier_tiles(place, form),
        "plates": selectors.latest_plates(place),
        "on_file": start.amends.papers.order_by("added_at") if start.amends else [],
        "contract": contract_of(start, form),
    }
    return render(request, "traceability/wholesale/declare.html", context, status=422 if wrong else 200)


def supplier_tiles(place: Place, form: DeclareForm) -> list[dict[str, Any]]:
    """The suppliers used last, and the chosen one."""
    value = form["supplier"].value()
    own = suppliers_at(place)
    offered = list(own[:SUPPLIERS_OFFERED])
    if value and str(value) not in {str(supplier.pk) for supplier in offered}:
        offered = [*own.filter(pk=value), *offered]
    return [
        {"value": str(supplier.pk), "label": supplier.name, "note": supplier.address, "checked": str(value)}
        for supplier in offered
    ]


def contract_of(start: Start, form: DeclareForm) -> Base | None:
    """The base whose contract goes with the declaration by itself."""
    base = form.base
    return base if base and (base.contract_image or base.contract_no) and not start.amends else None


def handed_in(request: HttpRequest, form: DeclareForm, papers: PaperForms) -> Declaration | None:
    """The declaration made; None when there is something to put right."""
    if not (form.is_valid() & papers.is_valid()):
        return None
    start, contract = form.start, contract_of(form.start, form)
    try:
        return services.declare(
            request.actor,
            place=form.place,
            product=start.product,
            supplier=supplier_of(request, form),
            papers=(*papers.papers(), *([contract_paper(contract)] if contract else [])),
            trade_day=form.cleaned_data["day"],
            supplements=start.supplements,
            client_key=form.cleaned_data["client_key"],
            **form.facts(),
        )
    except Invalid as refusal:
        add_refusal(form, translated(refusal))
        return None


def mended(request: HttpRequest, form: DeclareForm, papers: PaperForms, declaration: Declaration) -> bool:
    if not (form.is_valid() & papers.is_valid()):
        return False
    try:
        services.amend(
            request.actor,
            declaration=declaration,
            supplier=supplier_of(request, form),
            papers=papers.papers(),
            **form.facts(),
        )
    except Invalid as refusal:
        add_refusal(form, translated(refusal))
        return False
    return True


def supplier_of(request: HttpRequest, form: DeclareForm) -> Supplier | None:
    """The supplier chosen, or the one written, remembered for next time."""
    written = form.new_supplier()
    return suppliers.remember(request.actor, place=form.place, **written) if written else form.cleaned_data["supplier"]


def contract_paper(base: Base) -> NewPaper:
    photo = photos.fetch(base.contract_image) if base.contract_image else None
    return NewPaper(kind=PaperKind.BASE_CONTRACT, number=base.contract_no, photo=photo)
