"""手工登记: goods from elsewhere entered by hand, and the same goods as last time in two taps."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from kit import clock
from kit.refusals import Invalid
from kit.templatetags.show import kg
from registry.models import Place, Product, Region, Supplier
from registry.papers import PaperKind
from registry.roles import BUSINESS_ROLES
from registry.selectors.products import find_products
from registry.selectors.sources import suppliers_at
from registry.services import suppliers
from registry.web.doors import add_refusal, desk, see_other, working_place
from registry.web.lists import asked, carried_out
from traceability.models import Intake
from traceability.selectors import intakes as ledger
from traceability.selectors.days import trade_day_at
from traceability.selectors.upstream import voucher_token
from traceability.services.again import enter_again
from traceability.services.enter import enter_intake
from traceability.web.declaring_start import Start
from traceability.web.forms_declaring import translated
from traceability.web.forms_entering import AgainForm, EntryForm
from traceability.web.forms_papers import PaperForms, paper_forms

SUPPLIERS_OFFERED = 6
DRAFT = "intake"


@require_http_methods(["GET", "HEAD", "POST"])
@desk("take_in")
def new(request: HttpRequest) -> HttpResponse:
    """Without a product, choose one; with one, the form, filled in with what was said last time."""
    place = working_place(request, *BUSINESS_ROLES)
    product = Product.objects.filter(pk=asked(request, "product")[:8], active=True).first()
    if product is None:
        return choose(request, place)
    form = entry_form(request, place, product)
    papers = paper_forms(request, kinds=() if request.method == "POST" else (PaperKind.PURCHASE_SLIP,))
    if request.method == "POST" and (answered := entered(request, form, papers)):
        return answered
    return form_page(request, form, papers)


def choose(request: HttpRequest, place: Place) -> HttpResponse:
    today = trade_day_at(place, clock.now())
    sought = asked(request, "find")
    context = {
        "at": place,
        "latest": ledger.last_by_product(place, today),
        "again_count": len(ledger.to_repeat(place, today)),
        "sought": sought,
        "found": find_products(sought) if sought else [],
    }
    return render(request, "traceability/place/entry_choose.html", context)


def entry_form(request: HttpRequest, place: Place, product: Product) -> EntryForm:
    today = trade_day_at(place, clock.now())
    before = ledger.last_of_product(place, product.pk)
    initial: dict[str, Any] = {"unit": product.unit}
    if before:
        initial |= {
            "origin": before.origin_region_id, "origin_detail": before.origin_detail, "unit": before.unit,
            "supplier": before.supplier_id, "self_grown": before.source == Intake.Source.SELF_GROWN,
        }  # fmt: skip
    sent = request.POST if request.method == "POST" else None
    return EntryForm(sent, place=place, start=Start(product), today=today, initial=initial)


def form_page(request: HttpRequest, form: EntryForm, papers: PaperForms) -> HttpResponse:
    wrong = bool(form.errors or papers.total_error_count())
    if wrong:
        papers.keep_photos()
    place, product = form.place, form.start.product
    context = {
        "at": place,
        "product": product,
        "form": form,
        "papers": papers,
        "draft": f"{DRAFT}-{product.pk}",
        "supplier_tiles": supplier_tiles(place, form["supplier"].value()),
        "origin_tiles": origin_tiles(form),
    }
    return render(request, "traceability/place/entry.html", context, status=422 if wrong else 200)


def supplier_tiles(place: Place, value) -> list[dict[str, Any]]:
    """The suppliers used last, the chosen one among them."""
    own = suppliers_at(place)
    offered = list(own[:SUPPLIERS_OFFERED])
    if value and str(value) not in {str(each.pk) for each in offered}:
        offered += own.filter(pk=value)
    return [{"value": str(each.pk), "label": each.name, "note": each.address} for each in offered]


def origin_tiles(form: EntryForm) -> list[dict[str, Any]]:
    """Where this product came from lately, and what the typed words may mean."""
    regions = {each.origin_region_id: each.origin_region for each in ledger.origins_of(form.place, form.start.product)}
    chosen = form["origin"].value()
    found = [*form.origins_found, *Region.objects.filter(pk=chosen)] if chosen or form.origins_found else []
    regions |= {region.pk: region for region in found}
    return [{"value": code, "label": region.name, "note": region.full_name} for code, region in regions.items()]


def entered(request: HttpRequest, form: EntryForm, papers: PaperForms) -> HttpResponse | None:
    """The answer once the goods are entered; None when something has to be put right."""
    if not (form.is_valid() & papers.is_valid()):
        return None
    if token := voucher_token(form.cleaned_data["external_code"]):
        messages.info(request, _("This is a voucher of this platform: take it in with one tap."))
        return see_other("take_in", token)
    try:
        intake = enter_intake(
            request.actor, place=form.place, product=form.start.product, supplier=supplier_of(request, form),
            papers=papers.papers(), client_key=form.cleaned_data["client_key"], **form.facts(),
        )  # fmt: skip
    except Invalid as refusal:
        add_refusal(form, translated(refusal))
        return None
    said = _("Entered: %(product)s, %(kg)s.") % {"product": intake.product.name, "kg": kg(intake.weight_kg)}
    messages.success(request, said, extra_tags=f"draft:{DRAFT}-{form.start.product.pk}")
    return see_other("intake_new") if "another" in request.POST else see_other("stall_home")


def supplier_of(request: HttpRequest, form: EntryForm) -> Supplier:
    """The supplier chosen or written; of one's own growing, the trader."""
    place, written = form.place, form.new_supplier()
    if form.cleaned_data["self_grown"]:
        own = place.organisation
        written = {"name": own.name, "phone": own.phone, "address": own.address or place_address(place)}
    return suppliers.remember(request.actor, place=place, **written) if written else form.cleaned_data["supplier"]


def place_address(place: Place) -> str:
    return f"{place.market.name} {place.stall_no}" if place.market_id else place.address


@require_http_methods(["GET", "HEAD", "POST"])
@desk("take_in")
def again(request: HttpRequest) -> HttpResponse:
    """和昨天一样: what was entered by hand last, with its quantities; one button enters all of it."""
    place = working_place(request, *BUSINESS_ROLES)
    earlier = ledger.to_repeat(place, trade_day_at(place, clock.now()))
    if not earlier:
        messages.info(request, _("There is nothing of the last seven days to repeat. Choose the product."))
        return see_other("intake_new")
    form = AgainForm(earlier, request.POST or None)
    made = carried_out(form, lambda data: enter_again(
        request.actor, place=place, entries=form.entries(), client_key=data["client_key"]
    ))  # fmt: skip
    if made:
        said = ngettext("Entered: %(n)d product.", "Entered: %(n)d products.", len(made)) % {"n": len(made)}
        messages.success(request, said, extra_tags="draft:again")
        return see_other("stall_home")
    context = {"at": place, "form": form, "day": earlier[0].trade_day, "up": reverse("stall_home")}
    return render(request, "traceability/place/again.html", context, status=422 if form.errors else 200)
