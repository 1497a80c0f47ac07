"""申诉与到期: another reviewer decides in time, or time decides for whoever waited."""

import datetime as dt

import pytest

from inspections.models import Appeal, Claim, Commission, Coordinator, Review, Task
from inspections.refusals import AnotherPerson, CannotAppeal
from inspections.services import appeals, verdicts
from inspections.services.review_by_time import accept_by_time
from kit import clock
from kit.refusals import Invalid, NotFound
from kit.transitions import StaleState
from registry.models import Notice
from registry.selectors.actors import actor_for
from tests.factories.inspections import ClaimFactory, CoordinatorFactory
from tests.inspections.reviewing import decide, decided, fresh, later, reviewer, waiting, waiting_failing

pytestmark = pytest.mark.django_db
FRIDAY = dt.datetime(2026, 11, 20, 9, tzinfo=dt.UTC)


@pytest.fixture(autouse=True)
def friday(monkeypatch):
    """A Friday morning; the lot of the blind re-visits falls on none."""
    monkeypatch.setattr(verdicts.secrets, "randbelow", lambda below: below - 1)
    with clock.freeze(FRIDAY):
        yield


def on(day: int, hour: int = 9):
    """That day of November."""
    return clock.freeze(dt.datetime(2026, 11, day, hour, tzinfo=dt.UTC))


def worker(task: Task):
    return actor_for(Claim.objects.get(task=task).coordinator.account)


def appealed(outcome: str = "rejected", **more) -> Appeal:
    task = decided(outcome, **more)
    return appeals.appeal(worker(task), task=task, text="照片是当天拍的")


def paid(task: Task) -> int:
    return sum(entry.amount_fen for entry in Commission.objects.get(task=task).entries.all())


class TestAppealing:
    @pytest.mark.parametrize("outcome", ["rejected", "approved_deduct", "fraud"])
    def test_whoever_did_the_work_may_within_seven_days(self, outcome):
        task = decided(outcome)
        with on(27, hour=8):
            appeal = appeals.appeal(worker(task), task=task, text="照片是当天拍的")
        assert appeal.state == Appeal.State.OPEN
        assert appeal.due_on == dt.date(2026, 12, 2), "three working days"

    def test_twice_it_is_one(self):
        appeal = appealed()
        assert appeals.appeal(worker(appeal.task), task=appeal.task, text="再说一次") == appeal

    def test_after_seven_days_it_is_too_late(self):
        task = decided("rejected")
        with on(27, hour=10), pytest.raises(CannotAppeal):
            appeals.appeal(worker(task), task=task, text="照片是当天拍的")

    @pytest.mark.parametrize("outcome", ["approved_full", "escalated"])
    def test_not_against_full_pay(self, outcome):
        task = decided(outcome)
        with pytest.raises(CannotAppeal):
            appeals.appeal(worker(task), task=task, text="多给一点")

    def test_not_before_it_is_decided(self):
        task = waiting()
        with pytest.raises(NotFound):
            appeals.appeal(worker(task), task=task, text="快一点")

    def test_not_about_somebody_elses_work(self):
        task = decided("rejected")
        other = actor_for(CoordinatorFactory(town=task.town).account)
        with pytest.raises(NotFound):
            appeals.appeal(other, task=task, text="他是好人")

    def test_it_says_what_is_not_right(self):
        task = decided("rejected")
        with pytest.raises(Invalid):
            appeals.appeal(worker(task), task=task, text="  ")


class TestDeciding:
    def test_granted_the_work_counts_in_full_and_the_second_visit_is_taken_back(self):
        appeal = appealed()
        appeals.decide_appeal(reviewer(appeal.task.town), appeal=appeal, granted=True, text="")
        task = fresh(appeal.task)
        assert task.state == Task.State.ACCEPTED
        assert paid(task) == task.price_fen
        assert Claim.objects.get(task=task).end_reason == Claim.End.SUBMITTED
        assert Task.objects.exclude(pk=task.pk).get().state == Task.State.CANCELLED
        assert Notice.objects.get(kind="appeal_decided").data["granted"] is True

    def test_granted_too_late_to_take_back_both_visits_count(self):
        appeal = appealed()
        again = Task.objects.exclude(pk=appeal.task_id).get()
        ClaimFactory(task=again, coordinator=CoordinatorFactory(town=again.town))
        appeals.decide_appeal(reviewer(again.town), appeal=appeal, granted=True, text="")
        assert fresh(again).state == Task.State.CLAIMED
        assert fresh(appeal.task).state == Task.State.ACCEPTED

    def test_granted_what_was_taken_off_is_given_back(self):
        appeal = appealed("approved_deduct", deduct_percent=30)
        assert paid(appeal.task) == appeal.task.price_fen * 70 // 100
        appeals.decide_appeal(reviewer(appeal.task.town), appeal=appeal, granted=True, text="")
        assert paid(appeal.task) == appeal.task.price_fen

    def test_cleared_of_fraud_one_is_back_on_duty_at_ones_level(self):
        appeal = appealed("fraud")
        appeals.decide_appeal(reviewer(appeal.task.town), appeal=appeal, granted=True, text="")
        person = Coordinator.objects.get(account_id=appeal.made_by_id)
        assert (person.state, person.level) == (Coordinator.State.ACTIVE, 3)

    def test_dismissed_it_stays_with_a_reason(self):
        appeal = appealed()
        with pytest.raises(Invalid):
            appeals.decide_appeal(reviewer(appeal.task.town), appeal=appeal, granted=False, text="")
        appeals.decide_appeal(reviewer(appeal.task.town), appeal=appeal, granted=False, text="与上月照片相同")
        appeal.refresh_from_db()
        assert (appeal.state, fresh(appeal.task).state) == (Appeal.State.DISMISSED, Task.State.REJECTED)

    def test_not_by_who_decided_before(self):
        task = waiting()
        first = reviewer(task.town)
        decide(first, task, "rejected")
        appeal = appeals.appeal(worker(task), task=fresh(task), text="照片是当天拍的")
        with pytest.raises(AnotherPerson):
            appeals.decide_appeal(first, appeal=appeal, granted=False, text="维持")

    def test_decided_otherwise_meanwhile_the_second_hears_it(self):
        appeal = appealed()
        appeals.decide_appeal(reviewer(appeal.task.town), appeal=appeal, granted=True, text="")
        with pytest.raises(StaleState):
            appeals.decide_appeal(reviewer(appeal.task.town), appeal=appeal, granted=False, text="维持")

    def test_sent_twice_it_is_decided_once(self):
        appeal, someone = appealed(), None
        someone = reviewer(appeal.task.town)
        for _ in range(2):
            appeals.decide_appeal(someone, appeal=appeal, granted=True, text="")
        assert Review.objects.filter(on_appeal=True).count() == 1

    def test_once_granted_there_is_nothing_left_to_appeal_against(self):
        appeal = appealed()
        appeals.decide_appeal(reviewer(appeal.task.town), appeal=appeal, granted=True, text="")
        with pytest.raises(CannotAppeal):
            appeals.appeal(worker(appeal.task), task=fresh(appeal.task), text="再来")


class TestByTime:
    def test_after_three_working_days_an_appeal_is_granted(self):
        appeal = appealed()
        with on(25):
            assert appeals.grant_by_time() == 0
        with on(26):
            assert (appeals.grant_by_time(), appeals.grant_by_time()) == (1, 0)
        assert Review.objects.get(on_appeal=True).automatic
        assert fresh(appeal.task).state == Task.State.ACCEPTED

    def test_after_three_working_days_work_is_accepted_and_marked_for_sampling(self):
        task = waiting()
        with on(25):
            assert accept_by_time() == 0
        with on(26):
            assert (accept_by_time(), accept_by_time()) == (1, 0)
        review = Review.objects.get()
        assert (review.automatic, review.to_sample, review.reviewer_id) == (True, True, None)
        assert paid(task) == task.price_fen

    def test_where_only_the_second_reviewer_is_missing_the_first_ones_word_counts(self):
        task = waiting_failing("C01")
        decide(reviewer(task.town), task, "approved_deduct", deduct_percent=10)
        with on(26):
            accept_by_time()
        assert fresh(task).state == Task.State.ACCEPTED
        assert paid(task) == task.price_fen * 90 // 100

    def test_a_suspicion_of_fraud_is_never_decided_by_time(self):
        task = waiting()
        decide(reviewer(task.town), task, "fraud")
        with on(30):
            assert accept_by_time() == 0
        assert fresh(task).state == Task.State.SUBMITTED

    def test_what_was_sent_back_counts_anew_from_when_it_came_again(self):
        task = decided("returned")
        with later(days=6):
            assert accept_by_time() == 0
        assert fresh(task).state == Task.State.RETURNED
