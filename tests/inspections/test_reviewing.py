"""审单: who may decide on what, and what each decision does."""

import datetime as dt

import pytest
from django.db import IntegrityError, transaction

from inspections.models import Claim, Commission, Coordinator, Finding, Review, Task
from inspections.refusals import AnotherPerson, OpenElsewhere, OwnWork
from inspections.services import review as services
from inspections.services import verdicts
from kit import clock
from kit.ids import uuid7
from kit.refusals import Invalid, NotFound
from kit.transitions import StaleState
from registry.models import Notice
from registry.permissions import NotYourJob
from registry.roles import Role
from registry.selectors.actors import actor_for
from tests.factories.inspections import ChecklistFactory, ClaimFactory, CoordinatorFactory, TaskFactory, TaskKindFactory
from tests.factories.registry import GrantFactory, OtherTownFactory, actor_with
from tests.inspections.reviewing import (
    another_by,
    decide,
    decided,
    fresh,
    later,
    reviewer,
    waiting,
    waiting_failing,
)  # fmt: skip
from tests.inspections.visits import hand_in, picture, record, send_photo

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def no_lot(monkeypatch):
    """The lot of the blind re-visits falls on none."""
    monkeypatch.setattr(verdicts.secrets, "randbelow", lambda below: below - 1)


def notices(kind: str) -> list[Notice]:
    return list(Notice.objects.filter(kind=kind))


class TestAccepting:
    def test_it_is_accepted_paid_and_decided_with_the_time_it_took(self):
        task = waiting()
        someone = reviewer(task.town)
        services.open_order(someone, task=task)
        with later(seconds=40):
            review = decide(someone, task)
        assert fresh(task).state == Task.State.ACCEPTED
        assert review.at - review.opened_at == dt.timedelta(seconds=40)
        assert Commission.objects.get(task=task).entries.get().amount_fen == task.price_fen

    def test_a_deduction_says_why_and_takes_off_so_much(self):
        task = decided("approved_deduct", deduct_percent=20)
        entries = Commission.objects.get(task=task).entries.order_by("at", "pk")
        assert sum(entry.amount_fen for entry in entries) == task.price_fen * 80 // 100
        assert notices("work_decided")[0].data["percent"] == 20

    def test_who_is_on_the_public_payroll_earns_nothing_by_it(self):
        decided(task=waiting(coordinator__pay_eligible=False))
        assert not Commission.objects.exists()

    def test_what_was_found_is_confirmed(self):
        task = decided(task=waiting_failing("C02"))
        assert Finding.objects.get(task=task).verified_at is not None

    def test_handed_over_it_goes_to_the_officers_and_is_paid(self):
        task = waiting_failing("C02")
        officer = GrantFactory(role=Role.TOWN_OFFICER, town=task.town).account
        decided("escalated", task, items=["C02"])
        assert Finding.objects.get(task=task).state == "escalated"
        assert notices("work_escalated")[0].account_id == officer.pk
        assert Commission.objects.filter(task=task).exists()


class TestReturning:
    def test_the_same_person_has_a_day_for_the_items_named(self):
        task = decided("returned", items=["C01", "C02"])
        claim = Claim.objects.get(task=task)
        assert (task.state, task.returns) == (Task.State.RETURNED, 1)
        assert claim.released_at is None
        assert claim.lease_until - clock.now() > dt.timedelta(hours=23)
        assert notices("work_returned")[0].data["items"] == 2

    def test_mended_it_waits_again_and_may_be_decided_by_the_same_reviewer(self):
        task = waiting()
        someone = reviewer(task.town)
        decide(someone, task, "returned")
        mend(task)
        assert fresh(task).state == Task.State.SUBMITTED
        decide(someone, fresh(task))
        assert fresh(task).state == Task.State.ACCEPTED

    def test_a_third_time_it_has_to_be_decided(self):
        task = waiting()
        for _ in range(2):
            decide(reviewer(task.town), fresh(task), "returned")
            mend(task)
        with pytest.raises(Invalid) as refusal:
            decide(reviewer(task.town), fresh(task), "returned")
        assert "outcome" in refusal.value.fields
        assert fresh(task).state == Task.State.SUBMITTED

    def test_not_mended_in_time_somebody_else_may_take_it(self):
        task = decided("returned")
        with later(hours=25):
            other = ClaimFactory(task=task, coordinator=CoordinatorFactory(town=task.town))
        assert Claim.objects.get(task=task, released_at=None) == other


def mend(task: Task, seed: int = 9):
    claim = Claim.objects.get(task=task)
    send_photo(claim, picture(seed))
    hand_in(claim, record((picture(seed), ""), signed_by="陈旺"))


class TestRejecting:
    def test_nothing_is_paid_and_somebody_else_does_it_again(self):
        task = decided("rejected")
        worker = Claim.objects.get(task=task)
        again = Task.objects.exclude(pk=task.pk).get()
        assert task.state == Task.State.REJECTED
        assert worker.end_reason == Claim.End.REJECTED
        assert not Commission.objects.exists()
        assert (again.state, again.place_id, again.price_fen) == (Task.State.OPEN, task.place_id, task.price_fen)
        assert worker.coordinator_id in again.excluded

    def test_what_only_this_record_said_is_withdrawn(self):
        task = decided("rejected", waiting_failing("C02"))
        assert Finding.objects.get(task=task).state == "withdrawn"

    def test_what_an_officer_made_his_own_stays(self):
        task = waiting_failing("C02")
        Finding.objects.update(adopted_at=clock.now())
        decided("rejected", task)
        assert Finding.objects.get(task=task).state == "open"

    def test_made_up_work_is_said_by_two_and_puts_the_person_off_duty(self):
        task = waiting()
        worker = Claim.objects.get(task=task).coordinator
        decide(reviewer(task.town), task, "fraud")
        assert fresh(task).state == Task.State.SUBMITTED, "nobody says it of another alone"
        decide(reviewer(task.town), fresh(task), "fraud")
        worker.refresh_from_db()
        assert (fresh(task).state, worker.state, worker.level) == (Task.State.REJECTED, Coordinator.State.PAUSED, 1)


class TestTwoPairsOfEyes:
    def test_a_key_item_that_failed_needs_a_second_reviewer(self):
        task = waiting_failing("C01")
        decide(reviewer(task.town), task)
        assert fresh(task).state == Task.State.SUBMITTED
        assert not Commission.objects.exists()
        decide(reviewer(task.town), fresh(task))
        assert fresh(task).state == Task.State.ACCEPTED

    @pytest.mark.parametrize(("price_fen", "first_suffices"), [(10_000, True), (10_001, False)])
    def test_so_does_much_pay(self, price_fen, first_suffices):
        task = waiting(task=TaskFactory(price_fen=price_fen))
        decide(reviewer(task.town), task)
        assert (fresh(task).state == Task.State.ACCEPTED) is first_suffices

    def test_the_second_has_the_last_word(self):
        task = waiting_failing("C01")
        decide(reviewer(task.town), task)
        decide(reviewer(task.town), fresh(task), "returned")
        assert fresh(task).state == Task.State.RETURNED

    def test_the_first_cannot_be_the_second(self):
        task = waiting_failing("C01")
        someone = reviewer(task.town)
        decide(someone, task)
        with pytest.raises(AnotherPerson):
            decide(someone, fresh(task))
        assert services.open_next(someone) is None

    def test_sending_back_needs_one_only(self):
        task = waiting_failing("C01")
        decide(reviewer(task.town), task, "returned")
        assert fresh(task).state == Task.State.RETURNED


class TestWhoMay:
    def test_nobody_decides_on_work_of_ones_own(self):
        task = waiting()
        worker = Claim.objects.get(task=task).coordinator.account
        GrantFactory(account=worker, role=Role.REVIEWER, town=task.town)
        with pytest.raises(OwnWork):
            decide(actor_for(worker), task)
        assert services.open_next(actor_for(worker)) is None

    def test_the_database_refuses_it_too(self):
        task = waiting()
        record = task.submissions.get()
        account = record.coordinator.account
        with pytest.raises(IntegrityError, match="review_by_another_person"), transaction.atomic():
            Review.objects.create(
                district_id=task.district_id, task=task, submission=record, outcome="approved_full", reviewer=account,
                coordinator_account=account.pk, at=clock.now(),
            )  # fmt: skip

    def test_a_reviewer_of_another_town_does_not_even_see_it(self):
        task = waiting()
        with pytest.raises(NotFound):
            decide(reviewer(OtherTownFactory()), task)

    def test_an_officer_does_not_review(self):
        task = waiting()
        with pytest.raises(NotYourJob):
            decide(actor_with(Role.TOWN_OFFICER, town=task.town), task)

    def test_what_is_decided_cannot_be_decided_again(self):
        task = decided()
        with pytest.raises(StaleState):
            decide(reviewer(task.town), task, "rejected")
        assert fresh(task).state == Task.State.ACCEPTED

    def test_sent_twice_it_is_one_decision(self):
        task, key = waiting(), uuid7()
        someone = reviewer(task.town)
        assert decide(someone, task, key=key) == decide(someone, task, key=key)
        assert Review.objects.count() == 1


class TestWhatADecisionNeeds:
    @pytest.mark.parametrize(
        ("outcome", "more", "field"),
        [
            ("", {}, "outcome"),
            ("perfect", {}, "outcome"),
            ("rejected", {"reason": "  "}, "reason"),
            ("returned", {"reason": ""}, "reason"),
            ("returned", {"items": []}, "items"),
            ("returned", {"items": ["C99"]}, "items"),
            ("approved_deduct", {"deduct_percent": 0}, "deduct_percent"),
            ("approved_deduct", {"deduct_percent": 101}, "deduct_percent"),
            ("fraud", {"reason": ""}, "reason"),
            ("escalated", {"reason": ""}, "reason"),
        ],
    )
    def test_what_it_lacks_is_named_and_nothing_happens(self, outcome, more, field):
        task = waiting()
        with pytest.raises(Invalid) as refusal:
            decide(reviewer(task.town), task, outcome, **more)
        assert field in refusal.value.fields
        assert fresh(task).state == Task.State.SUBMITTED
        assert not Review.objects.exists()


class TestOpening:
    def test_the_order_with_the_heaviest_flags_comes_first(self):
        plain = waiting()
        odd = another_by(plain, seed=0)
        assert services.open_next(reviewer(plain.town)).pk == odd.pk, "its photo was used before"

    def test_two_reviewers_get_two_orders(self):
        task = waiting()
        other = another_by(task)
        opened = {services.open_next(reviewer(task.town)).pk for _ in range(2)}
        assert opened == {task.pk, other.pk}

    def test_while_one_has_it_open_another_neither_opens_nor_decides(self):
        task = waiting()
        services.open_order(reviewer(task.town), task=task)
        other = reviewer(task.town)
        assert services.open_next(other) is None
        with pytest.raises(OpenElsewhere):
            services.open_order(other, task=fresh(task))
        with pytest.raises(OpenElsewhere):
            decide(other, fresh(task))

    def test_after_a_quarter_of_an_hour_it_is_free_again(self):
        task = waiting()
        services.open_order(reviewer(task.town), task=task)
        with later(minutes=16):
            assert services.open_next(reviewer(task.town)).pk == task.pk

    def test_put_back_it_is_free_at_once(self):
        task = waiting()
        someone = reviewer(task.town)
        services.open_order(someone, task=task)
        services.put_back(someone, task=fresh(task))
        assert services.open_next(reviewer(task.town)).pk == task.pk

    def test_another_cannot_put_it_back(self):
        task = waiting()
        someone = reviewer(task.town)
        services.open_order(someone, task=task)
        services.put_back(reviewer(task.town), task=fresh(task))
        assert fresh(task).reviewing_by_id == someone.account_id

    def test_asked_again_one_gets_the_order_one_has_open(self):
        task = waiting()
        another_by(task, seed=0)
        someone = reviewer(task.town)
        first = services.open_next(someone)
        assert services.open_next(someone).pk == first.pk


class TestBlindVisits:
    @pytest.fixture(autouse=True)
    def lot(self, monkeypatch):
        monkeypatch.setattr(verdicts.secrets, "randbelow", lambda below: 0)

    @pytest.fixture
    def kind(self):
        return TaskKindFactory(code="BLIND", name="复核抽查", hidden=True, base_fen=4000)

    def blind(self) -> list[Task]:
        return list(Task.objects.filter(source=Task.Source.BLIND))

    def test_drawn_it_is_visited_again_by_somebody_without_a_hand_in_it(self, kind):
        task = decided()
        again = self.blind()[0]
        assert (again.repeats_id, again.place_id, again.state) == (task.pk, task.place_id, Task.State.OPEN)
        assert again.excluded == [Claim.objects.get(task=task).coordinator_id]

    def test_a_re_visit_is_not_visited_again(self, kind):
        decided(task=waiting(task=TaskFactory(kind=kind, checklist=ChecklistFactory())))
        assert self.blind() == []

    def test_rejected_work_is_not_visited_again(self, kind):
        decided("rejected")
        assert self.blind() == []

    def test_without_the_lot_nothing_is_drawn(self, kind, monkeypatch):
        monkeypatch.setattr(verdicts.secrets, "randbelow", lambda below: 10)
        decided()
        assert self.blind() == []


def test_whoever_did_the_work_cannot_go_on_with_it_after_it_was_decided():
    task = decided()
    claim = Claim.objects.get(task=task)
    hand_in(claim, record((picture(), ""), signed_by="陈旺"))
    assert fresh(task).state == Task.State.ACCEPTED
