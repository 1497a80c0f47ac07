"""What Celery is told and what it knows are the same."""

import pytest
from celery import current_app
from django.conf import settings
from django.utils.module_loading import import_string

from kit import jobs, outbox, relay, worker
from kit.models import OutboxJob
from tests.kit import handlers


@pytest.fixture(scope="module", autouse=True)
def jobs_found():
    current_app.loader.import_default_modules()


def test_a_worker_knows_the_job_the_relay_publishes():
    assert relay.RUN_JOB in current_app.tasks


def test_every_job_of_the_timetable_exists():
    timetable = {entry["task"] for entry in current_app.conf.beat_schedule.values()}
    assert timetable <= set(current_app.tasks)


def test_every_handler_of_the_outbox_exists():
    for path in settings.OUTBOX_HANDLERS.values():
        assert callable(import_string(path))


def test_the_longest_job_ends_before_its_lease():
    assert current_app.conf.task_time_limit < worker.LEASE.total_seconds()


@pytest.mark.django_db
def test_the_published_id_is_all_a_worker_needs(settings):
    settings.OUTBOX_HANDLERS = handlers.HANDLERS
    job = outbox.enqueue("test.work", number=1)
    jobs.run_outbox_job.apply(args=[str(job.id)], throw=True)
    assert OutboxJob.objects.get(id=job.id).state == "done"
    assert handlers.effects() == 1


@pytest.mark.django_db
def test_sweeping_and_purging_an_empty_platform_is_no_trouble(broker):
    jobs.relay_outbox.apply(throw=True)
    jobs.purge.apply(throw=True)
