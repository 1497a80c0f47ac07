"""区县规则: what the rules are now, with their formulas; a new version, from now or from a later moment."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from kit import clock
from kit.refusals import NotFound
from registry.permissions import VERBS
from registry.web.doors import desk, see_other
from registry.web.lists import carried_out, page_of
from traceability import policies as rules
from traceability.selectors import policies as selectors
from traceability.services.policies import set_policy
from traceability.web import policy_words
from traceability.web.forms_policies import PolicyForm


@require_safe
@desk("manage_policies")
def index(request: HttpRequest) -> HttpResponse:
    now, district_id = clock.now(), district_of(request)
    shown = [
        {
            "name": name,
            "words": policy_words.POLICIES[name],
            "values": policy_words.said(name, asdict(selectors.policy(district_id, name, now))),
            "versions": selectors.versions(district_id, name).count(),
        }
        for name in rules.POLICIES
    ]
    return render(request, "traceability/policies/index.html", {"policies": shown})


@require_http_methods(["GET", "HEAD", "POST"])
@desk("manage_policies")
def policy(request: HttpRequest, name: str) -> HttpResponse:
    """One rule: its formula, its versions, and a form with what holds now."""
    if name not in rules.POLICIES:
        raise NotFound
    now, district_id = clock.now(), district_of(request)
    present = asdict(selectors.policy(district_id, name, now))
    form = PolicyForm(request.POST or None, name=name, present=present)

    def keep(data: dict[str, Any]):
        return set_policy(
            request.actor, district_id=district_id, name=name, value=form.value(), note=data["note"],
            effective_from=data["effective_from"], client_key=data["client_key"],
        )  # fmt: skip

    if made := carried_out(form, keep):
        later = made.effective_from > now
        messages.success(request, _("Kept. It begins at the time you chose.") if later else _("Kept. It holds now."))
        return see_other("policy", name)
    page = page_of(request, selectors.versions(district_id, name))
    context = {
        "name": name,
        "words": policy_words.POLICIES[name],
        "form": form,
        "page": page,
        "versions": [
            (each, policy_words.said(name, read(name, each.value)), each.effective_from > now) for each in page
        ],
    }
    return render(request, "traceability/policies/policy.html", context, status=422 if form.errors else 200)


def read(name: str, value: dict[str, Any]) -> dict[str, Any]:
    return asdict(rules.read(name, value))


def district_of(request: HttpRequest) -> str:
    """The district whose rules this person sets."""
    return next(scope.district_id for scope in request.actor.with_role(*VERBS["manage_policies"]))
