"""A place's public code: a new one for a plate that is lost or copied, or none."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from registry.selectors.places import place_for
from registry.services import codes
from registry.web.doors import desk, see_other
from registry.web.forms_places import WhyForm
from registry.web.lists import carried_out, form_page


@require_http_methods(["GET", "HEAD", "POST"])
@desk("manage_codes")
def replace(request: HttpRequest, place_id: uuid.UUID) -> HttpResponse:
    found = place_for(request.actor, place_id)
    form = WhyForm(request.POST or None)
    if carried_out(form, lambda data: codes.replace_code(request.actor, place=found, **data)):
        messages.success(request, _("The place has a new code. Print its plate and hang it up."))
        return see_other("stall", found.id)
    context = {
        "title": _("A new code for %(place)s?") % {"place": found},
        "text": _("Whoever scans the old plate reads that it was replaced, and finds the new page."),
        "submit": _("Give a new code"),
        "up": reverse("stall", args=[found.id]),
    }
    return form_page(request, "registry/confirm.html", form, **context)


@require_http_methods(["GET", "HEAD", "POST"])
@desk("manage_codes")
def retire(request: HttpRequest, place_id: uuid.UUID) -> HttpResponse:
    found = place_for(request.actor, place_id)
    form = WhyForm(request.POST or None)
    if carried_out(form, lambda data: codes.retire_code(request.actor, place=found, **data) or found):
        messages.success(request, _("The code is out of use."))
        return see_other("stall", found.id)
    context = {
        "title": _("Take the code of %(place)s out of use?") % {"place": found},
        "text": _("Whoever scans it reads that it counts no longer, and sees nothing else."),
        "tone": "bad",
        "submit": _("Take it out of use"),
        "up": reverse("stall", args=[found.id]),
    }
    return form_page(request, "registry/confirm.html", form, **context)
