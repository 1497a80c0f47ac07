"""A holder's answer: how much was found, what was done with it. Three taps at a stall."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from kit.refusals import Conflict, Invalid, NotFound
from kit.templatetags.show import kg
from kit.transitions import StaleState
from registry.web.doors import add_refusal, desk, see_other
from traceability.models import Recall, RecallNotice
from traceability.selectors import recalls as selectors
from traceability.services.recall_answers import acknowledge
from traceability.web import recall_words as words
from traceability.web.forms_recalls import AnswerForm


@require_safe
@desk("answer_recall")
def answer(request: HttpRequest, recall_id: uuid.UUID) -> HttpResponse:
    """From a line in the inbox to the notice for one's own place."""
    return see_other("recall_notice", selectors.own_notice(request.actor, recall_id).pk)


@require_http_methods(["GET", "HEAD", "POST"])
@desk("view_recalls")
def notice(request: HttpRequest, notice_id: uuid.UUID) -> HttpResponse:
    found = selectors.notice_for(request.actor, notice_id)
    own = selectors.may_answer(request.actor, found)
    may = own or selectors.may_manage(request.actor, found.recall)
    if request.method == "POST" and not may:
        raise NotFound
    form = AnswerForm(request.POST or None, on_behalf=not own)
    if request.method == "POST" and form.is_valid() and (answered := given(request, form, found)):
        return answered
    over = found.recall.drill or found.recall.state != Recall.State.OPEN
    context = {
        "notice": found,
        "recall": found.recall,
        "own": own,
        "form": form if may and found.state == RecallNotice.State.SENT and not over else None,
        "tiles": [{"value": value, "label": label} for value, label in words.DONE.items()],
        "likely_kg": f"{found.expected_kg.normalize():f}" if found.expected_kg else "",
        "goods": selectors.goods_of(found),
        "over": over,
    }
    return render(request, "traceability/recalls/notice.html", context, status=422 if form.errors else 200)


def given(request: HttpRequest, form: AnswerForm, notice: RecallNotice) -> HttpResponse | None:
    try:
        acknowledge(request.actor, notice=notice, **form.cleaned_data)
    except Invalid as refusal:
        add_refusal(form, refusal)
        return None
    except StaleState:
        messages.info(request, _("This has been answered already."))
    except Conflict as refusal:
        form.add_error(None, str(refusal.message))
        return None
    else:
        messages.success(request, _("Answered: %(kg)s found. Thank you.") % {"kg": kg(notice.found_kg)})
    return see_other("recall_notice", notice.pk)
