"""Leases that ran out: tidied up and told. Whether a claim still holds is asked in WHERE, never of this."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from django.db import transaction

from inspections.models import Claim, Coordinator, Task
from inspections.selectors.policies import policy
from inspections.selectors.taking import with_visitors
from inspections.services.leases import close, end_lapsed
from inspections.work_policies import Grabbing
from kit import clock
from registry.services.notices import notify

BULK = 500


def sweep() -> int:
    """End lapsed claims and reopen their tasks; close open tasks whose time is over. Returns how many of both."""
    at = clock.now()
    lapsed = Claim.objects.filter(released_at__isnull=True, lease_until__lte=at).order_by("lease_until")
    overdue = Task.objects.filter(state=Task.State.OPEN, due_at__lte=at).order_by("due_at")
    ended = sum(_end(*each) for each in lapsed.values_list("district_id", "task_id")[:BULK])
    return ended + sum(_close(*each) for each in overdue.values_list("district_id", "pk")[:BULK])


@transaction.atomic
def _end(district_id: str, task_id: UUID) -> bool:
    task = _free_task(district_id, task_id)
    if task is None:
        return False
    at = clock.now()
    return end_lapsed(task, at, policy(district_id, "grabbing", at))


@transaction.atomic
def _close(district_id: str, task_id: UUID) -> bool:
    task = _free_task(district_id, task_id)
    if task is None or task.state != Task.State.OPEN or task.due_at > clock.now():
        return False
    close(task)
    return True


def _free_task(district_id: str, task_id: UUID) -> Task | None:
    """None while somebody else holds its row: then it is not for the sweep to tidy up."""
    found = with_visitors(Task.objects.filter(district_id=district_id, pk=task_id))
    return found.select_for_update(of=("self",), no_key=True, skip_locked=True).first()


@transaction.atomic
def timed_out(*, claim_id: UUID, district_id: str) -> None:
    """Tell who let a lease run out; too often a month, pause him for some days."""
    claim = Claim.objects.select_related("task").get(district_id=district_id, pk=claim_id)
    if claim.end_reason != Claim.End.TIMEOUT:
        return  # the work came late, and was taken all the same
    own = Coordinator.objects.filter(district_id=district_id, pk=claim.coordinator_id)
    person = own.select_for_update(no_key=True).get()
    at = clock.now()
    rules: Grabbing = policy(district_id, "grabbing", at)
    until = _paused_until(person, claim, rules)
    if until and (person.paused_until is None or person.paused_until < until):
        own.update(paused_until=until)
    notify(
        [person.account_id],
        district_id=district_id,
        kind="task_timed_out",
        once_key=f"task_timed_out:{claim.pk}",
        data={"title": claim.task.title, "until": until.isoformat() if until else ""},
        url="/desk/coordinator/mine",
    )


def _paused_until(person: Coordinator, claim: Claim, rules: Grabbing) -> dt.date | None:
    day = claim.released_at.astimezone(clock.now().tzinfo)
    month = day.replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    timeouts = Claim.objects.filter(
        district_id=person.district_id, coordinator=person, end_reason=Claim.End.TIMEOUT,
        released_at__gte=month, released_at__lte=claim.released_at,
    ).count()  # fmt: skip
    return day.date() + dt.timedelta(days=rules.timeout_pause_days) if timeouts >= rules.timeouts_a_month else None
