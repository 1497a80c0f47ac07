"""Doing one job of the outbox: claim it, then the effect and "done" in one transaction."""

import datetime as dt
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import structlog
from django.conf import settings
from django.db import transaction
from django.utils.module_loading import import_string

from kit import clock, relay
from kit.models import OutboxJob

LEASE = dt.timedelta(minutes=5)
FIRST_RETRY = dt.timedelta(seconds=10)
ERROR_LENGTH = 1000

log = structlog.get_logger("outbox")


@dataclass(frozen=True)
class Claim:
    """One worker's right to one job, while `attempt` is still the row's number."""

    job_id: UUID
    name: str
    args: dict[str, Any]
    attempt: int


def run(job_id: UUID | str) -> bool:
    """Do the job. False when there is nothing to do, or when it failed and will be tried again."""
    right = claim(job_id)
    if right is None:
        return False
    try:
        return perform(right)
    except Exception as error:
        log.exception("job_failed", job=right.name, job_id=str(right.job_id), attempt=right.attempt)
        fail(right, error)
        return False


def drain() -> int:
    """Do everything that is due, here and now, without a broker; returns how many jobs were done."""
    total = 0
    while True:
        due = OutboxJob.objects.filter(state=OutboxJob.State.WAITING, due_at__lte=clock.now())
        done = sum(run(job_id) for job_id in due.order_by("due_at", "id").values_list("id", flat=True))
        if not done:
            return total
        total += done


def claim(job_id: UUID | str) -> Claim | None:
    """Take the job for the length of a lease; None when it is done, not due, or in other hands."""
    with transaction.atomic():
        now = clock.now()
        job = (
            OutboxJob.objects.select_for_update(skip_locked=True)
            .filter(id=job_id, state=OutboxJob.State.WAITING, due_at__lte=now, attempts__lt=relay.MAX_ATTEMPTS)
            .first()
        )
        if job is None:
            return None
        job.attempts += 1
        job.due_at = job.publish_at = now + LEASE
        job.save(update_fields=["attempts", "due_at", "publish_at"])
    return Claim(job.id, job.name, job.args, job.attempts)


def perform(right: Claim) -> bool:
    """The effect and "done" together. False when the job has passed into other hands.

    The row is marked first: until this transaction ends, nobody can claim it, even past the lease.
    """
    handler = import_string(settings.OUTBOX_HANDLERS[right.name])
    with transaction.atomic():
        held = _held(right).update(state=OutboxJob.State.DONE, finished_at=clock.now(), error="")
        if held:
            handler(**right.args)
    return bool(held)


def fail(right: Claim, error: Exception) -> None:
    """Try again later, twice as late each time; after the last attempt the job is dead."""
    now = clock.now()
    words = f"{type(error).__name__}: {error}".replace("\x00", "")[:ERROR_LENGTH]
    if right.attempt >= relay.MAX_ATTEMPTS:
        _held(right).update(state=OutboxJob.State.DEAD, finished_at=now, error=words)
        log.error("job_dead", job=right.name, job_id=str(right.job_id))
        return
    later = now + FIRST_RETRY * 2 ** (right.attempt - 1)
    _held(right).update(due_at=later, publish_at=later, error=words)


def _held(right: Claim) -> Any:
    return OutboxJob.objects.filter(id=right.job_id, state=OutboxJob.State.WAITING, attempts=right.attempt)
