"""协管人员: the list, one person, enrolling from those who hold the role."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from inspections.models import Coordinator
from inspections.selectors import people as selectors
from inspections.selectors import training
from inspections.services import coordinators
from inspections.web import work_words
from inspections.web.forms_people import PostForm
from inspections.web.work_home import district_at_work, may
from kit import clock, export, masking
from kit.refusals import Invalid, NotFound
from registry.permissions import VERBS
from registry.services.private_views import look
from registry.web.doors import add_refusal, desk, see_other
from registry.web.forms_people import ReasonForm
from registry.web.lists import asked, carried_out, export_url, form_page, key, page_of, select, today

FILTERS = ("q", "kind", "town", "state", "team", "level", "course")
LOOKS = {"bank_account": gettext_lazy("See the bank account"), "id_number": gettext_lazy("See the identity number")}
managing = desk("manage_coordinators")


@require_safe
@desk("supervise_work")
def index(request: HttpRequest) -> HttpResponse:
    district_id = district_at_work(request)
    found = selectors.with_figures(asked_for(request), month_start())
    page = page_of(request, found)
    towns = {town.code: town.name for town in selectors.towns_of(district_id)}
    teams = {team.pk: team.name for team in selectors.teams_for(request.actor)}
    courses = {each.code: _("Lacks: %(title)s") % {"title": each.title} for each in training.in_use(district_id)}
    context = {
        "title": _("Coordinators"),
        "up": reverse("work_home"),
        "up_label": _("Co-management"),
        "placeholder": _("Name, phone or its last four digits"),
        "page": page,
        "people": page,
        "count": page.paginator.count,
        "selects": [
            select(request, "town", _("All towns"), towns),
            select(request, "kind", _("All kinds"), work_words.PEOPLE_KINDS),
            select(request, "state", _("On the list"), work_words.PEOPLE_STATES),
            select(request, "team", _("All teams"), teams),
            select(request, "level", _("All levels"), work_words.LEVELS),
            select(request, "course", _("Trained or not"), courses),
        ],
        "export_url": export_url(request, "coordinators_export"),
        "searched": any(request.GET.get(name) for name in FILTERS),
        "may_enrol": may(request, "manage_coordinators"),
    }
    return render(request, "inspections/people/index.html", context)


def asked_for(request: HttpRequest):
    by = selectors.Narrowing(
        q=asked(request, "q"),
        kind=asked(request, "kind", work_words.PEOPLE_KINDS),
        state=asked(request, "state", work_words.PEOPLE_STATES),
        town=asked(request, "town"),
        team=str(key(request.GET.get("team")) or ""),
        level=asked(request, "level", work_words.LEVELS),
        course=asked(request, "course"),
    )
    return selectors.narrowed(selectors.coordinators_for(request.actor), by, today())


def month_start():
    return clock.now().replace(day=1, hour=0, minute=0, second=0, microsecond=0)


@require_safe
@desk("supervise_work")
def export_list(request: HttpRequest) -> HttpResponse:
    """The list as asked for; telephones stay masked, bank accounts are not in it."""
    header = [_("Full name"), _("Mobile phone"), _("Kind"), _("Level"), _("Town"), _("Team"), _("Grids"), _("State"),
              _("Paid by the task"), _("On the list since"), _("Tasks in hand"), _("Accepted this month")]  # fmt: skip
    rows = (
        [p.account.name, masking.phone(p.account.phone) if p.account.phone else "", work_words.PEOPLE_KINDS[p.kind],
         p.level, p.town.name if p.town else _("the whole district"), p.team.name if p.team else "",
         "、".join(member.grid.name for member in p.grids.all()), work_words.PEOPLE_STATES[p.state],
         work_words.ANSWERS[p.pay_eligible], p.joined_on, p.held or 0, p.done or 0]
        for p in selectors.with_figures(asked_for(request), month_start())
    )  # fmt: skip
    return export.csv_response("coordinators.csv", header, rows)


@require_safe
@desk("supervise_work")
def person(request: HttpRequest, coordinator_id: uuid.UUID) -> HttpResponse:
    found = selectors.coordinator_for(request.actor, coordinator_id)
    return render(request, "inspections/people/person.html", person_context(request, found))


def person_context(request: HttpRequest, found: Coordinator) -> dict[str, Any]:
    at = clock.now()
    own = found.account_id == request.actor.account_id
    looking = may(request, "view_bank")
    return {
        "person": found,
        "grids": [member.grid for member in found.grids.select_related("grid")],
        "conflicts": selectors.conflicts_of(found),
        "standings": training.standings(found, at),
        "figures": selectors.with_figures(Coordinator.objects.filter(pk=found.pk), month_start()).get(),
        "masked": {name: masking.certificate_no(getattr(found, name)) for name in LOOKS if getattr(found, name)},
        "looks": [
            {"field": name, "label": label, "url": reverse("coordinator_look", args=[found.pk, name]), "errors": []}
            for name, label in LOOKS.items()
            if looking and getattr(found, name)
        ],
        "is_paused": found.state == "paused" or (found.paused_until is not None and found.paused_until >= at.date()),
        "may_manage": may(request, "manage_coordinators") and not own and found.state != Coordinator.State.LEFT,
    }


@require_POST
@desk("view_bank")
def see(request: HttpRequest, coordinator_id: uuid.UUID, field: str) -> HttpResponse:
    """The whole number, once, on the record."""
    found = selectors.coordinator_for(request.actor, coordinator_id)
    if field not in LOOKS or not getattr(found, field):
        raise NotFound
    context, form = person_context(request, found), ReasonForm(request.POST)
    if form.is_valid():
        try:
            context["seen"] = {
                field: look(request.actor, subject=found, field=field, verb="view_bank", **form.cleaned_data)
            }
        except Invalid as refusal:
            add_refusal(form, refusal)
    for each in context["looks"]:
        if each["field"] == field:
            each["errors"] = form.errors.get("reason", [])
    return render(request, "inspections/people/person.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@managing
def new(request: HttpRequest) -> HttpResponse:
    """First whom, of those who hold the role; then what and where."""
    account = selectors.to_enrol(request.actor).filter(pk=key(request.GET.get("account"))).first()
    if account is None:
        return choose(request)
    district_id = district_at_work(request, "manage_coordinators")
    form = post_form(request, district_id)
    made = carried_out(
        form,
        lambda data: coordinators.enrol(request.actor, account=account, district_id=district_id, post=form.post()),
    )
    if made:
        messages.success(request, _("%(name)s is on the list.") % {"name": account.name})
        return see_other("coordinator", made.pk)
    return form_page(
        request, "registry/form.html", form, title=_("Kind, town and level"), kicker=account.name,
        up=reverse("coordinator_new"),
    )  # fmt: skip


def choose(request: HttpRequest) -> HttpResponse:
    if account_id := key(request.GET.get("account")):
        listed = selectors.coordinators_for(request.actor).filter(account_id=account_id).exclude(state="left").first()
        if listed:
            return see_other("coordinator", listed.pk)
        raise NotFound
    page = page_of(request, selectors.to_enrol(request.actor, asked(request, "q")))
    context = {
        "title": _("Who becomes a coordinator?"),
        "lede": _("People who hold the role of a coordinator and are not on the list yet."),
        "up": reverse("coordinators"),
        "placeholder": _("Name, phone or its last four digits"),
        "page": page,
        "count": page.paginator.count,
        "rows": [
            {"title": each.name, "meta": masking.phone(each.phone), "url": f"?account={each.pk}"} for each in page
        ],
        "nothing": _("Nobody to put on the list"),
        "nothing_text": _("First give the person the role of a coordinator under People."),
        "others": [{"url": reverse("person_new"), "label": _("Enrol somebody"), "icon": "plus"}],
    }
    return render(request, "inspections/pick.html", context)


def post_form(request: HttpRequest, district_id: str, **kwargs: Any) -> PostForm:
    scopes = request.actor.with_role(*VERBS["manage_coordinators"])
    whole = any(scope.town_id is None for scope in scopes)
    towns = selectors.towns_of(district_id)
    if not whole:
        towns = towns.filter(pk__in=[scope.town_id for scope in scopes])
    teams = selectors.teams_for(request.actor).filter(active=True)
    return PostForm(request.POST or None, towns=towns, teams=teams, whole_district=whole, **kwargs)
