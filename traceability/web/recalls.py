"""召回: those under way and those ended; one of them with who has answered, worst first; reminding and ending."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext_lazy
from django.views.decorators.http import require_POST, require_safe

from kit import clock, export
from kit.refusals import Conflict, Invalid
from registry.permissions import VERBS
from registry.web.doors import add_refusal, desk, see_other
from registry.web.lists import asked, export_url, page_of, select
from traceability.models import Recall
from traceability.selectors import recalls as selectors
from traceability.services import recall_end, recall_news
from traceability.web import recall_words as words
from traceability.web.forms_recalls import EndForm
from traceability.web.recall_figures import effect_stats, kilo_bars, silent_names

OPEN, ENDED, DRILLS = "open", "ended", "drills"
SHOWN = {
    OPEN: pgettext_lazy("recalls", "Under way"),
    ENDED: pgettext_lazy("recalls", "Ended"),
    DRILLS: pgettext_lazy("recalls", "Drills"),
}
A_FEW = 20


@require_safe
@desk("view_recalls")
def index(request: HttpRequest) -> HttpResponse:
    found, show = asked_for(request)
    page = page_of(request, found)
    context = {
        "page": page,
        "count": page.paginator.count,
        "show": show,
        "chips": [{"label": label, "url": f"?show={key}", "active": key == show} for key, label in SHOWN.items()],
        "keep": [("show", show)],
        "selects": [select(request, "kind", _("Own and ordered"), words.KINDS)],
        "export_url": export_url(request, "recalls_export"),
        "searched": any(request.GET.get(name) for name in ("q", "kind")),
        "to_answer": selectors.to_answer(request.actor)[:A_FEW],
        "requests": selectors.open_requests(request.actor)[:A_FEW],
        "may_start": selectors.may_begin(request.actor),
    }
    return render(request, "traceability/recalls/index.html", context)


def asked_for(request: HttpRequest):
    show = asked(request, "show", SHOWN) or OPEN
    found = selectors.narrowed(
        selectors.recalls_for(request.actor),
        q=asked(request, "q"),
        kind=asked(request, "kind", words.KINDS),
        state=Recall.State.OPEN if show == OPEN else "",
        drill=show == DRILLS,
    )
    return (found.exclude(state=Recall.State.OPEN) if show == ENDED else found), show


@require_safe
@desk("view_recalls")
def export_list(request: HttpRequest) -> HttpResponse:
    header = [_("Started at"), _("Product"), _("Operator"), _("Where"), _("Kind"), _("State"), _("Reason"),
              _("Holders"), _("Answered"), _("Ended at"), _("Conclusion")]  # fmt: skip
    rows = ([
        recall.opened_at, recall.product.name, recall.organisation.name, str(recall.place),
        words.KINDS[recall.kind], words.STATES[recall.state], recall.reason, recall.holders, recall.answered,
        recall.closed_at, recall.conclusion,
    ] for recall in asked_for(request)[0])  # fmt: skip
    return export.csv_response("recalls.csv", header, rows)


@require_safe
@desk("view_recalls")
def recall(request: HttpRequest, recall_id: uuid.UUID) -> HttpResponse:
    return recall_page(request, selectors.recall_for(request.actor, recall_id))


def recall_page(
    request: HttpRequest, found: Recall, closing: EndForm | None = None, cancelling: EndForm | None = None
) -> HttpResponse:  # fmt: skip
    effect = selectors.effect_of(found, clock.now())
    notices = selectors.holders_of(
        found, q=asked(request, "q"), state=asked(request, "state", words.NOTICE_STATES)
    )  # fmt: skip
    page = page_of(request, notices)
    places = selectors.places_of(page)
    kilos = selectors.kilos_of(found)
    context = {
        "recall": found,
        "effect": effect,
        "stats": effect_stats(found, effect),
        "kilos": kilo_bars(kilos),
        "start_kg": kilos["start_kg"],
        "page": page,
        "rows": [(notice, places.get(notice.place_id)) for notice in page],
        "count": page.paginator.count,
        "selects": [select(request, "state", _("All holders"), words.NOTICE_STATES)],
        "export_url": f"{reverse('recall_holders_export', args=[found.pk])}?{request.GET.urlencode()}",
        "searched": any(request.GET.get(name) for name in ("q", "state")),
        "steps": found.steps.select_related("by").order_by("at", "pk"),
        "may_manage": selectors.may_manage(request.actor, found) and found.state == Recall.State.OPEN,
        "may_see_hold": request.actor.has_role(*VERBS["place_hold"], *VERBS["oversee"]),
        "closing": closing or EndForm(prefix="close"),
        "cancelling": cancelling or EndForm(prefix="cancel"),
    }
    wrong = any(form is not None and form.errors for form in (closing, cancelling))
    return render(request, "traceability/recalls/recall.html", context, status=422 if wrong else 200)


@require_safe
@desk("view_recalls")
def export_holders(request: HttpRequest, recall_id: uuid.UUID) -> HttpResponse:
    found = selectors.recall_for(request.actor, recall_id)
    header = [_("Holder"), _("Where"), _("Came in, kg"), _("Expected, kg"), _("Found, kg"), _("State"),
              _("What was done"), _("Answer"), _("Told at"), _("Reminders"), _("Answered at")]  # fmt: skip
    notices = list(
        selectors.holders_of(found, q=asked(request, "q"), state=asked(request, "state", words.NOTICE_STATES))
    )
    places = selectors.places_of(notices)
    rows = ([
        notice.holder_name, where(places.get(notice.place_id)), notice.received_kg, notice.expected_kg,
        notice.found_kg, words.NOTICE_STATES[notice.state], words.DONE.get(notice.done, ""), notice.answer,
        notice.sent_at, notice.reminders, notice.acknowledged_at,
    ] for notice in notices)  # fmt: skip
    return export.csv_response("recall-holders.csv", header, rows)


def where(place) -> str:
    if place is None:
        return _("walk-in customer")
    return place.market.name if place.market_id else place.town.name


@require_POST
@desk("start_recall", "order_recall")
def remind(request: HttpRequest, recall_id: uuid.UUID) -> HttpResponse:
    found = selectors.recall_for(request.actor, recall_id)
    if n := recall_news.remind(request.actor, recall=found):
        messages.success(request, ngettext("%(n)d holder is reminded.", "%(n)d holders are reminded.", n) % {"n": n})
    else:
        messages.info(request, _("Everybody who has not answered was told within the last hour."))
    return see_other("recall", found.pk)


@require_POST
@desk("start_recall", "order_recall")
def close(request: HttpRequest, recall_id: uuid.UUID) -> HttpResponse:
    """Refused while a holder has not answered; those who have not are named."""
    found = selectors.recall_for(request.actor, recall_id)
    form = EndForm(request.POST, prefix="close")
    if form.is_valid():
        try:
            recall_end.close(request.actor, recall=found, **form.cleaned_data)
        except (Invalid, Conflict) as refusal:
            say(form, refusal)
        else:
            messages.success(request, _("The recall is closed."))
            return see_other("recall", found.pk)
    return recall_page(request, selectors.recall_for(request.actor, recall_id), closing=form)


@require_POST
@desk("start_recall", "order_recall")
def cancel(request: HttpRequest, recall_id: uuid.UUID) -> HttpResponse:
    found = selectors.recall_for(request.actor, recall_id)
    form = EndForm(request.POST, prefix="cancel")
    if form.is_valid():
        try:
            recall_end.cancel(request.actor, recall=found, reason=form.cleaned_data["conclusion"])
        except (Invalid, Conflict) as refusal:
            say(form, refusal)
        else:
            messages.warning(request, _("The recall is called off. The pause of sale stays until an officer lifts it."))
            return see_other("recall", found.pk)
    return recall_page(request, selectors.recall_for(request.actor, recall_id), cancelling=form)


def say(form: EndForm, refusal: Invalid | Conflict) -> None:
    """The refusal on the form; of a recall not over, with the holders who have not answered."""
    if isinstance(refusal, Invalid):
        add_refusal(form, refusal)
    else:
        form.add_error(None, silent_names(refusal))
