"""From the outbox to the broker: a wake-up after each commit, and a sweep that finds what it missed."""

import datetime as dt
import time
from collections.abc import Sequence
from uuid import UUID

import structlog
from celery import current_app
from django.db import transaction
from django.db.models import F, QuerySet
from kombu.pools import producers

from kit import clock
from kit.models import OutboxJob

RUN_JOB = "kit.jobs.run_outbox_job"
MAX_ATTEMPTS = 10
WAKE_GRACE = dt.timedelta(seconds=5)
REPUBLISH = dt.timedelta(seconds=60)
BATCH = 500
BROKER_PAUSE_S = 5.0

# Kombu's own limits keep a request for six seconds when the broker refuses, for ever when it is silent.
IMPATIENT = {"max_retries": 0, "socket_connect_timeout": 1, "socket_timeout": 1}

log = structlog.get_logger("outbox")


class Wake:
    """Publishes one id at once; after a failure still for some seconds, so that no request waits for the broker."""

    def __init__(self) -> None:
        self.still_until = 0.0

    def __call__(self, job_id: UUID) -> None:
        if time.monotonic() >= self.still_until and not publish(job_id):
            self.still_until = time.monotonic() + BROKER_PAUSE_S


wake = Wake()


def publish(job_id: UUID) -> bool:
    """Hand one id to the broker; False when it cannot be reached within two seconds or so."""
    broker = current_app.connection_for_write(connect_timeout=1)
    broker.transport_options = {**broker.transport_options, **IMPATIENT}
    try:
        with producers[broker].acquire(block=True, timeout=1) as producer:
            current_app.send_task(RUN_JOB, args=[str(job_id)], producer=producer, retry=False)
    except Exception as error:
        log.warning("broker_unreachable", job_id=str(job_id), error=str(error))
        return False
    return True


def relay() -> int:
    """Publish what waits, bury what has died too often; returns how many ids were published."""
    _bury()
    job_ids = _take()
    for done, job_id in enumerate(job_ids):
        if not publish(job_id):
            _put_back(job_ids[done:])
            return done
    return len(job_ids)


def _take() -> list[UUID]:
    """Ids to publish now. No row stays locked while the broker is spoken to."""
    with transaction.atomic():
        now = clock.now()
        waiting = OutboxJob.objects.filter(state=OutboxJob.State.WAITING, publish_at__lte=now)
        job_ids = _lock(waiting.order_by("publish_at"))
        OutboxJob.objects.filter(id__in=job_ids).update(publish_at=now + REPUBLISH)
    return job_ids


def _put_back(job_ids: Sequence[UUID]) -> None:
    OutboxJob.objects.filter(id__in=job_ids, state=OutboxJob.State.WAITING).update(publish_at=F("due_at"))


def _bury() -> None:
    """A job whose every attempt ended with a dead worker is not given to another one."""
    with transaction.atomic():
        now = clock.now()
        spent = OutboxJob.objects.filter(state=OutboxJob.State.WAITING, attempts__gte=MAX_ATTEMPTS, due_at__lte=now)
        for job_id in _lock(spent):
            OutboxJob.objects.filter(id=job_id).update(
                state=OutboxJob.State.DEAD, finished_at=now, error="The worker died in the last attempt."
            )
            log.error("job_dead", job_id=str(job_id))


def _lock(jobs: QuerySet[OutboxJob]) -> list[UUID]:
    return list(jobs.select_for_update(skip_locked=True).values_list("id", flat=True)[:BATCH])
