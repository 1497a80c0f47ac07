"""The outbox: background work that cannot be lost.

The job row is written in the transaction that wants the work. Celery carries only its id. A worker
claims the row for the length of a lease, and marks it done in the transaction that holds the effect,
so an effect in the database happens exactly once, whatever dies in between; an effect outside it, at
least once. The broker may be down, emptied or doubled: a row not done is published again.

    outbox.enqueue() ── commit ──> relay.wake() ─┐
    relay.relay(), every few seconds ────────────┴─> broker ──> worker.run(): claim; handler and "done" together
"""

import datetime as dt
from dataclasses import dataclass
from uuid import UUID

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Count, Min, Q

from kit import clock, relay
from kit.models import OutboxJob

KEPT = dt.timedelta(days=7)

Id = str | int | UUID | None


class OutsideTransaction(Exception):
    """`enqueue` was called where no business change could commit with it."""


class UnknownJob(LookupError):
    """The name stands nowhere in `OUTBOX_HANDLERS`."""


@dataclass(frozen=True)
class Figures:
    """`lag_seconds` is how long the oldest due job has waited."""

    waiting: int
    due: int
    dead: int
    lag_seconds: float


def enqueue(name: str, **ids: Id) -> OutboxJob:
    """Write the job down; it runs after this transaction has committed.

    Raises UnknownJob, OutsideTransaction, and TypeError for an argument that is not an id.
    """
    if name not in settings.OUTBOX_HANDLERS:
        raise UnknownJob(name)
    if not connection.in_atomic_block:
        raise OutsideTransaction(name)
    args = {key: _plain(value) for key, value in ids.items()}
    now = clock.now()
    job = OutboxJob.objects.create(name=name, args=args, created_at=now, due_at=now, publish_at=now + relay.WAKE_GRACE)
    transaction.on_commit(lambda: relay.wake(job.id))
    return job


def again(job_id: UUID | str) -> OutboxJob:
    """Try a dead job anew, as a new job; the dead row stays as it is."""
    dead = OutboxJob.objects.get(id=job_id, state=OutboxJob.State.DEAD)
    with transaction.atomic():
        return enqueue(dead.name, **dead.args)


def figures() -> Figures:
    now = clock.now()
    waiting = Q(state=OutboxJob.State.WAITING)
    due = waiting & Q(due_at__lte=now)
    found = OutboxJob.objects.exclude(state=OutboxJob.State.DONE).aggregate(
        waiting=Count("id", filter=waiting),
        due=Count("id", filter=due),
        dead=Count("id", filter=Q(state=OutboxJob.State.DEAD)),
        oldest=Min("due_at", filter=due),
    )
    oldest = found.pop("oldest")
    return Figures(**found, lag_seconds=(now - oldest).total_seconds() if oldest else 0.0)


def purge() -> int:
    """Forget jobs done more than a week ago; dead ones stay until somebody has seen to them."""
    return OutboxJob.objects.filter(state=OutboxJob.State.DONE, finished_at__lt=clock.now() - KEPT).delete()[0]


def _plain(value: Id) -> str | int | None:
    if isinstance(value, UUID):
        return str(value)
    if value is None or (isinstance(value, str | int) and not isinstance(value, bool)):
        return value
    raise TypeError(f"a job carries ids, not {type(value).__name__}")
