"""Asking to see a hidden number of a business or a supplier: with a reason, on the record."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from kit import masking
from kit.refusals import Invalid
from registry.models import Organisation, Supplier
from registry.permissions import VERBS
from registry.services.private_views import look
from registry.web.doors import add_refusal
from registry.web.forms_people import ReasonForm

LABELS = {"phone": _("See the whole phone number"), "id_number": _("See the identity number")}


def hidden(request: HttpRequest, subject: Organisation | Supplier, url_name: str) -> dict[str, Any]:
    """Context: the masked values, and what the reader may ask to see."""
    may_look = request.actor.has_role(*VERBS["view_private"])
    return {
        "masked": {"phone": masking.phone(subject.phone) if subject.phone else "",
                   "id_number": masking.id_number(subject.id_number) if subject.id_number else ""},
        "looks": [
            {"field": field, "label": label, "url": reverse(url_name, args=[subject.pk, field]), "errors": []}
            for field, label in LABELS.items()
            if may_look and getattr(subject, field)
        ],
    }  # fmt: skip


def answer(request: HttpRequest, subject: Organisation | Supplier, field: str, context: dict[str, Any]) -> int:
    """Put the asked value into `context["seen"]`, or the message at its question. Returns the status."""
    form = ReasonForm(request.POST)
    if form.is_valid():
        try:
            context["seen"] = {field: look(request.actor, subject=subject, field=field, **form.cleaned_data)}
        except Invalid as refusal:
            add_refusal(form, refusal)
    for each in context["looks"]:
        if each["field"] == field:
            each["errors"] = form.errors.get("reason", [])
    return 422 if form.errors else 200
