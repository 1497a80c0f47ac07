"""协管: where officers begin. What is open, late, to be reviewed; and the way to people, plans and rules."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from inspections.models import Task
from inspections.selectors import people, work_tasks
from inspections.selectors.work_tasks import GOING_ON, OVERDUE
from inspections.services.set_up import ensure_defaults
from kit import clock
from registry.permissions import VERBS
from registry.web.doors import desk

PARTS = (
    # URL name, words, icon, verb
    ("work_tasks", _("Tasks"), "task", "supervise_work"),
    ("campaigns", _("Campaigns and plans"), "calendar", "supervise_work"),
    ("coordinators", _("Coordinators"), "people", "supervise_work"),
    ("grids", _("Grids"), "map", "supervise_work"),
    ("teams", _("Teams"), "people", "supervise_work"),
    ("courses", _("Training"), "papers", "supervise_work"),
    ("budgets", _("Budget lines"), "money", "supervise_work"),
    ("task_kinds", _("Kinds of task and prices"), "money", "manage_work_rules"),
    ("checklists", _("Checklists"), "check", "manage_work_rules"),
    ("work_rules", _("Rules"), "settings", "manage_work_rules"),
    ("grab_report", _("Who takes tasks"), "chart", "supervise_work"),
)


def district_at_work(request: HttpRequest, verb: str = "supervise_work") -> str:
    """The district this person works for, with what it starts with written the first time somebody looks."""
    district_id = request.actor.with_role(*VERBS[verb])[0].district_id
    ensure_defaults(district_id)
    return district_id


@require_safe
@desk("supervise_work")
def home(request: HttpRequest) -> HttpResponse:
    district_at_work(request)
    context = {"stats": figures(request), "parts": parts_for(request), "may_publish": may(request, "publish_work")}
    return render(request, "inspections/work_home.html", context)


def figures(request: HttpRequest) -> list[dict[str, Any]]:
    at, tasks = clock.now(), work_tasks.tasks_for(request.actor).order_by()
    counted = {
        state: work_tasks.narrowed(tasks, work_tasks.Narrowing(state=state), at).count()
        for state in (GOING_ON, OVERDUE, Task.State.OPEN, Task.State.SUBMITTED)
    }
    here = people.narrowed(people.coordinators_for(request.actor), people.Narrowing(state="active"), at.date())
    listed = reverse("work_tasks")
    return [
        {"label": _("Going on"), "figure": counted[GOING_ON], "url": f"{listed}?state={GOING_ON}"},
        {"label": _("Past their time"), "figure": counted[OVERDUE], "url": f"{listed}?state={OVERDUE}",
         "tone": "bad" if counted[OVERDUE] else ""},
        {"label": _("Open to take"), "figure": counted[Task.State.OPEN], "url": f"{listed}?state=open"},
        {"label": _("To be reviewed"), "figure": counted[Task.State.SUBMITTED], "url": f"{listed}?state=submitted",
         "tone": "due" if counted[Task.State.SUBMITTED] else ""},
        {"label": _("People on duty"), "figure": here.count(), "url": reverse("coordinators")},
    ]  # fmt: skip


def parts_for(request: HttpRequest) -> list[dict[str, Any]]:
    found = []
    for name, label, icon, verb in PARTS:
        if may(request, verb):
            try:
                found.append({"url": reverse(name), "label": label, "icon": icon})
            except NoReverseMatch:
                continue
    return found


def may(request: HttpRequest, verb: str) -> bool:
    return request.actor.has_role(*VERBS[verb])
