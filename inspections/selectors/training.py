"""培训: courses in use, what somebody has passed and until when, who has passed a course."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery

from inspections import exam_rules
from inspections.models import Coordinator, Course, ExamResult
from kit.refusals import NotFound
from registry.actors import Actor
from registry.models.visibility import reach
from registry.permissions import VERBS


@dataclass(frozen=True)
class Standing:
    """A course as one person stands in it: `valid_until` None when it is not passed, or over; `opens` when the next
    try is open."""

    course: Course
    last: ExamResult | None
    valid_until: dt.date | None
    may_try: bool
    opens: dt.datetime | None


def in_use(district_id: str) -> QuerySet[Course]:
    return Course.objects.filter(district_id=district_id, retired_at__isnull=True).order_by("code")


def standings(coordinator: Coordinator, at: dt.datetime) -> list[Standing]:
    """Every course in use, in the order of their codes."""
    tries = list(coordinator.exams.filter(district_id=coordinator.district_id).order_by("-taken_at"))
    return [standing(course, tries, at) for course in in_use(coordinator.district_id)]


def standing(course: Course, tries: Iterable[ExamResult], at: dt.datetime) -> Standing:
    """`tries` of one person, the latest first."""
    own = [each for each in tries if each.course_code == course.code]
    last = own[0] if own else None
    passes = [each.valid_until for each in own if each.passed and each.valid_until >= at.date()]
    until = max(passes, default=None)
    opens = exam_rules.open_from(last.taken_at) if last and not last.passed else None
    waits = opens is not None and at < opens
    renewable = until is None or exam_rules.may_renew(until, at.date())
    return Standing(course, last, until, renewable and not waits, opens if waits else None)


def course_of(district_id: str, code: str) -> Course:
    """The version in use. Raises NotFound."""
    found = in_use(district_id).filter(code=code).first()
    if found is None:
        raise NotFound()
    return found


def versions(district_id: str, code: str) -> QuerySet[Course]:
    return Course.objects.filter(district_id=district_id, code=code).order_by("-version")


def with_passes(courses: QuerySet[Course], today: dt.date) -> QuerySet[Course]:
    """Each with how many people on duty hold a valid pass of it."""
    valid = ExamResult.objects.filter(
        district_id=OuterRef("district_id"), course_code=OuterRef("code"), passed=True, valid_until__gte=today,
        coordinator__state="active",
    ).order_by().values("course_code")  # fmt: skip
    return courses.annotate(passed=Subquery(valid.annotate(n=Count("coordinator", distinct=True)).values("n")))


def results_for(actor: Actor, district_id: str, code: str, *, q: str = "", which: str = "") -> QuerySet[ExamResult]:
    """The last try of everybody within reach; `which` is `passed` or `failed`."""
    own = reach(actor, VERBS["supervise_work"], town="coordinator__town_id")
    tries = ExamResult.objects.filter(own, district_id=district_id, course_code=code)
    newest = tries.order_by("coordinator_id", "-taken_at").distinct("coordinator_id").values("pk")
    found = ExamResult.objects.filter(pk__in=newest).select_related(
        "coordinator__account", "coordinator__town", "course"
    )
    if q.strip():
        found = found.filter(Q(coordinator__account__name__icontains=q.strip()))
    if which in ("passed", "failed"):
        found = found.filter(passed=which == "passed")
    return found.order_by("coordinator__account__name", "pk")


def result_of(actor: Actor, result_id: UUID) -> ExamResult:
    """One's own try. Raises NotFound."""
    own = ExamResult.objects.filter(district_id__in=actor.districts, coordinator__account_id=actor.account_id)
    found = own.filter(pk=result_id).select_related("course").first()
    if found is None:
        raise NotFound()
    return found
