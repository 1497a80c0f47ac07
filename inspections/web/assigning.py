"""派单: an officer gives one task to one person, or takes that back."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from inspections.models import Task
from inspections.refusals import GIVE_WORDS, CannotGive
from inspections.selectors import assigning as selectors
from inspections.services.assign import assign_task
from kit import problems
from kit.refusals import NotFound
from registry.web.doors import desk, see_other
from registry.web.lists import A_PAGE, asked, key


@require_http_methods(["GET", "HEAD", "POST"])
@desk("publish_work")
def assign(request: HttpRequest, task_id: uuid.UUID) -> HttpResponse:
    task = selectors.publishable_task(request.actor, task_id)
    if task is None:
        raise NotFound
    refused = ""
    if request.method == "POST":
        try:
            return given(request, task)
        except CannotGive as refusal:
            refused = problems.words(refusal)
    found = selectors.candidates(task, text=asked(request, "q"))
    page = Paginator(found, A_PAGE).get_page(request.GET.get("page"))
    context = {
        "task": task,
        "page": page,
        "rows": [(each, GIVE_WORDS[each.why] if each.why else "") for each in page],
        "count": len(found),
        "refused": refused,
        "searched": bool(asked(request, "q")),
    }
    return render(request, "inspections/grabbing/assign.html", context, status=409 if refused else 200)


def given(request: HttpRequest, task: Task) -> HttpResponse:
    chosen = request.POST.get("coordinator")
    person = selectors.candidate(task, key(chosen)) if key(chosen) else None
    if chosen and person is None:
        raise NotFound
    assign_task(request.actor, task=task, coordinator=person)
    said = _("Given to %(name)s, who is told.") % {"name": person.account.name} if person else _("Open to all again.")
    messages.success(request, said)
    return see_other("task_assign", task.pk)
