"""The end of a visit: what is still missing, the operator's signature, and off to the reviewer; and its photos."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.core.files.storage import default_storage
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from inspections.refusals import LACK_WORDS
from inspections.selectors import on_site
from inspections.services import drafts
from inspections.services.photos import add_photo, digest
from inspections.services.submit import submit_draft
from inspections.visit_content import PROMOTION, SIGNATURE
from inspections.web.forms_visiting import FinishForm, PhotoForm
from inspections.web.visit_parts import Visiting, again, try_photo, visiting
from kit import clock, images
from kit.refusals import Invalid, NotFound
from registry.web.doors import add_refusal, desk, see_other
from traceability.web.paper_photos import picture, private


@require_http_methods(["GET", "HEAD", "POST"])
@desk("work_in_field")
def finish(request: HttpRequest, claim_id: uuid.UUID) -> HttpResponse:
    visit = visiting(request, claim_id)
    form = FinishForm(request.POST or None, request.FILES or None, initial=visit.draft)
    if form.is_valid() and (answered := _finished(request, visit, form)):
        return answered
    visit = again(visit)
    arrived = on_site.arrivals(visit.claim)
    minutes = int((clock.now() - arrived[0].phone_at).total_seconds() // 60) if arrived else None
    shortest = visit.claim.task.kind.min_stay_minutes
    context = {
        "visit": visit,
        "task": visit.claim.task,
        "form": form,
        "photo_form": PhotoForm(),
        "photos": visit.photos(""),
        "all_photos": len(visit.draft.get("manifest", [])),
        "todo": todo(visit),
        "minutes": minutes,
        "too_short": minutes is not None and minutes < shortest and shortest,
        "signed": bool(visit.draft.get("signature_sha256")),
        "up": reverse("visit", args=[claim_id]),
    }
    return render(request, "inspections/visit/finish.html", context, status=422 if form.errors else 200)


def todo(visit: Visiting) -> list[dict[str, Any]]:
    """What is still missing, each with the way there; the signature is asked for on this very page."""
    texts = {item.code: item.text for item in visit.items}
    found = []
    for code, lack in visit.lacks():
        if code == SIGNATURE:
            continue
        url = ""
        if code in texts:
            url = reverse("visit_item", args=[visit.claim.pk, code])
        elif code == PROMOTION:
            url = reverse("visit_promotion", args=[visit.claim.pk])
        found.append({"title": texts.get(code, ""), "words": LACK_WORDS[lack], "url": url, "code": code})
    return found


def _finished(request: HttpRequest, visit: Visiting, form: FinishForm) -> HttpResponse | None:
    said, key = form.cleaned_data, form.cleaned_data["client_key"]
    if on_site.sent_under(visit.claim, key):
        return see_other("visit", visit.claim.pk)
    parts = {"signed_by": said["signed_by"], "sign_refusal": said["sign_refusal"]}
    try:
        if said["signature"]:
            parts["signature_sha256"] = _keep_signature(visit, form)
        drafts.say(request.actor, **visit.named, **parts)
        submit_draft(request.actor, **visit.named, client_key=key)
    except Invalid as refusal:
        add_refusal(form, refusal)
        return None
    messages.success(request, _("Sent to the reviewer."))
    return see_other("visit", visit.claim.pk)


def _keep_signature(visit: Visiting, form: FinishForm) -> str:
    """Not among the photos of the record: a picture of its own."""
    file, at = form.cleaned_data["signature"], clock.now()
    sha256 = digest(file)
    add_photo(visit.actor, **visit.named, sha256=sha256, file=file, item_code=SIGNATURE, taken_at=at)
    return sha256


@require_POST
@desk("work_in_field")
def add(request: HttpRequest, claim_id: uuid.UUID) -> HttpResponse:
    """A photo of the whole."""
    visit = visiting(request, claim_id)
    form = PhotoForm(request.POST, request.FILES)
    if not form.is_valid() or not try_photo(visit, form, ""):
        for errors in form.errors.values():
            messages.error(request, errors[0])
    return see_other("visit_finish", claim_id)


@require_safe
@desk("work_in_field", "supervise_work")
def photo(request: HttpRequest, photo_id: uuid.UUID) -> HttpResponse:
    """For whoever took it and for those who supervise the work; `?small` for a list."""
    found = on_site.photo_for(request.actor, photo_id)
    if not default_storage.exists(found.image):
        raise NotFound
    if "small" in request.GET:
        with default_storage.open(found.image) as file:
            return picture(images.thumbnail(file.read()))
    return private(FileResponse(default_storage.open(found.image), content_type=images.CONTENT_TYPE))
