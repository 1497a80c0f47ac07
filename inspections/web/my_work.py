"""我: what a coordinator is on the list as, what is agreed to, where to stay away from. Consent is given and taken back
on the phone, by the person alone."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from inspections.models import Coordinator
from inspections.refusals import NoConsent
from inspections.selectors import people as selectors
from inspections.selectors import training
from inspections.services import conflicts, consent
from inspections.web.forms_people import BankForm, ConflictForm
from inspections.web.places import choose_place, chosen_place
from kit import clock, masking
from kit.refusals import NotFound
from registry.models import Place
from registry.web.doors import desk, see_other
from registry.web.lists import carried_out, form_page

working = desk("work_in_field")


@require_safe
@working
def me(request: HttpRequest) -> HttpResponse:
    """Who has the role and is not on the list yet is told what happens next."""
    try:
        own = selectors.oneself(request.actor)
    except NotFound:
        return render(request, "inspections/people/not_listed.html")
    context = {
        "person": own,
        "grids": [member.grid for member in own.grids.select_related("grid")],
        "conflicts": selectors.conflicts_of(own),
        "standings": training.standings(own, clock.now()),
        "bank_account": masking.certificate_no(own.bank_account) if own.bank_account else "",
    }
    return render(request, "inspections/people/me.html", context)


@require_POST
@working
def location(request: HttpRequest) -> HttpResponse:
    """`agree` is 1 or 0."""
    own = selectors.oneself(request.actor)
    if request.POST.get("agree") == "1":
        consent.allow_location(request.actor, coordinator=own)
        messages.success(request, _("Agreed. Only where you arrive and where you photograph is kept, never your way."))
    else:
        consent.withdraw_location(request.actor, coordinator=own)
        messages.success(request, _("Taken back. You can go on working: scan the place's code when you arrive."))
    return see_other("my_work")


@require_http_methods(["GET", "HEAD", "POST"])
@working
def bank(request: HttpRequest) -> HttpResponse:
    own = selectors.oneself(request.actor)
    form = BankForm(request.POST or None, initial={"bank_name": own.bank_name})
    if carried_out(form, lambda data: consent.give_bank(request.actor, coordinator=own, **data)):
        messages.success(request, _("Kept. Your pay goes there."))
        return see_other("my_work")
    return form_page(request, "registry/form.html", form, title=_("Where my pay goes"), up=reverse("my_work"))


@require_http_methods(["GET", "HEAD", "POST"])
@working
def bank_withdraw(request: HttpRequest) -> HttpResponse:
    own = selectors.oneself(request.actor)
    if request.method == "POST":
        consent.withdraw_bank(request.actor, coordinator=own)
        messages.success(request, _("Deleted. What you earn waits until you give an account again."))
        return see_other("my_work")
    if own.bank_consent_at is None:
        raise NoConsent
    context = {
        "title": _("Delete your bank account here?"),
        "text": _("Account and identity number are deleted at once. What you earn is kept and waits for an account."),
        "tone": "bad",
        "submit": _("Delete it"),
        "up": reverse("my_work"),
    }
    return render(request, "registry/confirm.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@working
def conflict_new(request: HttpRequest) -> HttpResponse:
    """Any place of the district: also one where a task is offered to nobody yet."""
    own: Coordinator = selectors.oneself(request.actor)
    places = Place.objects.filter(district_id=own.district_id)
    place = chosen_place(request, places)
    head = {"up": reverse("my_work"), "up_label": _("Me")}
    if place is None:
        return choose_place(request, places, title=_("Which place do you stay away from?"), **head)
    form = ConflictForm(request.POST or None)
    made = carried_out(
        form,
        lambda data: conflicts.declare_conflict(request.actor, coordinator=own, place=place, reason=data["reason"]),
    )
    if made:
        messages.success(request, _("Kept. Tasks there are no longer offered to you."))
        return see_other("my_work")
    return form_page(request, "registry/form.html", form, title=str(place), **head)
