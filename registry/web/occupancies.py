"""Moving in and out of a stall, its agreement, and opening and closing it."""

from __future__ import annotations

import uuid
from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from registry.models import Device, Grant, Place
from registry.roles import Role
from registry.services import occupancies, places
from registry.web.doors import desk, see_other
from registry.web.forms_places import AgreementForm, LastDayForm, MoveInForm
from registry.web.lists import carried_out, form_page
from registry.web.organisations import chosen, pick
from registry.web.places import place_form, stall_for


@require_http_methods(["GET", "HEAD", "POST"])
@desk("manage_stalls")
def move_in(request: HttpRequest, place_id: uuid.UUID) -> HttpResponse:
    found = stall_for(request, place_id)
    title, up = _("Move in"), reverse("stall", args=[found.id])
    if (organisation := chosen(request)) is None:
        return pick(request, title=title, kicker=str(found), up=up)
    form = MoveInForm(found, organisation, request.POST or None)
    if carried_out(form, lambda data: _moved_in(request, found, organisation, data)):
        messages.success(request, _("%(name)s has moved in.") % {"name": organisation.name}, extra_tags="draft:move-in")
        return see_other("stall", found.id)
    return place_form(request, form, found, title, lede=organisation.name, submit=_("Moves in"), draft="move-in")


def _moved_in(request: HttpRequest, found: Place, organisation, data):
    keeper = None
    if data["keeper_name"]:
        keeper = occupancies.Keeper(name=data["keeper_name"], phone=data["phone"], role=Role(data["role"]))
    return occupancies.move_in(
        request.actor,
        place=found,
        organisation=organisation,
        trade_name=data["trade_name"],
        started_on=data["started_on"],
        agreement=agreement_of(data),
        keeper=keeper,
    )


@require_http_methods(["GET", "HEAD", "POST"])
@desk("manage_stalls")
def renew(request: HttpRequest, place_id: uuid.UUID) -> HttpResponse:
    found = stall_for(request, place_id)
    initial = {"signed_on": found.agreement_signed_on, "ends_on": found.agreement_ends_on}
    form = AgreementForm(request.POST or None, initial=initial)
    renewed = carried_out(
        form, lambda data: occupancies.renew_agreement(request.actor, place=found, agreement=agreement_of(data))
    )
    if renewed:
        messages.success(request, _("Kept."))
        return see_other("stall", found.id)
    return place_form(request, form, found, _("Quality-safety agreement"), lede=found.organisation)


def agreement_of(data) -> occupancies.Agreement:
    return occupancies.Agreement(signed_on=data["signed_on"], ends_on=data["ends_on"])


@require_http_methods(["GET", "HEAD", "POST"])
@desk("manage_stalls")
def move_out(request: HttpRequest, place_id: uuid.UUID) -> HttpResponse:
    found = stall_for(request, place_id)
    form = LastDayForm(request.POST or None)
    if carried_out(form, lambda data: occupancies.move_out(request.actor, place=found, **data)):
        messages.success(request, _("The stall stands vacant. Its code stays and says so."))
        return see_other("stall", found.id)
    context = {
        "title": _("%(name)s moves out?") % {"name": found},
        "text": _(
            "The roles at this stall end and those people are signed out. The public page says the stall is vacant."
        ),
        "tone": "bad",
        "consequences": what_ends(found),
        "submit": _("Moves out"),
        "up": reverse("stall", args=[found.id]),
    }
    return form_page(request, "registry/confirm.html", form, **context)


def what_ends(found: Place) -> list[tuple[str, int]]:
    here = {"district_id": found.district_id, "place": found}
    return [
        (_("People who lose their role here"), Grant.objects.current().filter(**here).count()),
        (_("Devices that go back to the market"), Device.objects.filter(**here).count()),
    ]


@require_http_methods(["GET", "HEAD", "POST"])
@desk("manage_stalls")
def close(request: HttpRequest, place_id: uuid.UUID) -> HttpResponse:
    return _confirmed(
        request,
        stall_for(request, place_id),
        places.close_stall,
        title=_("Close %(place)s for good?"),
        text=_("The stall leaves the market's plan and its number is free for another. Its code goes on saying so."),
        submit=_("Close it"),
        tone="bad",
    )


@require_http_methods(["GET", "HEAD", "POST"])
@desk("manage_stalls")
def suspend(request: HttpRequest, place_id: uuid.UUID) -> HttpResponse:
    return suspending(request, stall_for(request, place_id))


@require_http_methods(["GET", "HEAD", "POST"])
@desk("manage_stalls")
def resume(request: HttpRequest, place_id: uuid.UUID) -> HttpResponse:
    return resuming(request, stall_for(request, place_id))


def suspending(request: HttpRequest, found: Place) -> HttpResponse:
    return _confirmed(
        request,
        found,
        places.suspend,
        title=_("Suspend %(place)s?"),
        text=_(
            "The public page says that business is suspended. Nothing is admitted or sold here until it opens again."
        ),
        submit=_("Suspend"),
        tone="bad",
    )


def resuming(request: HttpRequest, found: Place) -> HttpResponse:
    return _confirmed(
        request,
        found,
        places.resume,
        title=_("Let %(place)s open again?"),
        text=_("Business goes on from now."),
        submit=_("Open again"),
    )


def _confirmed(
    request: HttpRequest, found: Place, act: Callable[..., Place], *, title: str, **context: str
) -> HttpResponse:
    if request.method == "POST":
        act(request.actor, place=found)
        messages.success(request, _("Done."))
        return see_other("stall", found.id)
    context |= {"title": title % {"place": found}, "up": reverse("stall", args=[found.id])}
    return render(request, "registry/confirm.html", context)
