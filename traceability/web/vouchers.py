"""销售凭证: its page for seller and buyer, its slip on screen and paper, and the way to void it."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from kit import clock, hosts, qr
from registry.permissions import may, require
from registry.web.doors import desk, see_other
from traceability import voucher_rules
from traceability.models import Voucher
from traceability.print import slips
from traceability.refusals import CannotVoid
from traceability.selectors.buyers import contacts
from traceability.selectors.days import trade_day_at
from traceability.selectors.ledgers import voucher_for
from traceability.selectors.prints import slip_of
from traceability.services import void as services
from traceability.voucher_rules import LineKilos, LineState
from traceability.web import words
from traceability.web.forms_selling import VoidForm

LINE_TONES = {LineState.OPEN: "due", LineState.PARTLY: "due"}


@require_safe
@desk("view_sales")
def voucher(request: HttpRequest, voucher_id: uuid.UUID) -> HttpResponse:
    found = voucher_for(request.actor, voucher_id)
    own = may(request.actor, "sell", place=found.place)
    lines = lines_of(found)
    context = {
        "voucher": found,
        "lines": lines,
        "own": own,
        "buying": buys(request, found),
        "contact": contacts([found]).get(found.buyer_place_id) if own else None,
        "voidable": own and not cannot_void(found, lines),
        "total_kg": sum(line.weight_kg for line in lines),
        "qr": qr.svg(hosts.page_url("v", found.token)),
        "open": any(line.kilos.open_kg for line in lines) and found.state == Voucher.State.ISSUED,
    }
    return render(request, "traceability/wholesale/voucher.html", context)


def lines_of(found: Voucher):
    """The lines, each with how much of it the buyer has taken in and refused."""
    lines = list(found.lines.filter(district_id=found.district_id).select_related("batch"))
    for line in lines:
        line.kilos = LineKilos(sold_kg=line.weight_kg, taken_kg=line.accepted_kg, refused_kg=line.refused_kg)
        line.tone = LINE_TONES.get(line.kilos.state, "none")
    return lines


def buys(request: HttpRequest, found: Voucher) -> bool:
    """Whether this person takes the goods in: the voucher names one of their places."""
    return bool(found.buyer_place_id) and any(
        scope.place_id == found.buyer_place_id and scope.organisation_id == found.buyer_organisation_id
        for scope in request.actor.scopes
    )


def cannot_void(found: Voucher, lines) -> str:
    """Why the seller cannot void it now; empty when it is possible."""
    why = voucher_rules.void_refusal(
        sold_on=found.trade_day,
        today=trade_day_at(found.place, clock.now()),
        taken_in=any(line.accepted_kg for line in lines),
        buyer_agrees=False,
        reason="-",
        voided=found.state == Voucher.State.VOID,
    )
    return str(words.CANNOT_VOID[why]) if why else ""


@require_safe
@desk("sell")
def slip(request: HttpRequest, voucher_id: uuid.UUID) -> HttpResponse:
    """The slip as it comes out, with its QR for the buyer to scan from the screen."""
    found = own_voucher(request, voucher_id)
    drawn = slip_of(found)
    context = {
        "voucher": found,
        "slip": drawn,
        "qr": qr.svg(drawn.url),
        "total_kg": drawn.total_kg,
    }
    return render(request, "traceability/wholesale/slip.html", context)


def own_voucher(request: HttpRequest, voucher_id: uuid.UUID) -> Voucher:
    """A voucher this person sold; the buyer's copy is the paper. Raises as `permissions.require` does."""
    found = voucher_for(request.actor, voucher_id)
    require(request.actor, "sell", place=found.place)
    return found


@require_safe
@desk("sell")
def slip_pdf(request: HttpRequest, voucher_id: uuid.UUID) -> HttpResponse:
    """58 mm, for a receipt printer with a driver, or to be sent on."""
    found = own_voucher(request, voucher_id)
    return as_file(slips.slip_pdf(slip_of(found)), "application/pdf", f"voucher-{found.typed_code}.pdf", inline=True)


@require_safe
@desk("sell")
def slip_escpos(request: HttpRequest, voucher_id: uuid.UUID) -> HttpResponse:
    """The bytes a 58 mm thermal printer prints as they are."""
    found = own_voucher(request, voucher_id)
    return as_file(slips.slip_escpos(slip_of(found)), "application/octet-stream", f"voucher-{found.typed_code}.bin")


def as_file(content: bytes, content_type: str, name: str, *, inline: bool = False) -> HttpResponse:
    disposition = f'{"inline" if inline else "attachment"}; filename="{name}"'
    return HttpResponse(content, content_type=content_type, headers={"Content-Disposition": disposition})


@require_POST
@desk("void_voucher")
def reprint(request: HttpRequest, voucher_id: uuid.UUID) -> HttpResponse:
    """Count one more copy; the slip says which one it is."""
    found = voucher_for(request.actor, voucher_id)
    number = services.count_reprint(request.actor, voucher=found)
    messages.success(request, _("Copy %(n)d is ready to print.") % {"n": number})
    return see_other("voucher_slip", found.id)


@require_http_methods(["GET", "HEAD", "POST"])
@desk("void_voucher")
def void(request: HttpRequest, voucher_id: uuid.UUID) -> HttpResponse:
    """Says in numbers what happens, asks for the reason, then voids; or says why it cannot be."""
    found = own_voucher(request, voucher_id)
    lines = lines_of(found)
    form = VoidForm(request.POST if request.method == "POST" else None)
    why = cannot_void(found, lines)
    if form.is_bound and form.is_valid() and not why:
        try:
            services.void(request.actor, voucher=found, reason=form.cleaned_data["reason"])
        except CannotVoid as refusal:
            why = str(words.CANNOT_VOID[refusal.data["why"]])
        else:
            messages.success(request, _("Voided. The goods are back in stock."))
            return see_other("voucher", found.id)
    back = [(line.product_name, line.kilos.open_kg + line.kilos.taken_kg) for line in lines]
    context = {"voucher": found, "form": form, "why": why, "back": back}
    status = 409 if form.is_bound and why else 422 if form.errors else 200
    return render(request, "traceability/wholesale/void.html", context, status=status)
