"""The page of each step of a positive: a form, one service, and back to the case."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from kit import clock, problems
from kit.refusals import Conflict, Invalid
from kit.templatetags.show import kg
from registry.law import cite
from registry.permissions import may
from registry.web.doors import add_refusal, desk, see_other
from traceability.case_rules import Step
from traceability.models import PositiveCase
from traceability.refusals import NotEnough, ObjectionTooLate
from traceability.selectors import cases as selectors
from traceability.services import case_answers, case_disposal, case_finish, case_lab, case_notify, case_repeat
from traceability.web import case_words, forms_cases
from traceability.web.forms_tests import RESULT_NOTES, RESULTS

STALE = gettext_lazy("This step is not possible now: somebody has just taken one. Look at the case again.")


@dataclass(frozen=True)
class Page:
    """A step as a page. `act(actor, case, form)` is the service; `tiles` names fields shown as big choices."""

    step: Step
    verbs: tuple[str, ...]
    form: type[forms_cases.CaseForm]
    act: Callable[..., Any]
    done: str | Promise
    submit: str | Promise
    lede: str | Promise = ""
    tiles: Callable[[PositiveCase, Any], dict[str, list[dict[str, Any]]]] = lambda case, form: {}
    more: Callable[[HttpRequest, PositiveCase], dict[str, Any]] = lambda request, case: {}


def step_page(page: Page) -> Callable[..., HttpResponse]:
    @require_http_methods(["GET", "HEAD", "POST"])
    @desk(*page.verbs)
    def view(request: HttpRequest, case_id: uuid.UUID) -> HttpResponse:
        case = selectors.case_for(request.actor, case_id)
        sent = (request.POST, request.FILES) if request.method == "POST" else (None, None)
        form = page.form(*sent, actor=request.actor, case=case, **page.more(request, case))
        if not form.is_bound and not selectors.may_do(request.actor, case, page.step, clock.now()):
            messages.info(request, STALE)
            return see_other("case", case.pk)
        if form.is_bound and form.is_valid() and (answered := carried_out(request, page, case, form)):
            return answered
        return form_page(request, page, case, form)

    return view


def carried_out(request: HttpRequest, page: Page, case: PositiveCase, form) -> HttpResponse | None:
    try:
        page.act(request.actor, case, form)
    except Invalid as refusal:
        add_refusal(form, refusal)
        return None
    except NotEnough:
        case.batch.refresh_from_db()
        left = kg(case_disposal.left_kg(case.batch))
        form.add_error("weight_kg", _("Only %(kg)s are left.") % {"kg": left})
        return None
    except Conflict as refusal:
        messages.warning(request, said(refusal))
    else:
        messages.success(request, page.done, extra_tags=f"draft:{draft_of(page, case)}")
    return see_other("case", case.pk)


def said(refusal: Conflict) -> str:
    """In words, with the article where a law sets the time."""
    if isinstance(refusal, ObjectionTooLate) and refusal.data["article"]:
        article = cite(refusal.data["article"])
        english = get_language() == "en"
        return f"{problems.words(refusal)} {article.citation_en if english else article.citation}: " + (
            article.duty_en if english else article.duty
        )
    return problems.words(refusal)


def form_page(request: HttpRequest, page: Page, case: PositiveCase, form) -> HttpResponse:
    if form.errors:
        form.keep_photos()
    context = {
        "case": case,
        "form": form,
        "title": case_words.STEPS[page.step],
        "lede": page.lede,
        "submit": page.submit,
        "draft": draft_of(page, case),
        "tiles": page.tiles(case, form),
        "up": reverse("case", args=[case.pk]),
    }
    return render(request, "traceability/cases/step.html", context, status=422 if form.errors else 200)


def draft_of(page: Page, case: PositiveCase) -> str:
    return f"case-{page.step}-{case.pk}"


def key(form) -> uuid.UUID:
    return form.cleaned_data["client_key"]


def answered(actor, case, form):
    if form.cleaned_data["answer"] == form.ACCEPT:
        return case_answers.accept(actor, case=case, client_key=key(form))
    return case_answers.object_to(actor, case=case, reason=form.cleaned_data["reason"], client_key=key(form))


def answer_tiles(case, form):
    return {
        "answer": [
            {"value": form.ACCEPT, "label": _("I accept the result"),
             "note": _("The goods are destroyed or returned. No laboratory.")},
            {"value": form.OBJECT, "label": _("I object"),
             "note": _("The sample is sealed and goes to a laboratory. Until then the goods stay put aside.")},
        ]
    }  # fmt: skip


def result_tiles(case, form):
    return {"result": [{"value": value, "label": word, "note": RESULT_NOTES[value]} for value, word in RESULTS.items()]}


def method_tiles(case, form):
    return {"method": [{"value": value, "label": word} for value, word in case_words.METHODS.items()]}


def lab_tiles(case, form):
    notes = {form.PASSED: _("the pause is lifted"), form.FAILED: _("the goods are to be disposed of")}
    return {"outcome": [{"value": v, "label": label, "note": notes[v]} for v, label in form.fields["outcome"].choices]}


def sample_tiles(case, form):
    taken = [
        {"value": pk, "label": f"{sample.product} {sample.label}", "note": str(sample.point)}
        for pk, sample in form.taken.items()
    ]
    new = {"value": form.NEW, "label": _("Take it now"), "note": _("a label is made for it")}
    return {"sample": [*taken, *([new] if len(form.fields["sample"].choices) > len(taken) else [])]}


def resampled(actor, case, form):
    sample = form.taken.get(form.cleaned_data["sample"])
    return case_finish.resample(actor, case=case, sample=sample, client_key=key(form))


def may_take(request: HttpRequest, case: PositiveCase) -> dict[str, Any]:
    return {"may_take": may(request.actor, "record_test", place=case.place)}


HANDLE, CLOSE = ("handle_case",), ("close_case",)
notify = step_page(Page(
    Step.NOTIFY, HANDLE, forms_cases.NotifyForm,
    lambda actor, case, form: case_notify.notify_holder(
        actor, case=case, how=form.cleaned_data["how"], client_key=key(form)),
    gettext_lazy("Kept. The time to object runs from now."), gettext_lazy("I have told him"),
    gettext_lazy("This holder has no account here, so somebody tells him. From that moment he has time to object."),
))  # fmt: skip
answer = step_page(Page(
    Step.ACCEPT, ("answer_case",), forms_cases.AnswerForm, answered,
    gettext_lazy("Your answer is kept."), gettext_lazy("Send my answer"), tiles=answer_tiles,
))  # fmt: skip
repeat = step_page(Page(
    Step.REPEAT, ("record_test",), forms_cases.RepeatForm,
    lambda actor, case, form: case_repeat.repeat(
        actor, case=case, result=form.cleaned_data["result"], strip=form.images.get("strip"), client_key=key(form)),
    gettext_lazy("The second strip is recorded. Both results are kept."), gettext_lazy("Record it"),
    gettext_lazy("Of the same sample, if possible by a second person. Both results are kept."), result_tiles,
))  # fmt: skip
clear = step_page(Page(
    Step.CLEAR, CLOSE, forms_cases.ReasonForm,
    lambda actor, case, form: case_finish.clear(
        actor, case=case, reason=form.cleaned_data["note"], client_key=key(form)),
    gettext_lazy("Closed. The goods may be sold again."), gettext_lazy("Close, let the goods be sold"),
    gettext_lazy("The second strip found nothing. Say why it counts and not the first; it is kept with your name."),
))  # fmt: skip
seal = step_page(Page(
    Step.SEAL, HANDLE, forms_cases.SealForm,
    lambda actor, case, form: case_lab.seal(
        actor, case=case, seal_no=form.cleaned_data["seal_no"], laboratory=form.cleaned_data["laboratory"],
        photo=form.images["seal"], client_key=key(form)),
    gettext_lazy("Sealed and sent. The laboratory has seven working days."), gettext_lazy("Sealed and sent"),
    gettext_lazy("In front of the holder, seal what is left of the sample, photograph it, send it."),
))  # fmt: skip
lab = step_page(Page(
    Step.LAB, ("record_lab_report",), forms_cases.LabForm,
    lambda actor, case, form: case_lab.record_lab_report(
        actor, case=case, finding=form.finding(), client_key=key(form)),
    gettext_lazy("The report is kept, and everybody concerned is told."), gettext_lazy("Enter the report"),
    tiles=lab_tiles,
))  # fmt: skip
dispose = step_page(Page(
    Step.DISPOSE, ("answer_case", "handle_case"), forms_cases.DisposeForm,
    lambda actor, case, form: case_disposal.dispose(actor, case=case, done=form.done(), client_key=key(form)),
    gettext_lazy("Kept. These kilos are out of stock."), gettext_lazy("Enter it"),
    gettext_lazy("With a witness, and a photo before and after."), method_tiles,
))  # fmt: skip
report = step_page(Page(
    Step.REPORT, HANDLE, forms_cases.ReportForm,
    lambda actor, case, form: case_finish.report(
        actor, case=case, reported_to=form.cleaned_data["reported_to"], client_key=key(form)),
    gettext_lazy("Reported. The follow-up sample stands in tomorrow's plan."), gettext_lazy("Report it"),
))  # fmt: skip
resample = step_page(Page(
    Step.RESAMPLE, HANDLE, forms_cases.ResampleForm, resampled,
    gettext_lazy("The follow-up sample is named. Once it is tested, the case can be closed."), gettext_lazy("This one"),
    gettext_lazy("A sample of the same place, taken after the goods were gone."), sample_tiles, may_take,
))  # fmt: skip
close = step_page(Page(
    Step.CLOSE, CLOSE, forms_cases.ReasonForm,
    lambda actor, case, form: case_finish.close(actor, case=case, note=form.cleaned_data["note"], client_key=key(form)),
    gettext_lazy("The case is closed."), gettext_lazy("Close the case"),
    gettext_lazy("In a few words, how it ended; after a laboratory cleared the goods, also what the holder gets."),
))  # fmt: skip
