"""Two people decide on one positive at the same moment: one decision stands, each kilo leaves stock once.

Each race has a control beside it, the same race without its guard, to show that it is one.
"""

import time
from decimal import Decimal

import pytest
from django.db import IntegrityError, models

from kit import locks
from kit.ids import uuid7
from kit.transitions import StaleState
from registry.models import Notice
from tests.factories import cases as made
from tests.kit.together import together
from traceability.models import Batch, CaseStep, Disposal, PositiveCase, StockMove
from traceability.refusals import NotEnough, StepNotPossible
from traceability.services import case_answers, case_disposal, case_reminders, case_steps, write_off

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def case(monkeypatch):
    """A told positive. Between looking at it and moving it passes some time, as it does on a busy machine."""
    found = made.positive()
    allow = case_steps.allow
    for module in (case_answers, case_disposal):
        monkeypatch.setattr(module, "allow", lambda *asked: (allow(*asked), time.sleep(0.1))[0])
    return found


def read(case):
    return made.fresh(case)


def accept_and_object(case):
    actor, rows = made.holder(case), [read(case), read(case)]
    return together(
        lambda: case_answers.accept(actor, case=rows[0], client_key=uuid7()),
        lambda: case_answers.object_to(actor, case=rows[1], reason="有合格证", client_key=uuid7()),
    )


def test_of_accepting_and_objecting_in_one_second_one_stands(case):
    answers = accept_and_object(case)
    assert sum(isinstance(answer, StaleState | StepNotPossible) for answer in answers) == 1
    kinds = set(CaseStep.objects.filter(case=case).values_list("kind", flat=True))
    assert len(kinds & {"accepted", "objected"}) == 1
    assert read(case).state in kinds


def test_control_without_compare_and_set_both_stand(case, monkeypatch):
    def blind(row, states, to, **fields):
        PositiveCase.objects.filter(pk=row.pk).update(state=to, **fields)
        row.state = to

    monkeypatch.setattr(case_steps, "move", blind)
    answers = accept_and_object(case)
    assert not any(isinstance(answer, Exception) for answer in answers)
    kinds = set(CaseStep.objects.filter(case=case).values_list("kind", flat=True))
    assert {"accepted", "objected"} <= kinds


def dispose_twice(case, weight_kg):
    made.accepted(case)
    actor, rows = made.holder(case), [read(case), read(case)]
    return together(
        *(lambda row=row: case_disposal.dispose(actor, case=row, done=made.done(weight_kg), client_key=uuid7())
          for row in rows)
    )  # fmt: skip


def test_the_same_kilos_are_disposed_of_once(case):
    answers = dispose_twice(case, "60")
    assert sum(isinstance(answer, NotEnough) for answer in answers) == 1
    batch = read(case).batch
    assert (batch.disposed_kg, batch.kg_on_hand) == (60, 40)
    assert Disposal.objects.count() == StockMove.objects.count() == 1


def test_control_without_the_condition_only_the_constraint_stops_it(case, monkeypatch):
    """With the row lock, the look at what is left and the conditional UPDATE out of the way."""

    def blind(batch_id, district_id, column, weight_kg):
        return bool(Batch.objects.filter(pk=batch_id).update(**{column: models.F(column) + weight_kg}))

    monkeypatch.setattr(write_off, "move_kg", blind)
    monkeypatch.setattr(case_disposal, "_check", lambda *asked: None)
    answers = dispose_twice(case, "60")
    assert sum(isinstance(answer, IntegrityError) for answer in answers) == 1, "batch_mass_balance"


def test_two_parts_at_once_both_count_and_the_case_moves_on(case):
    answers = dispose_twice(case, "50")
    assert not any(isinstance(answer, Exception) for answer in answers)
    assert read(case).batch.disposed_kg == Decimal(100)
    assert read(case).state == "disposed"


def one_form_many_times(case, count=6):
    made.accepted(case)
    actor, key = made.holder(case), uuid7()
    return together(
        *[lambda: case_disposal.dispose(actor, case=read(case), done=made.done("40"), client_key=key)] * count
    )


def test_one_form_sent_by_an_impatient_thumb_is_one_disposal(case):
    answers = one_form_many_times(case)
    assert not any(isinstance(answer, Exception) for answer in answers)
    assert Disposal.objects.count() == 1
    assert read(case).batch.disposed_kg == 40


def test_control_without_the_lock_on_the_request_some_get_no_answer(case, monkeypatch):
    monkeypatch.setattr(locks, "one_request", lambda key: None)
    answers = one_form_many_times(case)
    assert any(isinstance(answer, Exception) for answer in answers)
    assert read(case).batch.disposed_kg == 40, "the constraint holds even then"


def overdue(case):
    PositiveCase.objects.update(due_at=case.opened_at)
    return together(*[case_reminders.remind_cases] * 4)


def test_four_jobs_remind_once(case):
    assert sum(overdue(case)) == 1
    assert CaseStep.objects.filter(kind="reminder").count() == 1
    assert Notice.objects.filter(kind="case_overdue").exists()


def test_control_without_the_row_lock_the_story_has_the_reminder_more_than_once(case, monkeypatch):
    monkeypatch.setattr(models.QuerySet, "select_for_update", lambda rows, **how: rows)
    people_on = case_reminders.people_on
    monkeypatch.setattr(case_reminders, "people_on", lambda *asked: (time.sleep(0.1), people_on(*asked))[1])
    assert sum(overdue(case)) > 1
