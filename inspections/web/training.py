"""培训: a coordinator reads a course, takes its exam, hears the result at once."""

from __future__ import annotations

import uuid
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from inspections import exam_rules
from inspections.selectors import people, training
from inspections.selectors.training import Standing
from inspections.services.exams import take_exam
from inspections.services.set_up import ensure_defaults
from inspections.web.forms_training import ExamForm
from kit import clock
from registry.web.doors import desk, see_other
from registry.web.lists import carried_out

working = desk("work_in_field")


@require_safe
@working
def index(request: HttpRequest) -> HttpResponse:
    own = people.oneself(request.actor)
    ensure_defaults(own.district_id)
    context = {
        "title": _("Training"),
        "lede": _("A pass opens tasks that ask for the course, until its day."),
        "up": reverse("my_work"),
        "up_label": _("Me"),
        "rows": [row(each) for each in training.standings(own, clock.now())],
        "nothing": _("No course yet"),
    }
    return render(request, "inspections/list.html", context)


def row(each: Standing) -> dict[str, Any]:
    found: dict[str, Any] = {
        "title": each.course.title,
        "url": reverse("training_course", args=[each.course.code]),
        "meta": _("%(n)d questions, %(mark)d points to pass")
        % {"n": len(each.course.questions), "mark": each.course.pass_mark},
    }
    if each.valid_until:
        return found | {"tone": "ok", "word": _("valid until %(day)s") % {"day": each.valid_until.isoformat()}}
    return found | {"tone": "due", "word": _("not passed")}


@require_http_methods(["GET", "HEAD", "POST"])
@working
def course(request: HttpRequest, code: str) -> HttpResponse:
    """The text first, the questions under it. A wrong or missing answer comes back with the others still ticked."""
    own = people.oneself(request.actor)
    found = training.course_of(own.district_id, code)
    form = ExamForm(request.POST or None, questions=found.questions)
    made = carried_out(
        form,
        lambda data: take_exam(
            request.actor, coordinator=own, course=found, answers=form.answers(), client_key=data["client_key"]
        ),
    )
    if made:
        return see_other("training_result", made.pk)
    tries = own.exams.filter(district_id=own.district_id, course_code=code).order_by("-taken_at")
    context = {"course": found, "form": form, "standing": training.standing(found, tries, clock.now())}
    return render(request, "inspections/training/course.html", context, status=422 if form.errors else 200)


@require_safe
@working
def result(request: HttpRequest, result_id: uuid.UUID) -> HttpResponse:
    found = training.result_of(request.actor, result_id)
    wrong = exam_rules.wrong(found.course.questions, found.answers)
    context = {
        "result": found,
        "wrong": [(number, found.course.questions[number - 1]["text"]) for number in wrong],
        "opens": None if found.passed else exam_rules.open_from(found.taken_at),
    }
    return render(request, "inspections/training/result.html", context)
