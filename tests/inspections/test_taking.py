"""抢单: one person takes one task; whoever may not hears the rule."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from inspections.models import Claim, GrabAttempt, Task
from inspections.refusals import CannotTake
from inspections.services.claim import claim_task
from kit import clock
from kit.ids import uuid7
from registry.selectors.actors import actor_for
from tests.factories.inspections import ClaimFactory, CoordinatorFactory, TaskFactory

pytestmark = pytest.mark.django_db


def take(coordinator, task, key=None):
    actor = actor_for(coordinator.account)
    return claim_task(actor, task_id=task.pk, district_id=task.district_id, client_key=key or uuid7())


def test_whoever_takes_it_holds_it_until_the_lease_ends():
    claim = ClaimFactory()
    claim.task.refresh_from_db()
    assert claim.task.state == Task.State.CLAIMED
    assert claim.lease_until > clock.now()


def test_the_second_hears_that_somebody_was_quicker():
    claim = ClaimFactory()
    with pytest.raises(CannotTake) as refusal:
        take(CoordinatorFactory(town=claim.task.town), claim.task)
    assert refusal.value.code == "taken"


def test_sent_twice_it_is_one_claim():
    task = TaskFactory()
    coordinator, key = CoordinatorFactory(town=task.town), uuid7()
    assert take(coordinator, task, key) == take(coordinator, task, key)
    assert Claim.objects.count() == 1


def test_every_attempt_is_written_down_won_or_lost():
    claim = ClaimFactory()
    with pytest.raises(CannotTake):
        take(CoordinatorFactory(town=claim.task.town), claim.task)
    assert list(GrabAttempt.objects.order_by("at").values_list("outcome", flat=True)) == ["won", "taken"]


def test_nobody_holds_more_than_the_quota():
    task = TaskFactory()
    coordinator = CoordinatorFactory(town=task.town)
    for _ in range(3):
        take(coordinator, TaskFactory(place__town=task.town))
    with pytest.raises(CannotTake) as refusal:
        take(coordinator, task)
    assert refusal.value.code == "quota"


def test_a_lease_that_is_over_frees_the_task_without_any_sweep():
    claim = ClaimFactory()
    Claim.objects.update(lease_until=clock.now() - dt.timedelta(minutes=1))
    task = Task.objects.get()
    assert take(CoordinatorFactory(town=task.town), task).coordinator_id != claim.coordinator_id
    claim.refresh_from_db()
    assert claim.end_reason == "timeout"


def test_a_claim_takes_at_most_eight_statements():
    task = TaskFactory()
    coordinator = CoordinatorFactory(town=task.town)
    actor = actor_for(coordinator.account)
    with CaptureQueriesContext(
        connection,
    ) as asked:
        claim_task(actor, task_id=task.pk, district_id=task.district_id, client_key=uuid7())
    assert len([query for query in asked if "SAVEPOINT" not in query["sql"]]) <= 8
