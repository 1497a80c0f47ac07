"""培训: one try at a time, the result at once, a pass that opens tasks until its day."""

import datetime as dt

import pytest
from django.urls import reverse

from inspections import exam_rules
from inspections.models import Course, ExamResult
from inspections.refusals import CannotTake, StillValid, TooSoon
from inspections.services import courses, exams
from inspections.services.claim import claim_task
from inspections.services.set_up import ensure_defaults
from kit import clock
from kit.ids import uuid7
from kit.refusals import Invalid, NotFound
from registry.models import Notice
from registry.permissions import NotYourJob
from registry.roles import Role
from registry.selectors.actors import actor_for
from tests.factories.inspections import CoordinatorFactory, CourseFactory, TaskFactory, TaskKindFactory
from tests.factories.registry import DISTRICT, TownFactory, account_with, actor_with

pytestmark = pytest.mark.django_db
QUESTION = {"text": "协管员可以处罚吗?", "choices": ["可以", "不可以"], "right": 1}


@pytest.fixture
def person():
    return CoordinatorFactory()


def attempt(person, course, answers=(1,), key=None):
    return exams.take_exam(
        actor_for(person.account), coordinator=person, course=course, answers=answers, client_key=key or uuid7()
    )


def write(actor, code="basic", **changes):
    content = {"title": "基础", "material": "只记录和建议。", "questions": [QUESTION], **changes}
    return courses.publish_course(
        actor, district_id=DISTRICT, code=code, content=courses.Content(**content), client_key=uuid7()
    )


# The rules


@pytest.mark.parametrize(("answers", "points"), [([1, 1, 1], 100), ([1, 1, 0], 66), ([0, 0, 0], 0)])
def test_points_are_of_a_hundred_and_rounded_down(answers, points):
    assert exam_rules.score([QUESTION] * 3, answers) == points


@pytest.mark.parametrize("answers", [[], [1], [1, 2], [1, -1]])
def test_every_question_has_one_answer_among_its_choices(answers):
    with pytest.raises(ValueError):  # noqa: PT011
        exam_rules.score([QUESTION] * 2, answers)


@pytest.mark.parametrize(("left", "stage"), [(31, None), (30, 30), (8, 30), (7, 7), (2, 7), (1, 1), (0, 1), (-1, None)])
def test_one_is_reminded_a_month_a_week_and_a_day_before(left, stage):
    today = dt.date(2026, 11, 25)
    assert exam_rules.reminder(today + dt.timedelta(days=left), today) == stage


# The exam


def test_a_pass_is_valid_for_as_long_as_the_course_says(person):
    result = attempt(person, CourseFactory(valid_days=100))
    assert (result.passed, result.score) == (True, 100)
    assert result.valid_until == clock.now().date() + dt.timedelta(days=100)


def test_sent_twice_it_is_one_try(person):
    course, key = CourseFactory(), uuid7()
    assert attempt(person, course, key=key) == attempt(person, course, answers=(0,), key=key)
    assert ExamResult.objects.count() == 1


def test_after_a_failed_try_one_reads_again_before_the_next(person):
    course = CourseFactory()
    assert not attempt(person, course, answers=(0,)).passed
    with pytest.raises(TooSoon):
        attempt(person, course)
    with clock.freeze(clock.now() + dt.timedelta(minutes=6)):
        assert attempt(person, course).passed


def test_a_pass_is_renewed_in_its_last_month_only(person):
    course = CourseFactory(valid_days=60)
    attempt(person, course)
    with pytest.raises(StillValid):
        attempt(person, course)
    with clock.freeze(clock.now() + dt.timedelta(days=31)):
        assert attempt(person, course).passed


def test_an_unanswered_question_is_no_try(person):
    with pytest.raises(Invalid):
        attempt(person, CourseFactory(), answers=())
    assert ExamResult.objects.count() == 0


def test_nobody_takes_the_exam_of_another_or_of_a_retired_course(person):
    course = CourseFactory()
    with pytest.raises(NotFound):
        exams.take_exam(
            actor_for(CoordinatorFactory().account), coordinator=person, course=course, answers=[1], client_key=uuid7()
        )
    Course.objects.update(retired_at=clock.now())
    course.refresh_from_db()
    with pytest.raises(NotFound):
        attempt(person, course)


def test_a_task_that_asks_for_a_course_opens_with_the_pass_and_closes_with_its_day(person):
    course = CourseFactory(valid_days=1)
    task = TaskFactory(
        kind=TaskKindFactory(code="ASKS", course_code="basic"), due_at=clock.now() + dt.timedelta(days=9)
    )

    def take():
        return claim_task(actor_for(person.account), task_id=task.pk, district_id=DISTRICT, client_key=uuid7())

    with pytest.raises(CannotTake) as refusal:
        take()
    assert refusal.value.code == "training"
    attempt(person, course)
    with clock.freeze(clock.now() + dt.timedelta(days=2)), pytest.raises(CannotTake):
        take()
    assert take().coordinator == person


def test_whose_pass_ends_is_told_once_at_each_stage(person):
    attempt(person, CourseFactory(valid_days=30))
    assert exams.remind_of_training() == 1
    exams.remind_of_training()
    assert Notice.objects.filter(account=person.account, kind="training_ends").count() == 1
    with clock.freeze(clock.now() + dt.timedelta(days=24)):
        exams.remind_of_training()
    assert Notice.objects.filter(kind="training_ends").count() == 2


def test_whoever_has_renewed_is_not_reminded_of_the_old_pass(person):
    course = CourseFactory(valid_days=60)
    attempt(person, course)
    with clock.freeze(clock.now() + dt.timedelta(days=31)):
        attempt(person, course)
        assert exams.remind_of_training() == 0


# Courses


def test_an_edit_is_the_next_version_and_the_earlier_one_retires():
    officer = actor_with(Role.DISTRICT_OFFICER)
    first, second = write(officer), write(officer, title="基础(二)")
    first.refresh_from_db()
    assert (second.version, first.retired_at is None) == (2, False)
    assert write(officer, title="基础(二)") == second, "what changes nothing makes no version"


@pytest.mark.parametrize(
    "question",
    [
        {"text": "", "choices": ["是", "否"], "right": 0},
        {"text": "?", "choices": ["是"], "right": 0},
        {"text": "?", "choices": ["是", "是"], "right": 0},
        {"text": "?", "choices": ["是", "否"], "right": -1},
        {"text": "?", "choices": ["是", "否"], "right": 2},
    ],
)
def test_a_question_without_one_right_answer_is_refused(question):
    with pytest.raises(Invalid) as refusal:
        write(actor_with(Role.DISTRICT_OFFICER), questions=[question])
    assert set(refusal.value.fields) == {"questions"}


@pytest.mark.parametrize("role", [Role.TOWN_OFFICER, Role.COORDINATOR, Role.FINANCE])
def test_the_district_alone_writes_courses(role):
    scope = {"town": TownFactory()} if role is Role.TOWN_OFFICER else {}
    with pytest.raises((NotYourJob, NotFound)):
        write(actor_with(role, **scope))


# Pages


@pytest.fixture
def as_coordinator(client, person):
    ensure_defaults(DISTRICT)
    client.force_login(person.account)
    return client


def test_the_course_is_read_and_its_exam_taken_on_the_phone(as_coordinator, person):
    address = reverse("training_course", args=["basic"])
    assert "协管巡查是记录和建议" in as_coordinator.get(address).content.decode()
    course = Course.objects.get(code="basic")
    right = {f"q{n}": each["right"] for n, each in enumerate(course.questions)}
    lacking = {"client_key": str(uuid7()), "q0": right["q0"]}
    response = as_coordinator.post(address, lacking)
    assert response.status_code == 422
    assert " checked" in response.content.decode(), "what was answered stays"
    response = as_coordinator.post(address, {"client_key": str(uuid7()), **right})
    page = as_coordinator.get(response.url).content.decode()
    assert ExamResult.objects.get(coordinator=person).passed
    assert (clock.now().date() + dt.timedelta(days=365)).isoformat() in page
    assert "q0" not in as_coordinator.get(address).content.decode(), "no second exam while the pass is fresh"


def test_a_failed_try_names_the_questions_and_not_the_answers(as_coordinator):
    course = Course.objects.get(code="basic")
    wrong = {f"q{n}": (each["right"] + 1) % 3 for n, each in enumerate(course.questions)}
    address = reverse("training_course", args=["basic"])
    response = as_coordinator.post(address, {"client_key": str(uuid7()), **wrong})
    page = as_coordinator.get(response.url).content.decode()
    asked = course.questions[0]
    assert asked["text"] in page
    assert asked["choices"][asked["right"]] not in page


def test_officers_write_a_course_in_the_browser_and_see_who_passed(client, person):
    ensure_defaults(DISTRICT)
    attempt(
        person,
        Course.objects.get(code="sampling"),
        answers=[q["right"] for q in Course.objects.get(code="sampling").questions],
    )
    client.force_login(account_with(Role.DISTRICT_OFFICER))
    address = reverse("course_edit", args=["sampling"])
    form = client.get(address).context["form"]
    asked = {name: form[name].value() for name in form.fields if form[name].value() is not None}
    assert "*当着经营者的面封存,双方签字" in asked["choices1"]
    assert client.post(address, {**asked, "choices1": "甲\n乙"}).status_code == 422
    assert client.post(address, {**asked, "title": "抽样与送样(新)"}).status_code == 303
    assert Course.objects.get(code="sampling", retired_at=None).version == 2
    page = client.get(reverse("course", args=["sampling"])).content.decode()
    assert person.account.name in page
    exported = b"".join(client.get(reverse("course_export", args=["sampling"])).streaming_content).decode()
    assert person.account.name in exported
