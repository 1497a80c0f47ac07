"""放弃、拒绝、派单、超时: a task given up goes back to everybody, and its price and the person's waits follow rules."""

import datetime as dt

import pytest
from django.db import IntegrityError, transaction

from inspections.models import AssignmentRefusal, Budget, Claim, Coordinator, Task, WorkPolicy
from inspections.refusals import CannotGive, CannotTake, LeaseOver, NotAssigned, SayWhy
from inspections.services.assign import assign_task
from inspections.services.expiry import sweep
from inspections.services.release import refuse_assignment, release_task
from kit import clock, worker
from kit.refusals import NotFound
from registry.models import Notice
from registry.permissions import NotYourJob
from registry.roles import Role
from registry.selectors.actors import actor_for
from tests.factories.inspections import BudgetFactory, ClaimFactory, CoordinatorFactory, TaskFactory
from tests.factories.registry import OtherTownFactory, account_with, actor_with
from tests.inspections.taking import give_back, lapse, state, take
from tests.inspections.visits import hand_in, picture, record, send_photo, taken

pytestmark = pytest.mark.django_db
NOON = dt.datetime(2026, 11, 25, 12, 0, tzinfo=dt.timezone(dt.timedelta(hours=8)))


@pytest.fixture(autouse=True)
def noon():
    with clock.freeze(NOON):
        yield


def later(**time):
    return clock.freeze(NOON + dt.timedelta(**time))


def officer(**scope):
    return actor_with(Role.DISTRICT_OFFICER, **scope)


class TestGivingBack:
    def test_the_pool_has_it_again_and_the_claim_says_why(self):
        claim = give_back(ClaimFactory())
        assert (claim.end_reason, claim.note, claim.released_at) == ("released", "来不及去", NOON)
        assert state(claim.task) == Task.State.OPEN

    def test_a_second_time_it_changes_nothing(self):
        claim = ClaimFactory()
        give_back(claim)
        assert give_back(claim, "别的原因").note == "来不及去"
        assert Task.objects.get().released == 1

    def test_a_reason_is_needed(self):
        with pytest.raises(SayWhy):
            give_back(ClaimFactory(), "  ")

    def test_the_database_wants_the_reason_too(self):
        claim = ClaimFactory()
        with pytest.raises(IntegrityError, match="claim_given_back_says_why"), transaction.atomic():
            Claim.objects.filter(pk=claim.pk).update(released_at=NOON, end_reason="released")

    def test_what_is_not_in_ones_hands_any_more_cannot_be_given_back(self):
        claim = ClaimFactory()
        lapse(claim)
        with pytest.raises(LeaseOver):
            give_back(claim)

    def test_nobody_gives_back_for_another(self):
        claim = ClaimFactory()
        other = actor_for(CoordinatorFactory(town=claim.task.town).account)
        with pytest.raises(NotFound):
            release_task(other, claim=claim, reason="顺手")
        assert state(claim.task) == Task.State.CLAIMED

    @pytest.mark.parametrize(("seconds", "rule"), [(9, "cooling"), (10, None)])
    def test_one_waits_ten_seconds_before_taking_another(self, seconds, rule):
        claim = ClaimFactory()
        give_back(claim)
        with later(seconds=seconds):
            assert why_not(claim.coordinator, claim.task) == rule

    def test_the_third_time_a_day_one_waits_a_day(self):
        coordinator = given_back_times(3)
        task = TaskFactory(place__town=coordinator.town)
        with later(hours=23):
            assert why_not(coordinator, task) == "released_too_often"
        with later(hours=24, minutes=1):
            assert why_not(coordinator, task) is None

    def test_twice_a_day_is_free(self):
        coordinator = given_back_times(2)
        with later(minutes=1):
            assert why_not(coordinator, TaskFactory(place__town=coordinator.town)) is None


def given_back_times(times):
    coordinator = CoordinatorFactory()
    for n in range(times):
        with later(seconds=20 * (n - times)):
            give_back(take(coordinator, TaskFactory(place__town=coordinator.town)))
    return coordinator


def why_not(coordinator, task):
    try:
        take(coordinator, task)
    except CannotTake as refusal:
        return refusal.code
    return None


class TestPrice:
    def back_in_the_pool(self, times, **task):
        task = TaskFactory(**task)
        for _ in range(times):
            give_back(take(CoordinatorFactory(town=task.town), task))
            task.refresh_from_db()
        return task

    def test_after_the_second_time_it_is_a_fifth_dearer_once(self):
        assert self.back_in_the_pool(1, price_fen=2605).price_fen == 2605
        task = self.back_in_the_pool(3, price_fen=2605)
        assert (task.price_fen, task.released) == (3126, 3)
        assert task.price_parts[-1] == {"part": "given_back", "percent": 20, "fen": 521}

    def test_half_a_fen_goes_to_the_even_fen(self):
        WorkPolicy.objects.create(
            district_id="440607", name="grabbing", value={"rise_percent": 10},
            effective_from=NOON - dt.timedelta(days=1), made_at=NOON - dt.timedelta(days=1),
            made_by=account_with(Role.DISTRICT_OFFICER),
        )  # fmt: skip
        assert self.back_in_the_pool(2, price_fen=2605).price_fen == 2605 + 260

    def test_the_budget_line_carries_the_rise(self):
        line = BudgetFactory(reserved_fen=2600)
        self.back_in_the_pool(2, budget=line)
        line.refresh_from_db()
        assert line.reserved_fen == 2600 + 520

    def test_a_spent_line_leaves_the_price(self):
        line = BudgetFactory(cap_fen=3119, reserved_fen=2600)
        assert self.back_in_the_pool(2, budget=line).price_fen == 2600
        line.refresh_from_db()
        assert line.reserved_fen == 2600


class TestAssigning:
    def test_only_that_person_may_take_it_and_is_told(self):
        task, chosen = TaskFactory(), CoordinatorFactory()
        assign_task(officer(), task=task, coordinator=chosen)
        assert why_not(CoordinatorFactory(), task) == "assigned_to_another"
        assert take(chosen, task).assigned is True
        assert Notice.objects.get(account=chosen.account).kind == "task_given"

    def test_given_twice_it_is_told_once(self):
        task, chosen, who = TaskFactory(), CoordinatorFactory(), officer()
        for _ in range(2):
            assign_task(who, task=task, coordinator=chosen)
        assert Notice.objects.count() == 1

    def test_another_towns_person_need_not_wait_when_it_is_given_to_him(self):
        task = TaskFactory(town_first_until=NOON + dt.timedelta(minutes=30))
        chosen = CoordinatorFactory(town=OtherTownFactory())
        assign_task(officer(), task=task, coordinator=chosen)
        assert why_not(chosen, task) is None

    def test_an_officer_may_open_it_to_all_again(self):
        task, who = TaskFactory(), officer()
        assign_task(who, task=task, coordinator=CoordinatorFactory())
        assign_task(who, task=task, coordinator=None)
        assert why_not(CoordinatorFactory(), task) is None

    @pytest.mark.parametrize(("trait", "rule"), [({"level": 1}, "level"), ({"state": "paused"}, "not_active")])
    def test_rules_that_protect_the_work_hold_for_officers(self, trait, rule):
        with pytest.raises(CannotGive) as refusal:
            assign_task(officer(), task=TaskFactory(min_level=2), coordinator=CoordinatorFactory(**trait))
        assert refusal.value.code == rule

    def test_what_somebody_holds_is_not_given_away(self):
        claim = ClaimFactory()
        for chosen in (CoordinatorFactory(), None):
            with pytest.raises(CannotGive) as refusal:
                assign_task(officer(), task=claim.task, coordinator=chosen)
            assert refusal.value.code == "taken"

    def test_officers_of_another_town_or_district_do_not_reach_it(self):
        task = TaskFactory()
        for who in (officer(district_id="440605"), actor_with(Role.TOWN_OFFICER, town=OtherTownFactory())):
            with pytest.raises(NotFound):
                assign_task(who, task=task, coordinator=None)
        with pytest.raises(NotYourJob):
            assign_task(actor_for(CoordinatorFactory().account), task=task, coordinator=None)

    def test_a_person_of_another_district_cannot_be_chosen(self):
        with pytest.raises(NotFound):
            assign_task(officer(), task=TaskFactory(), coordinator=CoordinatorFactory(district_id="440605"))


class TestRefusing:
    @pytest.fixture
    def given(self):
        task = TaskFactory(made_by=account_with(Role.DISTRICT_OFFICER))
        chosen = CoordinatorFactory()
        assign_task(officer(), task=task, coordinator=chosen)
        return task, chosen

    def refuse(self, task, chosen, reason="家里有事"):
        return refuse_assignment(actor_for(chosen.account), task=task, reason=reason)

    def test_the_pool_has_it_the_publisher_is_told_and_the_refuser_is_not_asked_again(self, given):
        task, chosen = given
        self.refuse(task, chosen)
        assert AssignmentRefusal.objects.get().reason == "家里有事"
        assert Notice.objects.get(account=task.made_by).data["reason"] == "家里有事"
        assert why_not(chosen, task) == "excluded"
        assert why_not(CoordinatorFactory(), task) is None

    def test_refused_twice_it_is_one_refusal(self, given):
        for _ in range(2):
            self.refuse(*given)
        assert AssignmentRefusal.objects.count() == 1
        assert len(Task.objects.get().excluded) == 1

    def test_only_the_one_it_was_given_to_refuses(self, given):
        with pytest.raises(NotAssigned):
            self.refuse(given[0], CoordinatorFactory())

    def test_a_reason_is_needed(self, given):
        with pytest.raises(SayWhy):
            self.refuse(*given, reason="")

    def test_given_back_after_accepting_everybody_may_take_it(self, given):
        task, chosen = given
        give_back(take(chosen, task))
        assert why_not(CoordinatorFactory(), task) is None


def reserved(line):
    line.refresh_from_db()
    return line.reserved_fen


class TestTimeouts:
    def timed_out(self, coordinator, times=1, days_ago=0):
        for n in range(times):
            with later(days=-days_ago, hours=n - times):
                claim = take(coordinator, TaskFactory(place__town=coordinator.town))
                lapse(claim)
                sweep()
        worker.drain()
        coordinator.refresh_from_db()
        return claim

    def test_the_sweep_reopens_the_task_and_tells_the_person_once(self):
        claim = self.timed_out(CoordinatorFactory())
        assert state(claim.task) == Task.State.OPEN
        assert sweep() == 0
        worker.drain()
        assert Notice.objects.get(account=claim.coordinator.account).kind == "task_timed_out"

    def test_a_task_whose_time_is_over_is_closed_not_reopened(self):
        claim = ClaimFactory()
        with later(hours=73):
            sweep()
        assert state(claim.task) == Task.State.EXPIRED

    def test_what_nobody_took_in_time_is_closed(self):
        task = TaskFactory()
        with later(hours=72):
            assert sweep() == 1
        assert state(task) == Task.State.EXPIRED

    def test_money_of_a_closed_task_is_free_again_and_reserved_anew_for_late_work(self):
        line = BudgetFactory(reserved_fen=2600)
        claim = taken(task__budget=line)
        send_photo(claim, picture())
        with later(hours=73):
            sweep()
            assert (state(claim.task), reserved(line)) == (Task.State.EXPIRED, 0)
            assert hand_in(claim, record()).late
        assert (state(claim.task), reserved(line)) == (Task.State.SUBMITTED, 2600)

    def test_late_work_for_which_no_money_is_left_is_kept_for_the_reviewer(self):
        line = BudgetFactory(reserved_fen=2600, cap_fen=2600)
        claim = taken(task__budget=line)
        send_photo(claim, picture())
        with later(hours=73):
            sweep()
            Budget.objects.update(reserved_fen=1)
            assert hand_in(claim, record()).orphan
        assert (state(claim.task), reserved(line)) == (Task.State.EXPIRED, 1)

    def test_who_handed_in_late_is_not_told_that_the_time_is_over(self):
        claim = taken()
        send_photo(claim, picture())
        with later(hours=25):
            sweep()
            hand_in(claim, record())
            worker.drain()
        assert not Notice.objects.filter(kind="task_timed_out").exists()

    def test_a_task_somebody_is_working_on_is_left_alone(self):
        claim = ClaimFactory()
        assert sweep() == 0
        assert state(claim.task) == Task.State.CLAIMED

    def test_three_a_month_pause_a_week(self):
        coordinator = CoordinatorFactory()
        self.timed_out(coordinator, 2)
        assert coordinator.paused_until is None
        self.timed_out(coordinator)
        assert coordinator.paused_until == dt.date(2026, 12, 2)
        assert why_not(coordinator, TaskFactory()) == "paused"
        with later(days=8):
            assert why_not(coordinator, TaskFactory()) is None

    def test_those_of_last_month_do_not_count(self):
        coordinator = CoordinatorFactory()
        self.timed_out(coordinator, 2, days_ago=26)
        self.timed_out(coordinator)
        assert coordinator.paused_until is None

    def test_it_counts_the_same_when_the_next_taker_ended_the_lease(self):
        coordinator = CoordinatorFactory()
        for _ in range(3):
            claim = take(coordinator, TaskFactory(place__town=coordinator.town))
            lapse(claim)
            take(CoordinatorFactory(town=coordinator.town), claim.task)
        worker.drain()
        assert Coordinator.objects.get(pk=coordinator.pk).paused_until == dt.date(2026, 12, 2)

    def test_a_lapsed_assignment_is_open_to_all(self):
        task, chosen = TaskFactory(), CoordinatorFactory()
        assign_task(officer(), task=task, coordinator=chosen)
        lapse(take(chosen, task))
        assert why_not(CoordinatorFactory(), task) is None
