"""A visit: what is known of the place, how far one is, arriving, and a place that cannot be seen."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from inspections.models import CheckIn
from inspections.selectors import on_site
from inspections.services import drafts
from inspections.services.check_in import check_in
from inspections.services.submit import submit_draft
from inspections.visit_content import UNSEEN
from inspections.visit_rules import Why
from inspections.web.forms_visiting import ArriveForm, UnseenForm
from inspections.web.visit_parts import Visiting, try_photo, visiting
from kit import clock
from kit.refusals import Invalid
from registry.web.doors import add_refusal, desk, see_other

OUTCOMES = {
    CheckIn.Outcome.SUCCESS: ("ok", pgettext_lazy("check-in", "On the spot")),
    CheckIn.Outcome.FAILURE: ("bad", pgettext_lazy("check-in", "Does not fit")),
    CheckIn.Outcome.SKIPPED: ("due", pgettext_lazy("check-in", "Not confirmed")),
}
WHY = {
    Why.NONE: "",
    Why.OTHER_CODE: gettext_lazy("The code is that of another place."),
    Why.FAR: gettext_lazy("The phone says it is further away than it may be."),
    Why.OUT_OF_TIME: gettext_lazy("Outside the time in which you hold the task."),
    Why.REFUSED: gettext_lazy("The phone gave no position."),
    Why.NO_CONSENT: gettext_lazy("You have not agreed to share positions."),
    Why.WEAK: gettext_lazy("The position is too vague."),
    Why.NOT_SCANNED: gettext_lazy("The code of the place was not scanned."),
    Why.NO_MAP: gettext_lazy("The place is not on the map yet."),
    Why.NO_PLACE: gettext_lazy("The task has no place of its own."),
}


@require_safe
@desk("work_in_field")
def index(request: HttpRequest, claim_id: uuid.UUID) -> HttpResponse:
    visit = visiting(request, claim_id)
    task = visit.claim.task
    arrivals = on_site.arrivals(visit.claim)
    last = on_site.submissions_of(visit.claim).last()
    context = {
        "visit": visit,
        "task": task,
        "facts": facts_of(visit),
        "findings": on_site.last_findings(task.place) if task.place_id else [],
        "sent_back": visit.sent_back,
        "arrival": described(arrivals[-1]) if arrivals else None,
        "done": sum(item.code in visit.answers for item in visit.items),
        "sent": last if last and not visit.held else None,
        "missing": len(on_site.missing(last)) if last else 0,
        "next_item": next((item for item in visit.items if item.code not in visit.answers), None),
    }
    return render(request, "inspections/visit/index.html", context)


def facts_of(visit: Visiting) -> list[tuple[Any, ...]]:
    """Nothing that has to be typed again."""
    place = visit.claim.task.place
    if place is None:
        return [(_("Town"), visit.claim.task.town.name)]
    permit = place.permit_no
    until = _("until %(day)s") % {"day": place.permit_expires_on} if place.permit_expires_on else ""
    return [
        (_("Operator"), place.organisation.name if place.organisation_id else ""),
        (_("Address"), f"{place.market.name} {place.stall_no}" if place.market_id else place.address),
        (_("Permit"), permit, until),
    ]


def described(arrival: CheckIn) -> dict[str, Any]:
    tone, word = OUTCOMES[arrival.outcome]
    return {"tone": tone, "word": word, "why": WHY[Why(arrival.why)], "at": arrival.phone_at, "row": arrival}


@require_http_methods(["GET", "HEAD", "POST"])
@desk("work_in_field")
def arrive(request: HttpRequest, claim_id: uuid.UUID) -> HttpResponse:
    visit = visiting(request, claim_id)
    form = ArriveForm(request.POST or None)
    if form.is_valid():
        made = check_in(
            request.actor, **visit.named, phone_at=clock.now(), scanned_token=form.cleaned_data["scanned"],
            position=form.position(), client_key=form.cleaned_data["client_key"],
        )  # fmt: skip
        said = described(made)
        tell = messages.success if made.outcome == CheckIn.Outcome.SUCCESS else messages.warning
        tell(request, f"{said['word']}. {said['why']}".strip())
        return see_other("visit", claim_id)
    context = {"visit": visit, "task": visit.claim.task, "form": form, "up": reverse("visit", args=[claim_id])}
    return render(request, "inspections/visit/arrive.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@desk("work_in_field")
def unseen(request: HttpRequest, claim_id: uuid.UUID) -> HttpResponse:
    """Closed, moved or not found: outcomes with evidence and pay of their own."""
    visit = visiting(request, claim_id)
    form = UnseenForm(request.POST or None, request.FILES or None, initial=visit.draft.get("unseen"))
    if form.is_valid() and (answered := _not_seen(request, visit, form)):
        return answered
    context = {
        "visit": visit, "task": visit.claim.task, "form": form, "photos": visit.photos(UNSEEN),
        "up": reverse("visit", args=[claim_id]),
    }  # fmt: skip
    return render(request, "inspections/visit/unseen.html", context, status=422 if form.errors else 200)


def _not_seen(request: HttpRequest, visit: Visiting, form: UnseenForm) -> HttpResponse | None:
    said, key = form.cleaned_data, form.cleaned_data["client_key"]
    if on_site.sent_under(visit.claim, key):
        return see_other("visit", visit.claim.pk)
    if not try_photo(visit, form, UNSEEN):
        return None
    drafts.say(request.actor, **visit.named, unseen={"outcome": said["outcome"], "text": said["text"]})
    try:
        submit_draft(request.actor, **visit.named, client_key=key, unseen=True)
    except Invalid as refusal:
        add_refusal(form, refusal)
        return None
    messages.success(request, _("Sent to the reviewer."))
    return see_other("visit", visit.claim.pk)
