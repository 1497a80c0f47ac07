"""盲样考核: the list, one planned by hand or by the rule, its label, its answer."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from kit import clock, codes, export
from kit.refusals import NotFound
from registry.permissions import may
from registry.web.doors import desk, see_other
from registry.web.lists import asked, carried_out, export_url, form_page, page_of, select, today
from traceability.models import BlindSample
from traceability.selectors import blind as selectors
from traceability.selectors.evaluation import reach_of
from traceability.selectors.points import points_for
from traceability.services import blind as services
from traceability.web import evaluation_words as words
from traceability.web.forms_blind import BlindForm, VoidForm

STATES = {
    **words.BLIND_STATES,
    "late": gettext_lazy("answer overdue"),
    "wrong": gettext_lazy("answered wrongly"),
}


@require_safe
@desk("evaluate_tests")
def index(request: HttpRequest) -> HttpResponse:
    page = page_of(request, asked_for(request))
    context = {
        "page": page,
        "count": page.paginator.count,
        "selects": [select(request, "state", _("Every state"), STATES)],
        "export_url": export_url(request, "blind_samples_export"),
        "searched": any(request.GET.get(name) for name in ("q", "state")),
        "may_plan": may_plan(request),
        "now": clock.now(),
    }
    return render(request, "traceability/blind/index.html", context)


def asked_for(request: HttpRequest):
    found = selectors.blind_samples_for(request.actor)
    return selectors.narrowed(found, q=asked(request, "q"), state=asked(request, "state", STATES))


def may_plan(request: HttpRequest) -> bool:
    reach = reach_of(request.actor)
    return reach is not None and may(request.actor, "plan_sampling", district=reach.district_id)


@require_safe
@desk("evaluate_tests")
def export_csv(request: HttpRequest) -> HttpResponse:
    header = [_("Test point"), _("Product"), _("Item"), _("What is in it"), _("Planned for"), _("State"), _("Label"),
              _("Sent at"), _("Answer due"), pgettext("blind sample", "Answer"), _("Answered at"), _("Agrees"),
              _("Why planned"), _("Why called off")]  # fmt: skip
    rows = (
        [each.point.name, each.product.name, each.item.name, words.CONTENTS[each.expected], each.planned_for,
         words.BLIND_STATES[each.state], codes.grouped(each.sample.label) if each.sample else "", each.sent_at,
         each.answer_due_at, each.test.get_result_display() if each.test else "", each.answered_at, each.agreed,
         words.blind_reason(each.reason), each.void_reason]
        for each in asked_for(request)
    )  # fmt: skip
    return export.csv_response("blind-samples.csv", header, rows)


@require_safe
@desk("evaluate_tests")
def blind_sample(request: HttpRequest, blind_id: uuid.UUID) -> HttpResponse:
    return page(request, selectors.blind_sample_for(request.actor, blind_id), VoidForm())


def page(request: HttpRequest, found: BlindSample, form: VoidForm) -> HttpResponse:
    may_handle = may(request.actor, "plan_sampling", district=found.district_id)
    context = {
        "blind": found,
        "form": form,
        "may_send": may_handle and found.state == BlindSample.State.PLANNED,
        "may_void": may_handle and found.state in (BlindSample.State.PLANNED, BlindSample.State.SENT),
        "late": found.state == BlindSample.State.SENT and found.answer_due_at < clock.now(),
    }
    return render(request, "traceability/blind/sample.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@desk("plan_sampling")
def new(request: HttpRequest) -> HttpResponse:
    initial = {"planned_for": today(), "point": request.GET.get("point")}
    form = BlindForm(points_for(request.actor), request.POST or None, initial=initial)
    made = carried_out(form, lambda data: services.plan_blind(request.actor, **data))
    if made:
        messages.success(request, _("Planned."), extra_tags="draft:blind")
        return see_other("blind_sample", made.pk)
    return form_page(
        request, "registry/form.html", form, title=_("Plan a blind sample"), up=reverse("blind_samples"),
        lede=_("A sample of known content, to see whether the point finds it. The point tests it like any other."),
        draft="blind", submit=_("Plan it"),
    )  # fmt: skip


@require_POST
@desk("plan_sampling")
def plan_by_rule(request: HttpRequest) -> HttpResponse:
    """What the measured miss rates ask for this month, at once instead of tomorrow morning."""
    reach = reach_of(request.actor)
    if reach is None:
        raise NotFound
    made = services.plan_by_rule(request.actor, district_id=reach.district_id)
    if made:
        said = ngettext("%(n)d blind sample is planned.", "%(n)d blind samples are planned.", made) % {"n": made}
        messages.success(request, said)
    else:
        messages.info(request, _("Everything the rule asks for is planned already."))
    return see_other("blind_samples")


@require_POST
@desk("plan_sampling")
def send(request: HttpRequest, blind_id: uuid.UUID) -> HttpResponse:
    """Its label: write it on the bag. From now on its answer is waited for."""
    found = selectors.blind_sample_for(request.actor, blind_id)
    services.send_blind(request.actor, blind=found)
    messages.success(request, _("Write the label on the bag and send it. The answer is due within three days."))
    return see_other("blind_sample", found.pk)


@require_POST
@desk("plan_sampling")
def call_off(request: HttpRequest, blind_id: uuid.UUID) -> HttpResponse:
    found = selectors.blind_sample_for(request.actor, blind_id)
    form = VoidForm(request.POST)
    if carried_out(form, lambda data: services.void_blind(request.actor, blind=found, **data)):
        messages.success(request, _("Called off."))
        return see_other("blind_sample", found.pk)
    return page(request, found, form)
