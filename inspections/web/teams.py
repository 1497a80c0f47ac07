"""协管队伍: who sends people."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from inspections.models import Team
from inspections.selectors import people as selectors
from inspections.services import teams
from inspections.web import work_words
from inspections.web.forms_people import TeamChangeForm, TeamForm
from inspections.web.work_home import district_at_work, may
from kit import export
from kit.refusals import NotFound
from registry.models import Organisation
from registry.permissions import VERBS
from registry.selectors.organisations import organisations_for
from registry.web.doors import desk, see_other
from registry.web.lists import asked, carried_out, export_url, form_page, page_of

managing = desk("manage_coordinators")


def asked_for(request: HttpRequest):
    found = selectors.teams_for(request.actor)
    q = asked(request, "q")
    return found.filter(name__icontains=q) if q else found


@require_safe
@desk("supervise_work")
def index(request: HttpRequest) -> HttpResponse:
    page = page_of(request, asked_for(request))
    managed = may(request, "manage_coordinators")
    context = {
        "title": _("Teams"),
        "up": reverse("work_home"),
        "up_label": _("Co-management"),
        "placeholder": _("Name of the team"),
        "page": page,
        "count": page.paginator.count,
        "export_url": export_url(request, "teams_export"),
        "rows": [row(each, managed) for each in page],
        "searched": bool(request.GET.get("q")),
        "nothing": _("No team yet"),
        "nothing_text": _("A team is the people of one contractor or town office."),
        "steps": [{"url": reverse("team_new"), "label": _("New team")}] if managed else [],
    }
    return render(request, "inspections/list.html", context)


def row(team: Team, managed: bool) -> dict[str, Any]:
    where = team.town.name if team.town else _("the whole district")
    people = ngettext("%(n)d person", "%(n)d people", team.people) % {"n": team.people}
    found: dict[str, Any] = {"title": team.name, "meta": f"{team.organisation.name} · {where}", "note": people}
    if managed:
        found["url"] = reverse("team", args=[team.pk])
    if not team.active:
        found |= {"tone": "none", "word": _("no longer in use")}
    return found


@require_safe
@desk("supervise_work")
def export_list(request: HttpRequest) -> HttpResponse:
    header = [_("Team"), _("Contractor or office"), _("Town"), _("People"), _("In use")]
    rows = (
        [
            t.name,
            t.organisation.name,
            t.town.name if t.town else "",
            t.people,
            work_words.ANSWERS[t.active],
        ]
        for t in asked_for(request)
    )
    return export.csv_response("teams.csv", header, rows)


@require_http_methods(["GET", "HEAD", "POST"])
@managing
def new(request: HttpRequest) -> HttpResponse:
    district_id = district_at_work(request, "manage_coordinators")
    form = TeamForm(request.POST or None, **choices(request, district_id))
    names = ("name", "organisation", "town")
    made = carried_out(
        form,
        lambda data: teams.open_team(request.actor, district_id=district_id, **{name: data[name] for name in names}),
    )
    if made:
        messages.success(request, _("%(name)s is entered.") % {"name": made.name})
        return see_other("teams")
    return form_page(request, "registry/form.html", form, title=_("New team"), up=reverse("teams"))


@require_http_methods(["GET", "HEAD", "POST"])
@managing
def edit(request: HttpRequest, team_id: uuid.UUID) -> HttpResponse:
    found = selectors.teams_for(request.actor).filter(pk=team_id).first()
    if found is None:
        raise NotFound
    names = ("name", "organisation", "town", "active")
    initial = {name: getattr(found, name) for name in names}
    form = TeamChangeForm(request.POST or None, initial=initial, **choices(request, found.district_id, found))
    kept = carried_out(
        form,
        lambda data: teams.change_team(request.actor, team=found, **{name: data[name] for name in names}),
    )
    if kept:
        messages.success(request, _("Kept."))
        return see_other("teams")
    return form_page(request, "registry/form.html", form, title=found.name, up=reverse("teams"))


def choices(request: HttpRequest, district_id: str, present: Team | None = None) -> dict[str, Any]:
    """Contractors that are companies or offices, and the towns within reach."""
    kinds = [Organisation.Kind.ENTERPRISE, Organisation.Kind.INSTITUTION]
    known = organisations_for(request.actor).filter(kind__in=kinds)
    if present:
        known = known | Organisation.objects.filter(pk=present.organisation_id)
    towns = selectors.towns_of(district_id)
    own = [scope.town_id for scope in request.actor.with_role(*VERBS["manage_coordinators"])]
    if all(own):
        towns = towns.filter(pk__in=own)
    return {"organisations": known.order_by("name"), "towns": towns}
