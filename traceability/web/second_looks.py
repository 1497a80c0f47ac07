"""代录复核: what one clerk entered for a trader, a second person looks at."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from kit.refusals import NotFound
from registry.web.doors import desk, see_other
from registry.web.lists import page_of
from traceability.refusals import OwnDeclaration
from traceability.selectors.gate_queue import for_second_look
from traceability.services.audit import take_second_look


@require_safe
@desk("sample_on_behalf")
def index(request: HttpRequest) -> HttpResponse:
    page = page_of(request, for_second_look(request.actor))
    context = {"page": page, "count": page.paginator.count, "me": request.actor.account_id}
    return render(request, "traceability/market/second_looks.html", context)


@require_POST
@desk("sample_on_behalf")
def confirm(request: HttpRequest, declaration_id: uuid.UUID) -> HttpResponse:
    """Seen and in order. Whoever entered it is told that it takes another."""
    found = for_second_look(request.actor).filter(pk=declaration_id).first()
    if found is None:
        raise NotFound
    try:
        take_second_look(request.actor, declaration=found)
    except OwnDeclaration:
        messages.warning(request, _("You entered this one yourself: a colleague has to look at it."))
    else:
        messages.success(request, _("Noted: seen by you."))
    return see_other("second_looks")
