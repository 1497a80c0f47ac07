"""The outbox: work that was committed is done, once; work that was not is not."""

import datetime as dt
import time
import uuid

import pytest
from django.db import transaction

from kit import clock, metrics, outbox, relay, worker
from kit.models import OutboxJob
from tests.kit import handlers

pytestmark = pytest.mark.django_db

State = OutboxJob.State
MINUTE = dt.timedelta(minutes=1)


@pytest.fixture(autouse=True)
def known_jobs(settings):
    settings.OUTBOX_HANDLERS = handlers.HANDLERS


@pytest.fixture
def noon():
    moment = dt.datetime(2026, 11, 22, 12, tzinfo=dt.UTC)
    with clock.freeze(moment):
        yield moment


class TestEnqueue:
    def test_a_job_carries_ids_only(self):
        job = outbox.enqueue("test.work", batch_id=uuid.UUID(int=7), kilos=3, token="abc", parent_id=None)
        assert job.args == {"batch_id": str(uuid.UUID(int=7)), "kilos": 3, "token": "abc", "parent_id": None}

    @pytest.mark.parametrize("value", [1.5, True, {"name": "王小明"}, object()])
    def test_anything_else_is_a_mistake(self, value):
        with pytest.raises(TypeError):
            outbox.enqueue("test.work", value=value)

    def test_a_job_nobody_does_is_found_when_it_is_written_not_when_it_is_due(self):
        with pytest.raises(outbox.UnknownJob):
            outbox.enqueue("test.wrok")

    def test_it_goes_the_way_of_its_transaction(self):
        with pytest.raises(ZeroDivisionError), transaction.atomic():  # noqa: PT012
            outbox.enqueue("test.work")
            raise ZeroDivisionError
        assert not OutboxJob.objects.exists()

    @pytest.mark.django_db(transaction=True)
    def test_without_a_transaction_it_is_a_mistake(self):
        with pytest.raises(outbox.OutsideTransaction):
            outbox.enqueue("test.work")


class TestRun:
    def test_the_work_is_done_once_however_often_it_is_published(self):
        job = outbox.enqueue("test.work", number=1)
        assert [worker.run(job.id) for _ in range(3)] == [True, False, False]
        job.refresh_from_db()
        assert (job.state, job.attempts, handlers.effects()) == (State.DONE, 1, 1)

    def test_an_id_that_is_not_there_is_nothing_to_do(self):
        """The broker may bring ids of rows that were purged, or of another database."""
        assert worker.run(uuid.uuid4()) is False

    def test_nobody_claims_a_job_during_another_ones_lease(self, noon):
        job = outbox.enqueue("test.work")
        assert worker.claim(job.id).attempt == 1
        with clock.freeze(noon + worker.LEASE - MINUTE):
            assert worker.claim(job.id) is None
        with clock.freeze(noon + worker.LEASE):
            assert worker.claim(job.id).attempt == 2

    def test_who_wakes_after_its_lease_finds_the_job_in_other_hands(self, noon):
        """The number of the attempt is the fencing token."""
        job = outbox.enqueue("test.work")
        late = worker.claim(job.id)
        with clock.freeze(noon + worker.LEASE):
            quick = worker.claim(job.id)
            assert worker.perform(late) is False
            assert worker.perform(quick) is True
        assert handlers.effects() == 1

    def test_a_late_failure_does_not_disturb_who_holds_the_job_now(self, noon):
        job = outbox.enqueue("test.work")
        late = worker.claim(job.id)
        with clock.freeze(noon + worker.LEASE):
            quick = worker.claim(job.id)
            worker.fail(late, RuntimeError("too late"))
            assert worker.perform(quick) is True


class TestFailure:
    def test_a_failed_attempt_leaves_no_effect_and_says_why(self):
        job = outbox.enqueue("test.fail")
        assert worker.run(job.id) is False
        job.refresh_from_db()
        assert (job.state, job.attempts) == (State.WAITING, 1)
        assert job.error == "RuntimeError: the other side is closed"
        assert handlers.effects() == 0

    def test_each_attempt_waits_twice_as_long_as_the_one_before(self, noon):
        job = outbox.enqueue("test.fail")
        waits, moment = [], noon
        for _ in range(4):
            with clock.freeze(moment):
                worker.run(job.id)
            job.refresh_from_db()
            waits.append((job.due_at - moment).total_seconds())
            moment = job.due_at
        assert waits == [10, 20, 40, 80]

    def test_after_the_last_attempt_it_is_dead_and_left_alone(self, noon):
        job = outbox.enqueue("test.fail")
        OutboxJob.objects.update(attempts=relay.MAX_ATTEMPTS - 1)
        worker.run(job.id)
        job.refresh_from_db()
        assert (job.state, job.finished_at) == (State.DEAD, noon)
        assert worker.run(job.id) is False

    def test_a_job_that_kills_every_worker_is_buried(self, noon, broker):
        job = outbox.enqueue("test.work")
        OutboxJob.objects.update(attempts=relay.MAX_ATTEMPTS - 1)
        worker.claim(job.id)
        with clock.freeze(noon + worker.LEASE):
            assert relay.relay() == 0
        job.refresh_from_db()
        assert job.state == State.DEAD
        assert "died" in job.error

    def test_a_dead_job_can_be_tried_again_and_stays_on_record(self):
        dead = outbox.enqueue("test.work", number=5)
        OutboxJob.objects.update(state=State.DEAD, finished_at=clock.now())
        anew = outbox.again(dead.id)
        assert (anew.name, anew.args) == ("test.work", {"number": 5})
        assert worker.run(anew.id)
        assert OutboxJob.objects.filter(state=State.DEAD).count() == 1

    def test_a_handler_that_does_not_exist_is_a_failure_like_any_other(self, settings):
        settings.OUTBOX_HANDLERS = {"test.work": "tests.kit.handlers.missing"}
        job = outbox.enqueue("test.work")
        assert worker.run(job.id) is False
        assert "ImportError" in OutboxJob.objects.get().error


class TestRelay:
    def test_a_fresh_job_is_left_to_its_own_wake_up_for_a_moment(self, noon, broker):
        job = outbox.enqueue("test.work")
        assert relay.relay() == 0
        with clock.freeze(noon + relay.WAKE_GRACE):
            assert relay.relay() == 1
        assert broker.taken() == [str(job.id)]

    def test_what_the_broker_lost_is_published_again(self, noon, broker):
        job = outbox.enqueue("test.work")
        with clock.freeze(noon + MINUTE):
            relay.relay()
            assert relay.relay() == 0
        with clock.freeze(noon + 2 * MINUTE):
            relay.relay()
        assert broker.taken() == [str(job.id)] * 2

    def test_what_a_dead_worker_held_is_published_when_the_lease_is_over(self, noon, broker):
        job = outbox.enqueue("test.work")
        worker.claim(job.id)
        with clock.freeze(noon + worker.LEASE - MINUTE):
            assert relay.relay() == 0
        with clock.freeze(noon + worker.LEASE):
            assert relay.relay() == 1

    def test_with_the_broker_down_nothing_is_lost_and_the_next_sweep_tries_again(self, noon, broker):
        jobs = [outbox.enqueue("test.work") for _ in range(3)]
        with clock.freeze(noon + MINUTE):
            broker.go_down()
            assert relay.relay() == 0
            broker.come_up()
            assert relay.relay() == 3
        assert set(broker.taken()) == {str(job.id) for job in jobs}

    def test_finished_jobs_are_not_published(self, noon, broker):
        worker.run(outbox.enqueue("test.effect").id)
        with clock.freeze(noon + MINUTE):
            assert relay.relay() == 0


class TestWakeUp:
    @pytest.fixture(autouse=True)
    def awake(self, monkeypatch):
        monkeypatch.setattr(relay, "wake", relay.Wake())

    def test_after_the_commit_the_id_goes_to_the_broker(self, broker, django_capture_on_commit_callbacks):
        with django_capture_on_commit_callbacks(execute=True):
            job = outbox.enqueue("test.work", number=1)
            assert broker.taken() == []
        assert broker.taken() == [str(job.id)]

    def test_the_change_stands_though_the_broker_is_down(self, broker, django_capture_on_commit_callbacks):
        broker.go_down()
        with django_capture_on_commit_callbacks(execute=True):
            job = outbox.enqueue("test.work")
        assert OutboxJob.objects.filter(id=job.id, state=State.WAITING).exists()

    def test_a_broker_that_accepts_and_says_nothing_is_waited_for_once(self, broker):
        broker.fall_silent()
        started = time.monotonic()
        for _ in range(20):
            relay.wake(uuid.uuid4())
        assert time.monotonic() - started < 3


class TestDrain:
    def test_does_what_is_due_and_what_that_brings_about(self):
        for number in range(3):
            outbox.enqueue("test.work", number=number)
        assert worker.drain() == 6
        assert outbox.figures().waiting == 0

    def test_ends_when_only_failing_jobs_are_left(self):
        outbox.enqueue("test.fail")
        assert worker.drain() == 0


class TestFigures:
    def test_tell_how_long_the_oldest_due_job_has_waited(self, noon):
        outbox.enqueue("test.work")
        OutboxJob.objects.create(
            name="test.work", created_at=noon, due_at=noon, publish_at=noon, finished_at=noon, state=State.DEAD
        )
        with clock.freeze(noon + MINUTE):
            held = outbox.enqueue("test.work")
            worker.claim(held.id)
            assert outbox.figures() == outbox.Figures(waiting=2, due=1, dead=1, lag_seconds=60.0)

    def test_of_an_empty_outbox_are_all_nothing(self):
        assert outbox.figures() == outbox.Figures(0, 0, 0, 0.0)

    def test_reach_prometheus(self):
        outbox.enqueue("test.work")
        found = {metric.name: metric.samples[0].value for metric in metrics.OutboxCollector().collect()}
        assert found["outbox_waiting"] == 1
        assert set(found) == {"outbox_waiting", "outbox_due", "outbox_dead", "outbox_lag_seconds"}


def test_done_jobs_are_forgotten_after_a_week_and_dead_ones_are_not(noon):
    for state in (State.DONE, State.DEAD):
        OutboxJob.objects.create(
            name="test.work", created_at=noon, due_at=noon, publish_at=noon, finished_at=noon, state=state
        )
    with clock.freeze(noon + outbox.KEPT):
        assert outbox.purge() == 0
    with clock.freeze(noon + outbox.KEPT + MINUTE):
        assert outbox.purge() == 1
    assert OutboxJob.objects.get().state == State.DEAD
