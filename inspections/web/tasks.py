"""任务 as officers look at them: the list, one with its story, taking one back."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from inspections.models import Task
from inspections.selectors import people, task_kinds
from inspections.selectors import work_tasks as selectors
from inspections.services.cancel import cancel_task
from inspections.states import TASK
from inspections.web import work_words
from inspections.web.forms_publishing import ReasonForm
from inspections.web.work_home import district_at_work, may
from kit import clock, export, money
from kit.templatetags.show import fen, moment
from registry.templatetags.people import place_words
from registry.web.doors import desk, see_other
from registry.web.lists import asked, carried_out, export_url, key, page_of, select

FILTERS = ("q", "state", "kind", "town", "source", "campaign", "person")


@require_safe
@desk("supervise_work")
def index(request: HttpRequest) -> HttpResponse:
    district_id = district_at_work(request)
    page = page_of(request, selectors.with_holders(asked_for(request)))
    kinds = {each.code: each.name for each in task_kinds.latest(district_id)}
    towns = {town.code: town.name for town in people.towns_of(district_id)}
    context = {
        "page": page,
        "rows": [(task, holder(task)) for task in page],
        "count": page.paginator.count,
        "selects": [
            select(request, "state", _("All states"), work_words.TASK_FILTERS),
            select(request, "kind", _("All kinds"), kinds),
            select(request, "town", _("All towns"), towns),
            select(request, "source", _("From everywhere"), work_words.SOURCES),
        ],
        "keep": [(name, request.GET[name]) for name in ("campaign", "person") if request.GET.get(name)],
        "export_url": export_url(request, "work_tasks_export"),
        "searched": any(request.GET.get(name) for name in FILTERS),
        "may_publish": may(request, "publish_work"),
    }
    return render(request, "inspections/publishing/tasks.html", context)


def asked_for(request: HttpRequest):
    by = selectors.Narrowing(
        q=asked(request, "q"),
        state=asked(request, "state", work_words.TASK_FILTERS),
        kind=asked(request, "kind"),
        town=asked(request, "town"),
        source=asked(request, "source", work_words.SOURCES),
        campaign=str(key(request.GET.get("campaign")) or ""),
        person=str(key(request.GET.get("person")) or ""),
    )
    return selectors.narrowed(selectors.tasks_for(request.actor), by, clock.now())


def holder(task: Task) -> str:
    """Who holds it or held it last."""
    claims = sorted(task.claims.all(), key=lambda claim: claim.claimed_at)
    return claims[-1].coordinator.account.name if claims else ""


@require_safe
@desk("supervise_work")
def export_list(request: HttpRequest) -> HttpResponse:
    header = [_("Published at"), _("Kind"), _("Title"), _("Place"), _("Town"), _("State"), _("Came from"),
              _("Price in yuan"), _("To be handed in by"), _("Who"), _("Handed in at"), _("Decided at")]  # fmt: skip
    rows = (
        [t.published_at, t.kind.name, t.title, place_words(t.place) if t.place else "", t.town.name,
         work_words.TASK_STATES[t.state], work_words.SOURCES[t.source], money.yuan(t.price_fen), t.due_at, holder(t),
         t.submitted_at, t.decided_at]
        for t in selectors.with_holders(asked_for(request)).iterator(chunk_size=500)
    )  # fmt: skip
    return export.csv_response("tasks.csv", header, rows)


@require_safe
@desk("supervise_work")
def task(request: HttpRequest, task_id: uuid.UUID) -> HttpResponse:
    found = selectors.task_for(request.actor, task_id)
    steps = [
        {"state": "done", "title": work_words.EVENTS.get(each.what, each.what), "at": moment(each.at),
         "note": said(each)}
        for each in selectors.story(found)
    ]  # fmt: skip
    context = {
        "task": found,
        "steps": steps,
        "due": not TASK.ends(found.state) and found.state not in ("accepted", "rejected"),
        "late": found.due_at < clock.now(),
        "findings": found.findings.filter(district_id=found.district_id),
        "may_cancel": may(request, "publish_work") and TASK.allows(found.state, "cancelled"),
        "may_assign": may(request, "publish_work") and found.state == Task.State.OPEN,
    }
    return render(request, "inspections/publishing/task.html", context)


def said(event: selectors.Event) -> str:
    note = work_words.EVENT_NOTES.get(event.note, event.note)
    late = _("handed in late") if event.late else ""
    return " · ".join(str(each) for each in (event.who, note, late) if each)


@require_http_methods(["GET", "HEAD", "POST"])
@desk("publish_work")
def cancel(request: HttpRequest, task_id: uuid.UUID) -> HttpResponse:
    found = selectors.task_for(request.actor, task_id)
    form = ReasonForm(request.POST or None)
    if carried_out(form, lambda data: cancel_task(request.actor, task=found, reason=data["reason"])):
        messages.success(request, _("Cancelled. Whoever held it is told."))
        return see_other("work_task", found.pk)
    held = found.claims.filter(district_id=found.district_id, released_at__isnull=True).count()
    context = {
        "title": _("Cancel this task?"),
        "text": str(found.place or found.title),
        "tone": "bad",
        "consequences": [
            (_("Taken from people who hold it"), held),
            (_("Free again on the budget line"), fen(found.price_fen if found.budget_id else 0)),
        ],
        "form": form,
        "submit": _("Cancel it"),
        "up": reverse("work_task", args=[found.pk]),
    }
    return render(request, "registry/confirm.html", context, status=422 if form.errors else 200)
