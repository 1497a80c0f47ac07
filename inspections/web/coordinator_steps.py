"""What an officer does with one coordinator: another post, a pause, the end; places to stay away from."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from inspections.models import Coordinator
from inspections.selectors import people as selectors
from inspections.services import conflicts, coordinators
from inspections.web.coordinators import post_form
from inspections.web.forms_people import ConflictForm, PauseForm
from inspections.web.places import choose_place, chosen_place
from kit.refusals import NotFound
from registry.models import Place
from registry.web.doors import desk, see_other
from registry.web.lists import carried_out, form_page

managing = desk("manage_coordinators")


@require_http_methods(["GET", "HEAD", "POST"])
@managing
def edit(request: HttpRequest, coordinator_id: uuid.UUID) -> HttpResponse:
    found = managed(request, coordinator_id)
    names = ("kind", "town", "level", "team", "pay_eligible")
    form = post_form(request, found.district_id, initial={name: getattr(found, name) for name in names})
    if carried_out(form, lambda data: coordinators.change(request.actor, coordinator=found, post=form.post())):
        messages.success(request, _("Kept."))
        return see_other("coordinator", found.pk)
    return form_page(request, "registry/form.html", form, title=_("Kind, town and level"), **head(found))


@require_http_methods(["GET", "HEAD", "POST"])
@managing
def pause(request: HttpRequest, coordinator_id: uuid.UUID) -> HttpResponse:
    found = managed(request, coordinator_id)
    form = PauseForm(request.POST if request.method == "POST" else None)
    if carried_out(form, lambda data: coordinators.pause(request.actor, coordinator=found, until=data["until"])):
        messages.success(request, _("Paused. What is in hand may be finished."))
        return see_other("coordinator", found.pk)
    lede = _("No new tasks during the pause. Tasks in hand may be finished.")
    return form_page(request, "registry/form.html", form, title=_("Pause"), lede=lede, submit=_("Pause"), **head(found))


@require_POST
@managing
def resume(request: HttpRequest, coordinator_id: uuid.UUID) -> HttpResponse:
    found = managed(request, coordinator_id)
    coordinators.resume(request.actor, coordinator=found)
    messages.success(request, _("Back on duty."))
    return see_other("coordinator", found.pk)


@require_http_methods(["GET", "HEAD", "POST"])
@managing
def leave(request: HttpRequest, coordinator_id: uuid.UUID) -> HttpResponse:
    found = managed(request, coordinator_id)
    if request.method == "POST":
        coordinators.leave(request.actor, coordinator=found)
        messages.success(request, _("%(name)s is off the list.") % {"name": found.account.name})
        return see_other("coordinators")
    context = {
        "title": _("Does %(name)s leave co-management?") % {"name": found.account.name},
        "text": _("No more tasks. What was done and earned stays and is paid. The sign-in stays until its role ends."),
        "tone": "bad",
        "submit": _("Leaves"),
        "up": head(found)["up"],
    }
    return render(request, "registry/confirm.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@managing
def conflict_new(request: HttpRequest, coordinator_id: uuid.UUID) -> HttpResponse:
    found = managed(request, coordinator_id)
    places = Place.objects.filter(district_id=found.district_id)
    place = chosen_place(request, places)
    if place is None:
        return choose_place(request, places, title=_("Which place to stay away from?"), **head(found))
    form = ConflictForm(request.POST or None)
    made = carried_out(
        form,
        lambda data: conflicts.declare_conflict(request.actor, coordinator=found, place=place, reason=data["reason"]),
    )
    if made:
        messages.success(request, _("Kept. Tasks there are not offered to this person."))
        return see_other("coordinator", found.pk)
    return form_page(request, "registry/form.html", form, title=str(place), **head(found))


@require_POST
@managing
def conflict_end(request: HttpRequest, coordinator_id: uuid.UUID, conflict_id: uuid.UUID) -> HttpResponse:
    found = managed(request, coordinator_id)
    conflict = selectors.conflicts_of(found).select_related("coordinator").filter(pk=conflict_id).first()
    if conflict is None:
        raise NotFound
    conflicts.end_conflict(request.actor, conflict=conflict)
    messages.success(request, _("Over. Tasks there may be taken again."))
    return see_other("coordinator", found.pk)


def managed(request: HttpRequest, coordinator_id: uuid.UUID) -> Coordinator:
    found = selectors.coordinator_for(request.actor, coordinator_id)
    if found.state == Coordinator.State.LEFT:
        raise NotFound
    return found


def head(found: Coordinator) -> dict[str, str]:
    name = found.account.name
    return {"kicker": name, "up": reverse("coordinator", args=[found.pk]), "up_label": name}
