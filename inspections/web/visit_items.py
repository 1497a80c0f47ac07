"""The checklist: one item a screen or all in a list, every step saved; and what a promotion tells."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from inspections.models import ChecklistItem
from inspections.services import drafts
from inspections.visit_content import PROMOTION
from inspections.web.forms_visiting import AnswerForm, PromotionForm
from inspections.web.visit_parts import Visiting, again, try_photo, visiting
from kit.refusals import NotFound
from registry.web.doors import desk, see_other


@require_http_methods(["GET", "HEAD", "POST"])
@desk("work_in_field")
def item(request: HttpRequest, claim_id: uuid.UUID, code: str) -> HttpResponse:
    visit = visiting(request, claim_id)
    place, found = position_of(visit, code)
    form = form_of(request, visit, found)
    wrong = request.method == "POST" and not kept(visit, [form])
    if request.method == "POST" and not wrong:
        if "photo_too" in request.POST:
            return see_other("visit_item", claim_id, code)
        return onward(visit, place)
    context = {
        "visit": visit, "task": visit.claim.task, "item": found, "form": form, "number": place + 1,
        "count": len(visit.items), "photos": visit.photos(code), "up": reverse("visit", args=[claim_id]),
        "before": visit.items[place - 1] if place else None,
    }  # fmt: skip
    return render(request, "inspections/visit/item.html", context, status=422 if wrong else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@desk("work_in_field")
def listed(request: HttpRequest, claim_id: uuid.UUID) -> HttpResponse:
    """All items on one page, with one button."""
    visit = visiting(request, claim_id)
    forms = [form_of(request, visit, each) for each in visit.items]
    wrong = request.method == "POST" and not kept(visit, forms, unanswered=True)
    if request.method == "POST" and not wrong:
        messages.success(request, _("Kept."))
        return see_other("visit_finish", claim_id)
    rows = [(form, visit.photos(form.item.code)) for form in forms]
    context = {
        "visit": visit, "task": visit.claim.task, "rows": rows, "wrong": wrong, "up": reverse("visit", args=[claim_id])
    }  # fmt: skip
    return render(request, "inspections/visit/list.html", context, status=422 if wrong else 200)


def position_of(visit: Visiting, code: str) -> tuple[int, ChecklistItem]:
    for place, each in enumerate(visit.items):
        if each.code == code:
            return place, each
    raise NotFound


def form_of(request: HttpRequest, visit: Visiting, found: ChecklistItem) -> AnswerForm:
    sent = (request.POST, request.FILES) if request.method == "POST" else ()
    return AnswerForm(found, *sent, initial=visit.answers.get(found.code))


def kept(visit: Visiting, forms: list[AnswerForm], *, unanswered: bool = False) -> bool:
    """Keep what can be kept of every form; True when nothing is left to put right. `unanswered` items may stay so."""
    valid = [form for form in forms if form.is_valid()]
    photographed = all([try_photo(visit, form, form.item.code) for form in valid])
    answers = [answer for form in valid if (answer := form.answer())]
    if answers:
        drafts.answer(visit.actor, **visit.named, given=answers)
    now = again(visit)
    for form in valid:
        _say_lacks(now, form, unanswered=unanswered)
    return photographed and len(valid) == len(forms) and not any(form.errors for form in forms)


def _say_lacks(visit: Visiting, form: AnswerForm, *, unanswered: bool) -> None:
    if unanswered and not form.cleaned_data["result"]:
        return
    for words in visit.lacks_of(form.item.code):
        form.add_error(None, words)


def onward(visit: Visiting, place: int) -> HttpResponse:
    if place + 1 < len(visit.items):
        return see_other("visit_item", visit.claim.pk, visit.items[place + 1].code)
    return see_other("visit_finish", visit.claim.pk)


@require_http_methods(["GET", "HEAD", "POST"])
@desk("work_in_field")
def promotion(request: HttpRequest, claim_id: uuid.UUID) -> HttpResponse:
    """宣传: where, for how many, with what, and photos of it."""
    visit = visiting(request, claim_id)
    if not visit.asked.promotion:
        raise NotFound
    task = visit.claim.task
    known = {"place": str(task.place) if task.place_id else "", "topic": task.title}
    form = PromotionForm(
        request.POST or None, request.FILES or None, initial=known | (visit.draft.get("promotion") or {})
    )
    if form.is_valid():
        said = {name: form.cleaned_data[name] for name in ("place", "audience", "topic", "material")}
        drafts.say(request.actor, **visit.named, promotion=said)
        if try_photo(visit, form, PROMOTION):
            return see_other("visit_promotion" if "photo_too" in request.POST else "visit_finish", claim_id)
    context = {
        "visit": visit, "task": task, "form": form, "photos": visit.photos(PROMOTION),
        "up": reverse("visit", args=[claim_id]),
    }  # fmt: skip
    return render(request, "inspections/visit/promotion.html", context, status=422 if form.errors else 200)


@require_POST
@desk("work_in_field")
def drop_photo(request: HttpRequest, claim_id: uuid.UUID) -> HttpResponse:
    """Take a photo out of the record; back to where it stood."""
    visit = visiting(request, claim_id)
    drafts.drop_photo(request.actor, **visit.named, sha256=request.POST.get("sha256", ""))
    code = request.POST.get("item", "")
    if code in {each.code for each in visit.items}:
        return see_other("visit_item", claim_id, code)
    return see_other("visit_finish", claim_id)
