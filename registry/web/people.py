"""People: who holds which role, corrected, let in again, gone."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from kit import clock, crypto, export, masking, qr
from kit.refusals import Invalid, NotFound
from registry import granting
from registry.models import Account, SignInTicket
from registry.permissions import VERBS
from registry.selectors import people as selectors
from registry.services import accounts, grants, tickets
from registry.services.private_views import look
from registry.templatetags.people import role_word, scope_words
from registry.web.doors import add_refusal, desk, see_other
from registry.web.forms_people import PersonForm, ReasonForm

A_PAGE = 50
TICKET_KEY = "ticket"
managing = desk("manage_people", "manage_own_staff")


@require_safe
@managing
def index(request: HttpRequest) -> HttpResponse:
    people = asked_for(request)
    left = "left" in request.GET
    page = Paginator(people, A_PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "count": page.paginator.count,
        "chips": [
            {"label": _("Here now"), "url": "?", "active": not left},
            {"label": _("Have left"), "url": "?left", "active": left},
        ],
        "selects": [role_select(request)],
        "keep": [("left", "")] if left else [],
        "export_url": f"{reverse('people_export')}?{request.GET.urlencode()}",
        "searched": bool(request.GET.get("q") or request.GET.get("role")),
    }
    return render(request, "registry/people.html", context)


def asked_for(request: HttpRequest):
    role = request.GET.get("role", "")
    return selectors.people_for(request.actor, q=request.GET.get("q", "")[:60], role=role, left="left" in request.GET)


def role_select(request: HttpRequest) -> dict[str, object]:
    options = [(role.value, role_word(role)) for role in granting.gives(request.actor)]
    return {
        "name": "role",
        "label": _("Role"),
        "value": request.GET.get("role", ""),
        "options": [("", _("All roles")), *options],
    }


@require_safe
@managing
def export_list(request: HttpRequest) -> HttpResponse:
    """The list as asked for, a role a line; phones stay masked."""
    header = [_("Full name"), _("User name"), _("Mobile phone"), _("Role"), _("Answers for"), _("Post"), _("Since")]
    rows = (
        [p.name, p.username, masking.phone(p.phone), role_word(g.role), scope_words(g), g.title, g.granted_at.date()]
        for p in asked_for(request)
        for g in p.grants_seen
    )
    return export.csv_response("people.csv", header, rows)


@require_safe
@managing
def person(request: HttpRequest, account_id: uuid.UUID) -> HttpResponse:
    found = selectors.person_for(request.actor, account_id)
    return render(request, "registry/person.html", person_context(request, found))


def person_context(request: HttpRequest, found: Account) -> dict[str, object]:
    held = list(selectors.grants_of(request.actor).filter(account=found))
    return {
        "person": found,
        "held": [(grant, grants.may_end(request.actor, grant)) for grant in held if grant.ended_at is None],
        "ended": [grant for grant in held if grant.ended_at is not None],
        "in_charge": accounts.in_charge_of(request.actor, found),
        "may_look": request.actor.has_role(*VERBS["view_private"]),
    }


@require_http_methods(["GET", "HEAD", "POST"])
@managing
def edit(request: HttpRequest, account_id: uuid.UUID) -> HttpResponse:
    found = selectors.person_for(request.actor, account_id)
    form = PersonForm(request.POST or None, initial={"name": found.name})
    if request.method == "POST" and form.is_valid():
        try:
            accounts.correct(request.actor, account=found, **form.cleaned_data)
        except Invalid as refusal:
            add_refusal(form, refusal)
        else:
            messages.success(request, _("Kept."))
            return see_other("person", found.id)
    context = {"person": found, "form": form}
    return render(request, "registry/person_edit.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@managing
def end_grant(request: HttpRequest, account_id: uuid.UUID, grant_id: uuid.UUID) -> HttpResponse:
    found = selectors.person_for(request.actor, account_id)
    grant = selectors.grants_of(request.actor).filter(account=found, id=grant_id).first()
    if grant is None or not grants.may_end(request.actor, grant):
        raise NotFound
    if request.method == "POST":
        grants.end(request.actor, grant=grant)
        messages.success(request, _("The role has ended. The person is signed out everywhere."))
        return see_other("person", found.id)
    return render(request, "registry/grant_end.html", {"person": found, "grant": grant})


@require_http_methods(["GET", "HEAD", "POST"])
@managing
def leave(request: HttpRequest, account_id: uuid.UUID) -> HttpResponse:
    found = selectors.person_for(request.actor, account_id)
    if request.method == "POST":
        accounts.leave(request.actor, account=found)
        messages.success(request, _("%(name)s has left.") % {"name": found.name})
        return see_other("people")
    return render(request, "registry/person_leave.html", person_context(request, found))


@require_http_methods(["GET", "HEAD", "POST"])
@managing
def ticket(request: HttpRequest, account_id: uuid.UUID) -> HttpResponse:
    """Make a one-time sign-in, then show it until it is used or has expired."""
    found = selectors.person_for(request.actor, account_id)
    if request.method == "POST":
        made, secret = tickets.show_ticket(request.actor, account=found)
        request.session[TICKET_KEY] = {"id": str(made.id), "secret": crypto.encrypt(secret)}
        return see_other("ticket_new", found.id)
    kept = request.session.get(TICKET_KEY, {})
    shown = SignInTicket.objects.filter(id=kept.get("id"), account=found).first()
    context = {"person": found, "ticket": shown}
    if shown and shown.used_at is None and shown.expires_at > clock.now():
        url = settings.BASE_URL + reverse("ticket_use", args=[crypto.decrypt(kept["secret"])])
        context |= {"url": url, "qr": mark_safe(qr.svg(url))}  # noqa: S308
    return render(request, "registry/ticket.html", context)


@require_POST
@desk("view_private")
def phone(request: HttpRequest, account_id: uuid.UUID) -> HttpResponse:
    """The whole number, once, on the record."""
    found = selectors.person_for(request.actor, account_id)
    form = ReasonForm(request.POST)
    context = person_context(request, found) | {"reason_form": form}
    if form.is_valid():
        try:
            context["phone"] = look(request.actor, subject=found, field="phone", **form.cleaned_data)
        except Invalid as refusal:
            add_refusal(form, refusal)
    return render(request, "registry/person.html", context, status=422 if form.errors else 200)
