"""A task's life in any order of steps, on the real database: nothing held twice, no quota exceeded, no state lost."""

from __future__ import annotations

import contextlib
import datetime as dt
from typing import Any

import pytest
from django.db import transaction
from django.db.models import Count
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test
from zeal import zeal_ignore

from inspections.models import Claim, Task
from inspections.services.assign import assign_task
from inspections.services.expiry import sweep
from inspections.services.leases import IN_HANDS
from inspections.states import TASK
from kit import clock
from kit.refusals import Refusal
from kit.transitions import move
from registry.roles import Role
from tests.factories.inspections import CoordinatorFactory, TaskFactory
from tests.factories.registry import actor_with
from tests.inspections.taking import give_back, hand_in, take

START = dt.datetime(2026, 11, 25, 8, 0, tzinfo=dt.timezone(dt.timedelta(hours=8)))
QUOTA = {1: 2, 3: 3}
ONE = st.integers(min_value=0, max_value=2)


class Life(RuleBasedStateMachine):
    """Three people, three tasks, a clock that moves on. Every step may be refused; none may break an invariant."""

    def __init__(self) -> None:
        super().__init__()
        self.now, self.frozen = START, None
        self.atomic = transaction.atomic()
        self.atomic.__enter__()
        self.hold(START)

    def hold(self, moment: dt.datetime) -> None:
        if self.frozen:
            self.frozen.__exit__(None, None, None)
        self.now, self.frozen = moment, clock.freeze(moment)
        self.frozen.__enter__()

    def teardown(self) -> None:
        self.frozen.__exit__(None, None, None)
        transaction.set_rollback(True)
        self.atomic.__exit__(None, None, None)

    @initialize()
    def begin(self) -> None:
        self.people = [CoordinatorFactory(level=level) for level in (1, 3, 3)]
        self.tasks = [TaskFactory(due_at=START + dt.timedelta(days=days)) for days in (1, 3, 9)]
        self.officer = actor_with(Role.DISTRICT_OFFICER)
        self.prices = {task.pk: task.price_fen for task in self.tasks}

    def attempt(self, step: Any) -> None:
        with contextlib.suppress(Refusal), transaction.atomic():
            step()

    def latest(self, person: int, task: int) -> Claim | None:
        return Claim.objects.filter(coordinator=self.people[person], task=self.tasks[task]).order_by("pk").last()

    @rule(person=ONE, task=ONE)
    def grab(self, person: int, task: int) -> None:
        self.attempt(lambda: take(self.people[person], self.tasks[task]))

    @rule(person=ONE, task=ONE)
    def release(self, person: int, task: int) -> None:
        if claim := self.latest(person, task):
            self.attempt(lambda: give_back(claim))

    @rule(person=ONE, task=ONE)
    def submit(self, person: int, task: int) -> None:
        if claim := self.latest(person, task):
            self.attempt(lambda: hand_in(claim))

    @rule(person=st.none() | ONE, task=ONE)
    def assign(self, person: int | None, task: int) -> None:
        chosen = None if person is None else self.people[person]
        self.attempt(lambda: assign_task(self.officer, task=self.tasks[task], coordinator=chosen))

    @rule(task=ONE, outcome=st.sampled_from(["accepted", "open"]))
    def review(self, task: int, outcome: str) -> None:
        found = Task.objects.get(pk=self.tasks[task].pk)
        if found.state == Task.State.SUBMITTED:
            move(found, TASK, outcome)

    @rule(hours=st.sampled_from([0.001, 1, 12, 25]))
    def time_passes(self, hours: float) -> None:
        self.hold(self.now + dt.timedelta(hours=hours))

    @rule()
    def tidy_up(self) -> None:
        sweep()
        assert not Claim.objects.filter(released_at__isnull=True, lease_until__lte=self.now).exists()

    @invariant()
    def one_open_claim_a_task_and_only_while_in_hands(self) -> None:
        open_claims = dict(
            Claim.objects.filter(released_at__isnull=True).values_list("task_id").annotate(Count("pk")).order_by()
        )
        for task in Task.objects.all():
            assert open_claims.get(task.pk, 0) == (1 if task.state in IN_HANDS else 0), task.state

    @invariant()
    def nobody_holds_more_than_the_quota(self) -> None:
        for person in getattr(self, "people", ()):
            held = Claim.objects.filter(coordinator=person, released_at__isnull=True, lease_until__gt=self.now)
            assert held.count() <= QUOTA[person.level]

    @invariant()
    def what_came_back_is_counted_and_the_price_rises_once(self) -> None:
        for task in Task.objects.all():
            back = task.claims.filter(end_reason__in=["released", "timeout"]).count()
            gone_for_good = task.state == Task.State.EXPIRED
            assert back - gone_for_good <= task.released <= back
            assert task.price_fen == self.prices[task.pk] + (520 if task.released >= 2 else 0)

    @invariant()
    def a_lease_ends_with_the_task(self) -> None:
        assert all(claim.lease_until <= claim.task.due_at for claim in Claim.objects.select_related("task"))


@pytest.mark.slow
@pytest.mark.django_db
def test_the_life_of_tasks_keeps_its_promises():
    machine = settings(
        max_examples=25, stateful_step_count=30, deadline=None, derandomize=True,
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    with zeal_ignore():
        run_state_machine_as_test(Life, settings=machine)
