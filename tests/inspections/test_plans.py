"""发布: by plan and from what was seen; taken back, by the end of a campaign or one by one."""

import datetime as dt

import pytest

from inspections.models import Budget, Clue, Finding, Submission, Task, TaskKind
from inspections.services import campaigns, cancel, plans, publish
from kit import clock
from kit.ids import uuid7
from kit.refusals import Invalid
from kit.transitions import IllegalMove
from registry.models import Notice
from tests.factories.inspections import (
    BudgetFactory,
    ClaimFactory,
    CoordinatorFactory,
    TaskFactory,
)
from tests.factories.registry import (
    DISTRICT,
    StoreFactory,
)
from tests.inspections.published import free_for_all, start

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("defaults")]


@pytest.fixture
def officer(district_officer):
    return district_officer


def test_a_plan_publishes_a_round_when_its_day_comes_once(officer):
    StoreFactory()
    plan = start(officer, every_days=7)
    assert plan.tasks.count() == 1
    Task.objects.update(state="accepted")
    assert plans.publish_plans() == 0
    with clock.freeze(clock.now() + dt.timedelta(days=7)):
        assert (plans.publish_plans(), plans.publish_plans()) == (1, 0)
    assert Task.objects.filter(source="plan").count() == 2


def test_a_plan_that_starts_later_waits_for_its_day(officer):
    StoreFactory()
    plan = start(officer, every_days=7, first_on=clock.now().date() + dt.timedelta(days=3))
    assert plan.tasks.count() == 0
    with clock.freeze(clock.now() + dt.timedelta(days=3)):
        assert plans.publish_plans() == 1
    assert plan.tasks.count() == 1


def test_a_plan_without_money_publishes_nothing_tells_its_maker_and_tries_again(officer):
    StoreFactory()
    today = clock.now().date()
    budget = BudgetFactory(month=today.replace(day=1), cap_fen=100)
    plan = start(officer, every_days=7, first_on=today + dt.timedelta(days=1), budget=budget)
    tomorrow = clock.now() + dt.timedelta(days=1)
    with clock.freeze(tomorrow):
        Budget.objects.update(month=tomorrow.date().replace(day=1))
        assert plans.publish_plans() == plans.publish_plans() == 0
        assert Notice.objects.filter(kind="plan_without_money", account_id=officer.account_id).count() == 1
        Budget.objects.update(cap_fen=10_000)
        assert plans.publish_plans() == 1
    assert plan.tasks.count() == 1


def test_an_ended_plan_publishes_no_more(officer):
    StoreFactory()
    plan = start(officer, every_days=7)
    campaigns.end_campaign(officer, campaign=plan)
    with clock.freeze(clock.now() + dt.timedelta(days=7)):
        assert plans.publish_plans() == 0


# Taking back


def test_the_end_of_a_campaign_frees_what_nobody_has_taken(officer, budget):
    StoreFactory(), StoreFactory()
    campaign = start(officer, budget=budget)
    taken = campaign.tasks.first()
    Task.objects.filter(pk=taken.pk).update(state="claimed")
    assert campaigns.end_campaign(officer, campaign=campaign) == 1
    assert campaigns.end_campaign(officer, campaign=campaign) == 0
    budget.refresh_from_db()
    assert budget.reserved_fen == 2600


def test_a_cancelled_task_is_taken_from_who_holds_it_with_the_reason(officer, budget):
    task = TaskFactory(kind=free_for_all(), budget=budget, price_fen=2600)
    Budget.objects.update(reserved_fen=2600)
    claim = ClaimFactory(task=task)
    cancel.cancel_task(officer, task=task, reason="店已搬走")
    cancel.cancel_task(officer, task=task, reason="店已搬走")
    claim.refresh_from_db(), budget.refresh_from_db()
    assert (claim.end_reason, budget.reserved_fen) == ("cancelled", 0)
    assert Notice.objects.get(account=claim.coordinator.account).data["reason"] == "店已搬走"


def test_a_task_that_is_handed_in_cannot_be_cancelled(officer):
    with pytest.raises(IllegalMove):
        cancel.cancel_task(officer, task=TaskFactory(state="submitted"), reason="不要了")


def test_cancelling_needs_a_reason(officer):
    with pytest.raises(Invalid):
        cancel.cancel_task(officer, task=TaskFactory(), reason=" ")


# From what was seen


def test_a_clue_is_looked_into_by_somebody_else_once(officer):
    reporter = CoordinatorFactory()
    clue = Clue.objects.create(
        district_id=DISTRICT, coordinator=reporter, place=StoreFactory(), town=reporter.town, category="other",
        text="门口有异味", at=clock.now(), client_key=uuid7(),
    )  # fmt: skip
    task = publish.publish_from_clue(officer, clue=clue)
    assert task == publish.publish_from_clue(officer, clue=clue)
    assert (task.kind.code, task.source, task.urgent, task.excluded) == ("CLUE", "report", True, [reporter.pk])


def finding():
    claim = ClaimFactory(task__kind=free_for_all())
    now = clock.now()
    submission = Submission.objects.create(
        district_id=DISTRICT, task=claim.task, claim=claim, coordinator=claim.coordinator, town=claim.town, revision=1,
        outcome="done", content_sha256="0" * 64, started_at=now, finished_at=now, received_at=now, client_key=uuid7(),
    )  # fmt: skip
    return Finding.objects.create(
        district_id=DISTRICT, task=claim.task, submission=submission, finder=claim.coordinator, place=claim.task.place,
        town=claim.town, item_code="C01", item_text="许可证公示", text="未公示", measure="deadline", due_on=now.date(),
        found_at=now,
    )  # fmt: skip


def test_a_recheck_is_not_for_the_finder_and_there_is_one_at_a_time():
    found = finding()
    task = publish.publish_recheck(found)
    assert publish.publish_recheck(found) == task
    assert (task.kind.code, task.source, task.excluded) == ("RECTIFY", "finding", [found.finder_id])
    Task.objects.filter(pk=task.pk).update(state="expired")
    assert publish.publish_recheck(found) != task


def test_a_blind_visit_is_for_inspectors_who_had_no_hand_in_it_once():
    claim = ClaimFactory(task__kind=free_for_all())
    task = publish.publish_blind(claim.task)
    assert publish.publish_blind(claim.task) == task
    assert (task.repeats, task.source, task.excluded) == (claim.task, "blind", [claim.coordinator_id])
    assert (task.kind.hidden, task.kind.kinds, task.checklist) == (True, ["district_inspector"], claim.task.checklist)


def test_without_such_a_kind_there_is_no_blind_visit():
    TaskKind.objects.filter(code="BLIND").update(retired=True)
    assert publish.publish_blind(TaskFactory()) is None
