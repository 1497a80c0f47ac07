"""发布一个任务: where, then what. The place is in the address, so that a reload keeps it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from inspections.models import TaskKind
from inspections.refusals import BudgetSpent
from inspections.selectors import budgets, people, task_kinds
from inspections.selectors.places_to_visit import places_in_reach
from inspections.services.publish import publish
from inspections.web.forms_publishing import TaskForm
from inspections.web.places import choose_place, chosen_place
from inspections.web.work_home import district_at_work
from kit import clock
from kit.refusals import NotFound
from registry.models import Region
from registry.permissions import VERBS
from registry.templatetags.people import place_words
from registry.web.doors import desk, see_other
from registry.web.lists import carried_out, form_page, today


@require_http_methods(["GET", "HEAD", "POST"])
@desk("publish_work")
def new(request: HttpRequest) -> HttpResponse:
    district_id = district_at_work(request, "publish_work")
    places = places_in_reach(request.actor, district_id)
    place, town = chosen_place(request, places), chosen_town(request, district_id)
    if place is None and town is None:
        return choose_place(
            request, places, title=_("Where is something to be done?"), up=reverse("work_tasks"),
            rest_title=_("Publicity, at no single place"),
            rest=[{"url": f"?town={each.pk}", "title": each.name} for each in own_towns(request, district_id)],
        )  # fmt: skip
    form = TaskForm(request.POST or None, **choices(district_id, promotion_only=place is None))
    made = carried_out(form, lambda data: published(request, form, data, {"place": place, "town": town}))
    if made:
        messages.success(request, _("Published. It can be taken now."))
        return see_other("work_task", made.pk)
    where = place_words(place) if place else town.name
    return form_page(
        request, "registry/form.html", form, title=_("Publish a task"), kicker=where, up=reverse("work_task_new"),
        submit=_("Publish"),
    )  # fmt: skip


def published(request: HttpRequest, form: TaskForm, data: dict[str, Any], where: dict[str, Any]):
    try:
        return publish(
            request.actor, kind=data["kind"], due_at=form.due_at(), budget=data["budget"],
            client_key=data["client_key"], **form.terms(), **where,
        )  # fmt: skip
    except BudgetSpent as refusal:
        form.add_error("budget", refusal.words())
        return None


def chosen_town(request: HttpRequest, district_id: str) -> Region | None:
    if not request.GET.get("town") or request.GET.get("place"):
        return None
    found = own_towns(request, district_id).filter(pk=request.GET["town"][:12]).first()
    if found is None:
        raise NotFound
    return found


def own_towns(request: HttpRequest, district_id: str):
    """The towns for which this person may publish."""
    towns, scopes = people.towns_of(district_id), request.actor.with_role(*VERBS["publish_work"])
    own = [scope.town_id for scope in scopes]
    return towns.filter(pk__in=own) if all(own) else towns


def choices(district_id: str, *, promotion_only: bool = False) -> dict[str, Any]:
    """The kinds in force and this month's budget lines; where no place is named, publicity alone."""
    kinds = task_kinds.in_force(district_id, clock.now(), hidden=False)
    if promotion_only:
        kinds = kinds.filter(group=TaskKind.Group.PROMOTION)
    return {"kinds": kinds, "budgets": budgets.lines_open(district_id, today())}
