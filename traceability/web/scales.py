"""Scales at the desk: what one has sent, and in the demo a scale to try."""

from __future__ import annotations

import uuid

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from registry.selectors.devices import device_for
from registry.web.doors import desk
from traceability.selectors import device_messages as messages

A_PAGE = 50
WHY = {
    "different_content": _("This number came before with other content."),
    "invalid": _("Part of it cannot be read."),
    "unknown_token": _("Its voucher code was not issued to this scale."),
    "token_used": _("Its voucher code is already on another sale."),
    "unknown_seller": _("The scale does not serve the stall it names."),
    "unknown_buyer": _("There is no stall or store with the buyer's code."),
    "unknown_batch": _("The seller has no such batch."),
    "unknown_button": _("The scale has no such product button."),
    "no_batch": _("The seller never had a batch of this product."),
}


@require_safe
@desk("manage_devices", "oversee", "keep_platform")
def sent(request: HttpRequest, device_id: uuid.UUID) -> HttpResponse:
    """What a scale sent that asks for somebody: missing numbers, sales set aside, sales with a flag."""
    device = device_for(request.actor, device_id)
    aside = Paginator(messages.set_aside_of(device), A_PAGE).get_page(request.GET.get("page"))
    context = {
        "device": device,
        "gaps": [(gap, gap.last - gap.first + 1) for gap in messages.gaps_of(device)[:A_PAGE]],
        "page": aside,
        "aside": [(row, WHY[row.code]) for row in map(messages.shown, aside)],
        "flagged": messages.flagged_of(device)[:A_PAGE],
    }
    return render(request, "traceability/scale/sent.html", context)
