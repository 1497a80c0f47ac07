"""协管规则: what holds now, in plain words; a new version, from now or from a later day."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from inspections import work_policies
from inspections.models import WorkPolicy
from inspections.selectors.policies import policy
from inspections.services.work_policies import set_work_policy
from inspections.web import rule_words
from inspections.web.forms_rules import RuleForm
from inspections.web.work_home import district_at_work
from kit import clock
from kit.refusals import NotFound
from registry.web.doors import desk, see_other
from registry.web.lists import carried_out, page_of

ruling = desk("manage_work_rules")


@require_safe
@ruling
def index(request: HttpRequest) -> HttpResponse:
    district_id = district_at_work(request, "manage_work_rules")
    context = {
        "title": _("Rules"),
        "lede": _("A change holds from the moment you choose; what has happened is judged by the rule of its time."),
        "up": reverse("work_home"),
        "up_label": _("Co-management"),
        "rows": [
            {"title": title, "meta": lede, "url": reverse("work_rule", args=[name]),
             "note": _("changed here") if versions(district_id, name).exists() else _("as shipped")}
            for name, (title, lede) in rule_words.POLICIES.items()
        ],
    }  # fmt: skip
    return render(request, "inspections/list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@ruling
def rule(request: HttpRequest, name: str) -> HttpResponse:
    if name not in work_policies.POLICIES:
        raise NotFound
    district_id, now = district_at_work(request, "manage_work_rules"), clock.now()
    form = RuleForm(request.POST or None, name=name, initial=asdict(policy(district_id, name, now)))
    made = carried_out(
        form,
        lambda data: set_work_policy(
            request.actor, district_id=district_id, name=name, value=form.value(), note=data["note"],
            effective_from=form.begins(), client_key=data["client_key"],
        ),
    )  # fmt: skip
    if made:
        later = made.effective_from > clock.now()
        messages.success(request, _("Kept. It begins on the day you chose.") if later else _("Kept. It holds now."))
        return see_other("work_rule", name)
    page = page_of(request, versions(district_id, name))
    title, lede = rule_words.POLICIES[name]
    context = {
        "title": title,
        "lede": lede,
        "up": reverse("work_rules"),
        "form": form,
        "page": page,
        "versions": [(each, changes(each), each.effective_from > now) for each in page],
    }
    return render(request, "inspections/rules/rule.html", context, status=422 if form.errors else 200)


def versions(district_id: str, name: str):
    found = WorkPolicy.objects.filter(district_id=district_id, name=name)
    return found.select_related("made_by").order_by("-effective_from")


def changes(version: WorkPolicy) -> list[tuple[Any, int, Any]]:
    """(words, value, unit) of what differs from what is shipped."""
    shipped = asdict(work_policies.POLICIES[version.name]())
    return [
        (rule_words.FIELDS[key][0], value, rule_words.FIELDS[key][1])
        for key, value in version.value.items()
        if shipped.get(key) != value
    ]
