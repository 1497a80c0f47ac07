"""抢单: one person takes one task. One winner, by constraint; every loser hears which rule, and what else is near.

Lock order: the coordinator's row (quotas are counted under it), then the task's. At most eight statements.
"""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from django.db import transaction
from django.db.models import OuterRef, Subquery

from inspections import claim_rules
from inspections.models import Claim, Coordinator, GrabAttempt, Task
from inspections.refusals import TAKE_WORDS, CannotTake
from inspections.selectors.policies import policy
from inspections.selectors.taking import offer_of, person_of, with_standing, with_visitors
from inspections.states import TASK
from inspections.work_policies import Grabbing
from kit import clock
from kit.refusals import NotFound
from kit.transitions import move


def claim_task(actor, *, task_id: UUID, district_id: str, client_key: UUID) -> Claim:
    """Take a task. Sent twice with one `client_key`, it is one claim. Every attempt is written down.

    Raises `NotFound`, or `CannotTake` whose code is the rule's name.
    """
    with transaction.atomic():
        claim, coordinator, task, why = _try(actor, task_id, district_id, client_key)
        if why is not None:
            _attempted(coordinator, task, why, clock.now())
    if claim is None:
        raise CannotTake(TAKE_WORDS[why], code=str(why), task_id=str(task_id))
    return claim


def _try(actor, task_id, district_id, client_key):
    coordinator = _lock_person(actor, district_id)
    at = clock.now()
    rules: Grabbing = policy(district_id, "grabbing", at)
    oneself = Coordinator.objects.filter(district_id=district_id, pk=coordinator.pk)
    standing = with_standing(oneself, at).annotate(earlier=_sent_before(client_key)).get()
    if standing.earlier:
        return Claim.objects.get(district_id=district_id, pk=standing.earlier), coordinator, None, None
    task = _lock_task(task_id, district_id)
    _expire_lapsed(task, at)
    why = claim_rules.refusal(person_of(standing), offer_of(task), rules, at)
    if why is not None:
        return None, coordinator, task, why
    return _take(coordinator, task, at, rules, client_key), coordinator, task, None


def _sent_before(client_key):
    own = Claim.objects.filter(district_id=OuterRef("district_id"), coordinator_id=OuterRef("pk"))
    return Subquery(own.filter(client_key=client_key).values("pk")[:1])


def _lock_person(actor, district_id) -> Coordinator:
    found = Coordinator.objects.filter(district_id=district_id, account_id=actor.account_id)
    coordinator = found.exclude(state=Coordinator.State.LEFT).select_for_update(no_key=True).first()
    if coordinator is None:
        raise NotFound()
    return coordinator


def _lock_task(task_id, district_id) -> Task:
    found = with_visitors(Task.objects.filter(district_id=district_id, pk=task_id))
    task = found.select_for_update(of=("self",), no_key=True).first()
    if task is None or task.state in (Task.State.DRAFT, Task.State.CANCELLED):
        raise NotFound()
    return task


def _expire_lapsed(task, at) -> None:
    """A claim whose lease is over ends here, before somebody else takes the task: no sweeper is needed."""
    if task.state not in (Task.State.CLAIMED, Task.State.ON_SITE, Task.State.RETURNED):
        return
    over = Claim.objects.filter(
        district_id=task.district_id, task_id=task.pk, released_at__isnull=True, lease_until__lte=at
    )
    if over.update(released_at=at, end_reason=Claim.End.TIMEOUT):
        move(task, TASK, "open")


def _take(coordinator, task, at, rules, client_key) -> Claim:
    """The task's row is locked and open; the constraint would forbid a second open claim all the same."""
    move(task, TASK, "claimed")
    claim = Claim.objects.create(
        district_id=task.district_id,
        task=task,
        coordinator=coordinator,
        town_id=task.town_id,
        assigned=task.assigned_to_id is not None,
        claimed_at=at,
        lease_until=min(task.due_at, at + dt.timedelta(hours=rules.start_within_hours)),
        client_key=client_key,
    )
    _attempted(coordinator, task, None, at)
    return claim


def _attempted(coordinator, task, why, at) -> None:
    """Won, or lost by which rule, and how soon after publishing: what no thumb makes shows in a report."""
    after = int((at - task.published_at).total_seconds() * 1000) if task.published_at else None
    GrabAttempt.objects.create(
        district_id=task.district_id, coordinator=coordinator, task=task, at=at, outcome=str(why or "won"),
        after_ms=after if after is None or after >= 0 else 0,
    )  # fmt: skip
