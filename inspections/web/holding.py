"""我的: what one holds, until when, the way there; giving it back, or refusing what was assigned."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from inspections.selectors import pool
from inspections.selectors.policies import policy
from inspections.services.release import refuse_assignment, release_task
from inspections.web.forms_grabbing import WhyForm
from inspections.web.grabbing import tabs
from kit import clock
from kit.refusals import NotFound
from kit.templatetags.show import fen, moment
from registry.web.doors import desk, new_client_key, see_other


@require_safe
@desk("work_in_field")
def index(request: HttpRequest) -> HttpResponse:
    found = pool.mine(request.actor)
    if found is None:
        return render(request, "inspections/grabbing/not_listed.html")
    context = {
        "mine": found,
        "given": [(task, new_client_key()) for task in found.given],
        "chips": tabs(request, here=False),
    }
    return render(request, "inspections/grabbing/mine.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@desk("work_in_field")
def release(request: HttpRequest, claim_id: uuid.UUID) -> HttpResponse:
    """Giving back says in numbers what follows: how long one waits, and the how many-th time it is today."""
    claim = pool.held_claim(request.actor, claim_id)
    if claim is None:
        raise NotFound
    form = WhyForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        release_task(request.actor, claim=claim, reason=form.reason)
        messages.success(request, _("Given back. Others can take it now."))
        return see_other("my_tasks")
    context = {
        "title": _("Give back %(what)s?") % {"what": claim.task.place or claim.task.title},
        "text": "",
        "tone": "due",
        "consequences": what_follows(claim),
        "form": form,
        "submit": _("Give it back"),
        "up": reverse("my_tasks"),
    }
    return render(request, "registry/confirm.html", context, status=422 if form.errors else 200)


def what_follows(claim) -> list[tuple[str, object]]:
    at = clock.now()
    rules = policy(claim.district_id, "grabbing", at)
    before = pool.given_back_today(claim.coordinator, at)
    wait = (
        _("%(n)d hours") % {"n": rules.release_pause_hours}
        if before + 1 > rules.free_releases_a_day
        else _("%(n)d seconds") % {"n": rules.cool_down_seconds}
    )
    return [
        (_("It would have paid"), fen(claim.task.price_fen)),
        (_("Given back today, with this one"), before + 1),
        (_("Free of a pause each day"), rules.free_releases_a_day),
        (_("You wait before taking another"), wait),
        (_("Your time for it would end"), moment(claim.lease_until)),
    ]


@require_http_methods(["GET", "HEAD", "POST"])
@desk("work_in_field")
def refuse(request: HttpRequest, task_id: uuid.UUID) -> HttpResponse:
    task = pool.given_task(request.actor, task_id)
    if task is None:
        raise NotFound
    form = WhyForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        refuse_assignment(request.actor, task=task, reason=form.reason)
        messages.success(request, _("Refused. Whoever gave it to you is told why."))
        return see_other("my_tasks")
    context = {
        "title": _("Refuse %(what)s?") % {"what": task.place or task.title},
        "text": _("The reason goes to the officer. You will not be offered this task again."),
        "tone": "due",
        "form": form,
        "submit": _("Refuse it"),
        "up": reverse("my_tasks"),
    }
    return render(request, "registry/confirm.html", context, status=422 if form.errors else 200)
