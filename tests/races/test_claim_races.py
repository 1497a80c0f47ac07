"""抢单 at the same moment: one winner a task, no quota exceeded, no task lost between two hands.

Each race has a control beside it, the same race without its guard, to show that it is one.
"""

import time
from collections import Counter

import pytest
from django.db import transaction

from inspections import claim_rules
from inspections.models import Claim, Coordinator, GrabAttempt, Task
from inspections.refusals import CannotTake
from inspections.services import claim as claiming
from inspections.services.expiry import sweep
from inspections.services.grab import grab_bundle
from kit import clock
from kit.ids import uuid7
from registry.selectors.actors import actor_for
from tests.factories.inspections import ClaimFactory, CoordinatorFactory, TaskFactory
from tests.inspections.taking import lapse, state, take
from tests.inspections.visits import hand_in, picture, record, send_photo, taken
from tests.kit.together import together

pytestmark = pytest.mark.django_db(transaction=True)
THREADS = 64
PHONES = 4


@pytest.fixture
def _slowly(monkeypatch):
    """Between judging and taking passes some time, as it does on a busy machine."""
    judge = claim_rules.refusal
    monkeypatch.setattr(claim_rules, "refusal", lambda *asked: (judge(*asked), time.sleep(0.05))[0])


def people(count):
    return CoordinatorFactory.create_batch(count)


def naively(actor, *, task_id, district_id, client_key):
    """Read, check, save: what one would write first."""
    with transaction.atomic():
        task = Task.objects.get(district_id=district_id, pk=task_id)
        if task.state != Task.State.OPEN:
            raise CannotTake(code="taken")
        task.state = Task.State.CLAIMED
        task.save()
    return Claim(task=task, lease_until=clock.now())


def all_want(task, how):
    def wants(person):
        actor = actor_for(person.account)
        return lambda: how(actor, task_id=task.pk, district_id=task.district_id, client_key=uuid7())

    answers = together(*(wants(person) for person in people(THREADS)))
    return Counter(getattr(answer, "code", type(answer).__name__) for answer in answers)


def test_of_64_people_one_takes_the_task_and_63_hear_so():
    task = TaskFactory()
    assert all_want(task, claiming.claim_task) == {"Claim": 1, "taken": THREADS - 1}
    assert Claim.objects.count() == 1
    assert Counter(GrabAttempt.objects.values_list("outcome", flat=True)) == {"won": 1, "taken": THREADS - 1}


def test_control_read_check_save_gives_it_to_several():
    assert max(all_want(TaskFactory(), naively)["Claim"] for _ in range(3)) > 1


def on_four_phones(coordinator):
    actor = actor_for(coordinator.account)
    tasks = TaskFactory.create_batch(4 * PHONES)

    def one(mine):
        for task in mine:
            try:
                claiming.claim_task(actor, task_id=task.pk, district_id=task.district_id, client_key=uuid7())
            except CannotTake:
                continue

    together(*(lambda mine=tasks[n::PHONES]: one(mine) for n in range(PHONES)))
    return Claim.objects.filter(coordinator=coordinator).count()


@pytest.mark.usefixtures("_slowly")
def test_one_person_on_four_phones_holds_no_more_than_the_quota():
    assert on_four_phones(CoordinatorFactory()) == 3
    assert on_four_phones(CoordinatorFactory(level=1)) == 2


@pytest.mark.usefixtures("_slowly")
def test_control_without_the_persons_lock_the_quota_is_exceeded(monkeypatch):
    def unlocked(actor, district_id):
        return Coordinator.objects.get(district_id=district_id, account_id=actor.account_id)

    monkeypatch.setattr(claiming, "lock_person", unlocked)
    assert on_four_phones(CoordinatorFactory()) > 3


def with_photos():
    claim = taken()
    send_photo(claim, picture())
    return claim


def test_work_handed_in_while_the_sweep_runs_is_taken_once_late_or_not():
    for lapsed in (True, False) * 3:
        claim = with_photos()
        if lapsed:
            lapse(claim)
        _swept, sent, _again = together(sweep, lambda one=claim: hand_in(one, record()), sweep)
        claim.refresh_from_db()
        assert (claim.end_reason, state(claim.task)) == ("submitted", "submitted")
        assert (sent.late, sent.orphan) == (lapsed, False)


def test_a_lapsed_task_goes_to_one_of_many_while_the_sweep_runs():
    claim = ClaimFactory()
    lapse(claim)
    others = people(8)
    together(sweep, *(lambda one=person: take(one, claim.task) for person in others), sweep)
    taken = Claim.objects.filter(task=claim.task, released_at__isnull=True)
    assert taken.count() <= 1
    assert state(claim.task) == ("claimed" if taken.exists() else "open")
    claim.refresh_from_db()
    assert (claim.end_reason, Task.objects.get(pk=claim.task_id).released) == ("timeout", 1)


def test_a_street_and_single_taps_share_its_tasks_each_once():
    bundle = uuid7()
    tasks = TaskFactory.create_batch(6, bundle=bundle)
    whole, single = people(6), people(6)

    def street(person):
        return lambda: grab_bundle(
            actor_for(person.account), bundle=bundle, district_id=tasks[0].district_id, client_key=uuid7()
        )

    answers = together(
        *(street(person) for person in whole),
        *(lambda one=person, task=task: take(one, task) for person, task in zip(single, tasks, strict=True)),
    )
    assert not [answer for answer in answers if isinstance(answer, Exception) and not isinstance(answer, CannotTake)]
    assert Counter(Claim.objects.values_list("task_id", flat=True)) == {task.pk: 1 for task in tasks}
    assert max(Counter(Claim.objects.values_list("coordinator_id", flat=True)).values()) <= 3
