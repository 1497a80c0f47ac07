"""抢单 at the same moment: one winner a task, no quota exceeded, no task lost between two hands.

Each race has a control beside it, the same race without its guard, to show that it is one.
"""

import time
from collections import Counter

import pytest
from django.db import transaction

from inspections import claim_rules
from inspections.models import Claim, Coordinator, GrabAttempt, Task
from inspections.refusals import CannotTake, LeaseOver
from inspections.services import claim as claiming
from inspections.services.expiry import sweep
from inspections.services.grab import grab_bundle
from kit import clock
from kit.ids import uuid7
from registry.selectors.actors import actor_for
from tests.factories.inspections import ClaimFactory, CoordinatorFactory, TaskFactory
from tests.inspections.taking import give_back, hand_in, lapse, state, take
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


def test_given_back_or_handed_in_but_never_both():
    ends = Counter()
    for _ in range(12):
        claim = ClaimFactory(coordinator=CoordinatorFactory())
        answers = together(lambda one=claim: give_back(one), lambda one=claim: hand_in(one))
        claim.refresh_from_db()
        ends[(claim.end_reason, state(claim.task))] += 1
        assert sum(isinstance(answer, LeaseOver) for answer in answers) == 1
    assert set(ends) <= {("released", "open"), ("submitted", "submitted")}


def test_control_without_the_fence_a_task_given_back_is_handed_in_all_the_same():
    claim = ClaimFactory()
    give_back(claim)
    other = take(CoordinatorFactory(), claim.task)
    Claim.objects.filter(pk=claim.pk).update(end_reason="submitted")  # by its id alone
    assert Claim.objects.get(pk=other.pk).released_at is None
    with pytest.raises(LeaseOver):
        hand_in(claim)


def test_the_sweep_and_handing_in_agree_on_whether_the_lease_is_over():
    for lapsed in (True, False) * 6:
        claim = ClaimFactory(coordinator=CoordinatorFactory())
        if lapsed:
            lapse(claim)
        together(sweep, lambda one=claim: hand_in(one), sweep)
        sweep()  # which left alone what was locked at that moment
        claim.refresh_from_db()
        expected = ("timeout", "open") if lapsed else ("submitted", "submitted")
        assert (claim.end_reason, state(claim.task)) == expected


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
