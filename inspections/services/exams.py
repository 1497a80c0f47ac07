"""考试: one try at a time, the result at once. A pass opens tasks that ask for the course until its day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from uuid import UUID

from django.db import transaction
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from inspections import exam_rules
from inspections.models import Coordinator, Course, ExamResult
from inspections.refusals import StillValid, TooSoon
from inspections.services.conflicts import require_own
from kit import clock
from kit.refusals import Invalid, NotFound
from registry.actors import Actor
from registry.services.notices import notify


@transaction.atomic
def take_exam(
    actor: Actor, *, coordinator: Coordinator, course: Course, answers: Sequence[int], client_key: UUID
) -> ExamResult:
    """Sent twice with one `client_key`, it is one try. Raises `StillValid`, `TooSoon` or `Invalid`."""
    rows = Coordinator.objects.filter(district_id=coordinator.district_id, pk=coordinator.pk)
    person = rows.select_for_update(no_key=True).first()
    if person is None or course.district_id != person.district_id or course.retired_at is not None:
        raise NotFound()
    require_own(actor, person)
    own = ExamResult.objects.filter(district_id=person.district_id, coordinator=person)
    if earlier := own.filter(client_key=client_key).first():
        return earlier
    at = clock.now()
    _may_try(own.filter(course_code=course.code), at)
    try:
        points = exam_rules.score(course.questions, answers)
    except ValueError as error:
        raise Invalid(_("Answer every question.")) from error
    return ExamResult.objects.create(
        district_id=person.district_id, coordinator=person, course=course, course_code=course.code,
        answers=list(answers), score=points, passed=points >= course.pass_mark, taken_at=at,
        valid_until=at.date() + dt.timedelta(days=course.valid_days), client_key=client_key,
    )  # fmt: skip


def _may_try(tries, at: dt.datetime) -> None:
    valid = tries.filter(passed=True, valid_until__gte=at.date()).order_by("-valid_until").first()
    if valid and not exam_rules.may_renew(valid.valid_until, at.date()):
        raise StillValid(until=valid.valid_until.isoformat())
    last = tries.order_by("-taken_at").first()
    opens = exam_rules.open_from(last.taken_at) if last and not last.passed else None
    if opens and at < opens:
        raise TooSoon(time=date_format(opens.astimezone(at.tzinfo), "H:i"))


def remind_of_training() -> int:
    """Tell everybody whose pass ends in 30 days, a week, a day; each once. Returns how many were told. For a job."""
    at = clock.now()
    told = 0
    for result in _ending(at.date()):
        stage = exam_rules.reminder(result.valid_until, at.date())
        if stage is None:
            continue
        notify(
            [result.coordinator.account_id],
            district_id=result.district_id,
            kind="training_ends",
            once_key=f"training_ends:{result.course_code}:{result.valid_until}:{stage}",
            data={"title": result.course.title, "day": result.valid_until.isoformat()},
            url="/desk/work/training",
        )
        told += 1
    return told


def _ending(today: dt.date):
    """The last pass of each person and course, where it ends within the month."""
    passes = ExamResult.objects.filter(passed=True).order_by(
        "district_id", "coordinator_id", "course_code", "-valid_until"
    )
    newest = passes.distinct("district_id", "coordinator_id", "course_code")
    until = today + dt.timedelta(days=max(exam_rules.REMINDED_DAYS))
    ending = ExamResult.objects.filter(pk__in=newest.values("pk"), valid_until__range=(today, until))
    return ending.filter(coordinator__state="active").select_related("coordinator", "course").order_by("pk").iterator()
