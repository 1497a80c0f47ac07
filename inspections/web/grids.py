"""责任网格: streets of a town, who walks them, which places lie there."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from inspections.models import Coordinator
from inspections.selectors import people as selectors
from inspections.selectors.places_to_visit import Scope, narrowed
from inspections.services import grids
from inspections.web.forms_people import GridForm, GridNameForm, GridPeopleForm, GridPlacesForm
from inspections.web.teams import choices
from inspections.web.work_home import district_at_work, may
from kit import clock, export
from registry.models import Place
from registry.templatetags.people import place_words
from registry.web.doors import desk, see_other
from registry.web.lists import asked, carried_out, export_url, form_page, key, page_of, select

managing = desk("manage_coordinators")


def asked_for(request: HttpRequest):
    found = selectors.grids_for(request.actor)
    if town := asked(request, "town"):
        found = found.filter(town=town)
    q = asked(request, "q")
    return found.filter(name__icontains=q) if q else found


@require_safe
@desk("supervise_work")
def index(request: HttpRequest) -> HttpResponse:
    district_id = district_at_work(request)
    page = page_of(request, asked_for(request))
    towns = {town.code: town.name for town in selectors.towns_of(district_id)}
    context = {
        "title": _("Grids"),
        "up": reverse("work_home"),
        "up_label": _("Co-management"),
        "placeholder": _("Name of the grid"),
        "selects": [select(request, "town", _("All towns"), towns)],
        "page": page,
        "count": page.paginator.count,
        "export_url": export_url(request, "grids_export"),
        "rows": [
            {"title": each.name, "url": reverse("grid", args=[each.pk]), "meta": each.town.name,
             "note": _("%(places)d places · %(people)d people") % {"places": each.place_count, "people": each.people}}
            for each in page
        ],
        "searched": bool(request.GET.get("q") or request.GET.get("town")),
        "nothing": _("No grid yet"),
        "nothing_text": _("A grid is the streets that somebody walks."),
        "steps": [{"url": reverse("grid_new"), "label": _("New grid")}] if may(request, "manage_coordinators") else [],
    }  # fmt: skip
    return render(request, "inspections/list.html", context)


@require_safe
@desk("supervise_work")
def export_list(request: HttpRequest) -> HttpResponse:
    header = [_("Town"), _("Grid"), _("Places"), _("People")]
    rows = ([g.town.name, g.name, g.place_count, g.people] for g in asked_for(request))
    return export.csv_response("grids.csv", header, rows)


@require_http_methods(["GET", "HEAD", "POST"])
@managing
def new(request: HttpRequest) -> HttpResponse:
    towns = choices(request, district_at_work(request, "manage_coordinators"))["towns"]
    form = GridForm(request.POST or None, towns=towns)
    made = carried_out(form, lambda data: grids.open_grid(request.actor, town=data["town"], name=data["name"]))
    if made:
        messages.success(request, _("%(name)s is entered.") % {"name": made.name})
        return see_other("grid", made.pk)
    return form_page(request, "registry/form.html", form, title=_("New grid"), up=reverse("grids"))


@require_safe
@desk("supervise_work")
def grid(request: HttpRequest, grid_id: uuid.UUID) -> HttpResponse:
    found = selectors.grid_for(request.actor, grid_id)
    places = selectors.places_of(found)
    if q := asked(request, "q"):
        places = places.filter(place__name__icontains=q) | places.filter(street__icontains=q)
    page = page_of(request, places)
    context = {
        "grid": found,
        "page": page,
        "count": page.paginator.count,
        "members": found.members.select_related("coordinator__account"),
        "may_manage": may(request, "manage_coordinators"),
    }
    return render(request, "inspections/people/grid.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@managing
def rename(request: HttpRequest, grid_id: uuid.UUID) -> HttpResponse:
    found = selectors.grid_for(request.actor, grid_id)
    form = GridNameForm(request.POST or None, initial={"name": found.name})
    if carried_out(form, lambda data: grids.rename_grid(request.actor, grid=found, name=data["name"])):
        messages.success(request, _("Kept."))
        return see_other("grid", found.pk)
    return form_page(request, "registry/form.html", form, title=_("Name of the grid"), up=up(found))


@require_http_methods(["GET", "HEAD", "POST"])
@managing
def people(request: HttpRequest, grid_id: uuid.UUID) -> HttpResponse:
    found = selectors.grid_for(request.actor, grid_id)
    here = selectors.coordinators_for(request.actor).exclude(state=Coordinator.State.LEFT).filter(town=found.town)
    roaming = Coordinator.objects.filter(district_id=found.district_id, town__isnull=True).exclude(state="left")
    choosable = (here | roaming.select_related("account", "town", "team")).order_by("account__name", "pk")
    walking = found.members.values_list("coordinator_id", flat=True)
    form = GridPeopleForm(request.POST or None, people=choosable, initial={"people": list(walking)})
    if form.is_bound and form.is_valid():
        grids.set_people(request.actor, grid=found, people=list(form.cleaned_data["people"]))
        messages.success(request, _("Kept."))
        return see_other("grid", found.pk)
    return form_page(request, "registry/form.html", form, title=_("Who walks it"), kicker=found.name, up=up(found))


@require_http_methods(["GET", "HEAD", "POST"])
@managing
def add_places(request: HttpRequest, grid_id: uuid.UUID) -> HttpResponse:
    """Tick places of the town that lie on one street; those already in the grid are left out."""
    found = selectors.grid_for(request.actor, grid_id)
    free = Place.objects.filter(district_id=found.district_id, town=found.town).in_use().exclude(grids__grid=found)
    free = free.select_related("market")
    form = GridPlacesForm(request.POST or None)
    ticked = [key(each) for each in request.POST.getlist("places")]
    if form.is_bound and form.is_valid():
        chosen = list(free.filter(pk__in=ticked))
        count = grids.put_places(request.actor, grid=found, places=chosen, street=form.cleaned_data["street"])
        messages.success(request, _("Places put into the grid: %(n)d.") % {"n": count})
        return see_other("grid", found.pk)
    page = page_of(request, narrowed(free, Scope(q=asked(request, "q")), clock.now()).order_by("address", "name", "pk"))
    context = {
        "grid": found,
        "form": form,
        "page": page,
        "count": page.paginator.count,
        "rows": [(each, place_words(each), each.pk in ticked) for each in page],
        "up": up(found),
    }
    return render(request, "inspections/people/grid_places.html", context, status=422 if form.errors else 200)


@require_POST
@managing
def take_out(request: HttpRequest, grid_id: uuid.UUID, place_id: uuid.UUID) -> HttpResponse:
    found = selectors.grid_for(request.actor, grid_id)
    grids.take_out(request.actor, grid=found, place_id=place_id)
    messages.success(request, _("The place is out of the grid."))
    return see_other("grid", found.pk)


def up(found) -> str:
    return reverse("grid", args=[found.pk])
