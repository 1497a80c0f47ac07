"""The register of subjects: looked up, entered, corrected; and chosen on the way to something else."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.core.signing import BadSignature, Signer
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme, urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from kit import export, masking
from registry.models import Organisation
from registry.selectors import organisations as selectors
from registry.selectors.places import places_for
from registry.services import organisations
from registry.web import words
from registry.web.doors import desk, see_other
from registry.web.forms_places import CorrectionForm, OrganisationForm
from registry.web.lists import asked, carried_out, export_url, form_page, page_of, select
from registry.web.looks import answer, hidden

signer = Signer(salt="registry.organisation")
registering = desk("register_organisations")


@require_safe
@registering
def index(request: HttpRequest) -> HttpResponse:
    page = page_of(request, asked_for(request))
    context = {
        "page": page,
        "count": page.paginator.count,
        "selects": [select(request, "kind", _("All kinds"), words.SUBJECT_KINDS)],
        "export_url": export_url(request, "organisations_export"),
        "searched": bool(request.GET.get("q") or request.GET.get("kind")),
    }
    return render(request, "registry/organisations.html", context)


def asked_for(request: HttpRequest):
    found = selectors.organisations_for(request.actor)
    if q := asked(request, "q"):
        found = found.filter(selectors.named(q))
    if kind := asked(request, "kind", words.SUBJECT_KINDS):
        found = found.filter(kind=kind)
    return found.order_by("name", "id")


@require_safe
@registering
def export_list(request: HttpRequest) -> HttpResponse:
    """The list as asked for; identity numbers are left out and phones stay masked."""
    header = [
        _("Name"),
        _("Kind"),
        _("Unified social credit code"),
        _("Person in charge"),
        _("Telephone"),
        _("Address"),
    ]
    rows = (
        [o.name, words.SUBJECT_KINDS[o.kind], o.uscc, o.legal_person, o.phone and masking.phone(o.phone), o.address]
        for o in asked_for(request).iterator()
    )
    return export.csv_response("organisations.csv", header, rows)


@require_safe
@registering
def organisation(request: HttpRequest, organisation_id: uuid.UUID) -> HttpResponse:
    found = selectors.organisation_for(request.actor, organisation_id)
    return render(request, "registry/organisation.html", context_of(request, found))


def context_of(request: HttpRequest, found: Organisation) -> dict[str, object]:
    places = places_for(request.actor).filter(organisation=found)
    return {"organisation": found, "places": places, **hidden(request, found, "organisation_look")}


@require_POST
@registering
def look_at(request: HttpRequest, organisation_id: uuid.UUID, field: str) -> HttpResponse:
    """A whole phone or identity number, once, on the record."""
    found = selectors.organisation_for(request.actor, organisation_id)
    context = context_of(request, found)
    status = answer(request, found, field, context)
    return render(request, "registry/organisation.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@registering
def new(request: HttpRequest) -> HttpResponse:
    """Entered on the way to something else, it is chosen there: `?next=` says where.

    No draft of it stays on the phone: it may hold an identity number.
    """
    form = OrganisationForm(request.POST or None)
    context = {"title": _("Enter in the register"), "up": back(request), "known": None}
    try:
        made = carried_out(form, lambda data: organisations.register(request.actor, **data))
    except organisations.AlreadyRegistered as refusal:
        known = Organisation.objects.get(pk=refusal.data["organisation_id"])
        context |= {"known": known, "choose_url": after(request, known)}
        return render(request, "registry/organisation_new.html", {"form": form, **context}, status=refusal.status)
    if made:
        messages.success(request, _("%(name)s is in the register.") % {"name": made.name})
        return see_other(after(request, made))
    return form_page(request, "registry/organisation_new.html", form, **context)


@require_http_methods(["GET", "HEAD", "POST"])
@registering
def edit(request: HttpRequest, organisation_id: uuid.UUID) -> HttpResponse:
    found = selectors.organisation_for(request.actor, organisation_id)
    initial = {"name": found.name, "legal_person": found.legal_person, "address": found.address}
    form = CorrectionForm(request.POST or None, initial=initial)
    if carried_out(form, lambda data: organisations.correct(request.actor, organisation=found, **data)):
        messages.success(request, _("Kept."))
        return see_other("organisation", found.id)
    up = reverse("organisation", args=[found.id])
    return form_page(request, "registry/form.html", form, title=_("Correct"), kicker=found.name, up=up)


def chosen(request: HttpRequest) -> Organisation | None:
    """The subject picked for the step at hand, by the sealed `?organisation=` of the picker."""
    try:
        return Organisation.objects.filter(pk=signer.unsign(request.GET.get("organisation", ""))).first()
    except BadSignature:
        return None


def pick(request: HttpRequest, *, title: str, kicker: str = "", up: str = "") -> HttpResponse:
    """Who is it? Looked up by name or code, or entered anew; then the step goes on with `?organisation=`."""
    q = asked(request, "q")
    found = selectors.to_choose_from(request.actor, q)[:20] if q else []
    context = {
        "title": title,
        "kicker": kicker,
        "up": up,
        "q": q,
        "choices": [(each, with_choice(request.path, each)) for each in found],
        "new_url": f"{reverse('organisation_new')}?{urlencode({'next': request.path})}",
    }
    return render(request, "registry/organisation_pick.html", context)


def after(request: HttpRequest, organisation: Organisation) -> str:
    onward = next_step(request)
    return with_choice(onward, organisation) if onward else reverse("organisation", args=[organisation.id])


def back(request: HttpRequest) -> str:
    return next_step(request) or reverse("organisations")


def next_step(request: HttpRequest) -> str:
    onward = request.GET.get("next", "")
    inside = onward.startswith("/desk/") and url_has_allowed_host_and_scheme(onward, allowed_hosts=None)
    return onward if inside else ""


def with_choice(path: str, organisation: Organisation) -> str:
    return f"{path}?{urlencode({'organisation': signer.sign(str(organisation.pk))})}"
