"""Giving a role: which one, where, to whom. Each answer is in the address, so that a reload keeps it."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from kit.refusals import Invalid, NotFound
from registry import granting
from registry.models import Account
from registry.roles import BUSINESS_ROLES, Role
from registry.selectors import giving
from registry.selectors.people import person_for
from registry.services import accounts, grants
from registry.web.doors import add_refusal, desk, see_other
from registry.web.forms_people import EnrolForm, GrantForm

A_PAGE = 30
managing = desk("manage_people", "manage_own_staff")


@require_http_methods(["GET", "HEAD", "POST"])
@managing
def new(request: HttpRequest) -> HttpResponse:
    """Enrol somebody with a first role."""
    return give_role(request, None)


@require_http_methods(["GET", "HEAD", "POST"])
@managing
def give(request: HttpRequest, account_id: uuid.UUID) -> HttpResponse:
    """Give a further role to somebody."""
    return give_role(request, person_for(request.actor, account_id))


def give_role(request: HttpRequest, person: Account | None) -> HttpResponse:
    roles = granting.gives(request.actor)
    asked = request.GET.get("role") or (roles[0] if len(roles) == 1 else "")
    if asked not in roles:
        return render(request, "registry/role_pick.html", {"person": person, "roles": roles})
    role = Role(asked)
    if role not in BUSINESS_ROLES:
        return fill_in(request, person, role, giving.reaches_to_give(request.actor, role))
    place_id = chosen_place(request, role)
    if place_id is None:
        return pick_place(request, person, role)
    return fill_in(request, person, role, [giving.place_to_give(request.actor, role, place_id)])


def chosen_place(request: HttpRequest, role: Role) -> uuid.UUID | None:
    """The place named in the address (`at`), else the only one there is."""
    if asked := request.GET.get("at"):
        try:
            return uuid.UUID(asked)
        except ValueError as error:
            raise NotFound from error
    only = list(giving.places_to_give(request.actor, role).values_list("id", flat=True)[:2])
    return only[0] if len(only) == 1 else None


def pick_place(request: HttpRequest, person: Account | None, role: Role) -> HttpResponse:
    places = giving.places_to_give(request.actor, role, q=request.GET.get("q", "")[:60])
    page = Paginator(places, A_PAGE).get_page(request.GET.get("page"))
    context = {"person": person, "role": role, "page": page, "count": page.paginator.count}
    return render(request, "registry/role_place.html", context)


def fill_in(request: HttpRequest, person: Account | None, role: Role, reaches: list[giving.Reach]) -> HttpResponse:
    form = (GrantForm if person else EnrolForm)(reaches, request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            return given(request, person, role, form)
        except Invalid as refusal:
            add_refusal(form, refusal)
    context = {"person": person, "role": role, "form": form, "at": reaches[0].place if reaches else None}
    return render(request, "registry/role_form.html", context, status=422 if form.errors else 200)


def given(request: HttpRequest, person: Account | None, role: Role, form: GrantForm) -> HttpResponse:
    values = form.cleaned_data
    where = values.pop("reach")
    if person:
        grants.give(request.actor, account=person, role=role, **values, **where.scope)
    else:
        person = accounts.enrol(request.actor, role=role, **values, **where.scope)
    messages.success(request, _("The role counts from now on."))
    return see_other("person", person.id)
