"""Several workers, one outbox: committed effects happen once, whoever is killed and when.

Each race has a control beside it, the same race without the guard, to show that it is one.
"""

import os
import subprocess
import sys
import time

import pytest
from django.db import connection, transaction

from kit import outbox, worker
from kit.models import OutboxJob
from tests.kit import handlers
from tests.kit.together import together

pytestmark = pytest.mark.django_db(transaction=True)

State = OutboxJob.State
DIE = """
import django, sys
django.setup()
from django.conf import settings
from django.db import connections
from kit import worker
from tests.kit import handlers
settings.OUTBOX_HANDLERS = handlers.HANDLERS
connections["default"].settings_dict["NAME"] = sys.argv[2]
worker.run(sys.argv[1])
"""


@pytest.fixture(autouse=True)
def known_jobs(settings, broker):
    settings.OUTBOX_HANDLERS = handlers.HANDLERS


def committed(name, **ids):
    with transaction.atomic():
        return outbox.enqueue(name, **ids)


def lease_over(job):
    OutboxJob.objects.filter(id=job.id).update(due_at="2026-01-01T00:00Z", publish_at="2026-01-01T00:00Z")


def unguarded(job):
    """What a worker without a claim would do: look, work, mark."""
    if OutboxJob.objects.get(id=job.id).state == State.WAITING:
        with transaction.atomic():
            handlers.slow()
        OutboxJob.objects.filter(id=job.id).update(state=State.DONE, finished_at=job.created_at)


def test_of_eight_workers_one_does_the_job():
    job = committed("test.slow")
    answers = together(*[lambda: worker.run(job.id)] * 8)
    assert sorted(answers) == [False] * 7 + [True]
    assert handlers.effects() == 1


def test_control_without_a_claim_several_do_it():
    job = committed("test.slow")
    together(*[lambda: unguarded(job)] * 8)
    assert handlers.effects() > 1


def test_nobody_takes_a_job_that_is_being_finished_even_after_the_lease():
    job = committed("test.slow")
    right = worker.claim(job.id)
    lease_over(job)

    def second():
        time.sleep(0.2)
        return worker.run(job.id)

    assert together(lambda: worker.perform(right), second) == [True, False]
    assert handlers.effects() == 1


def test_many_workers_empty_a_full_outbox_and_nothing_is_done_twice():
    for number in range(60):
        committed("test.work", number=number)
    together(*[worker.drain] * 4)
    done = OutboxJob.objects.filter(name="test.effect").values_list("args__number", flat=True)
    assert sorted(done) == list(range(60))
    assert outbox.figures().waiting == 0


def test_a_worker_killed_in_its_work_leaves_no_effect_and_the_next_one_does_it():
    job = committed("test.die")
    killed = subprocess.run(
        [sys.executable, "-c", DIE, str(job.id), connection.settings_dict["NAME"]],
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "tests.settings"},
        check=False,
    )
    assert killed.returncode == -9
    job.refresh_from_db()
    assert (job.state, job.attempts, handlers.effects()) == (State.WAITING, 1, 0)
    assert worker.run(job.id) is False, "its lease is not over yet"

    lease_over(job)
    OutboxJob.objects.update(name="test.work")
    assert worker.run(job.id) is True
    assert handlers.effects() == 1
