"""抢单: one person takes one task. One winner, by constraint; every loser hears which rule, and what else is near.

At most eight statements for whoever wins; locks as in `leases`.
"""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from django.db import transaction

from inspections import claim_rules
from inspections.models import Claim, Coordinator, GrabAttempt, Task
from inspections.refusals import TAKE_WORDS, CannotTake
from inspections.selectors.policies import policy
from inspections.selectors.pool import alternatives
from inspections.selectors.taking import offer_of, person_of, standing_of
from inspections.services.leases import end_lapsed, lock_person, lock_task
from inspections.states import TASK
from inspections.work_policies import Grabbing
from kit import clock
from kit.transitions import move
from registry.actors import Actor


def claim_task(actor: Actor, *, task_id: UUID, district_id: str, client_key: UUID) -> Claim:
    """Take a task. Sent twice with one `client_key`, it is one claim. Every attempt is written down.

    Raises `NotFound`, or `CannotTake` whose code is the rule's name and whose data names `alternatives`.
    """
    with transaction.atomic():
        coordinator = lock_person(actor, district_id)
        at = clock.now()
        rules: Grabbing = policy(district_id, "grabbing", at)
        standing = standing_of(coordinator, client_key, at)
        if standing.earlier:
            return Claim.objects.get(district_id=district_id, pk=standing.earlier)
        person, task = person_of(standing), lock_task(task_id, district_id)
        end_lapsed(task, at, rules)
        why = claim_rules.refusal(person, offer_of(task), rules, at)
        if why is None:
            return _take(coordinator, task, at, rules, client_key)
        write_attempt(coordinator, task, str(why), at)
    others = alternatives(coordinator, person, task, why, rules, at)
    named = [str(other.pk) for other in others]
    raise CannotTake(TAKE_WORDS[why], code=str(why), task_id=str(task_id), alternatives=named)


def _take(coordinator, task, at, rules, client_key) -> Claim:
    """The task's row is locked and open; the constraint would forbid a second open claim all the same."""
    move(task, TASK, "claimed")
    claim = Claim.objects.create(
        district_id=task.district_id,
        task=task,
        coordinator=coordinator,
        town_id=task.town_id,
        place_id=task.place_id,
        assigned=task.assigned_to_id is not None,
        claimed_at=at,
        lease_until=min(task.due_at, at + dt.timedelta(hours=rules.start_within_hours)),
        client_key=client_key,
    )
    write_attempt(coordinator, task, "won", at)
    return claim


def write_attempt(coordinator: Coordinator, task: Task, outcome: str, at: dt.datetime) -> None:
    """Won, or lost by which rule, and how soon after publishing: what no thumb makes shows in a report."""
    after = int((at - task.published_at).total_seconds() * 1000) if task.published_at else None
    GrabAttempt.objects.create(
        district_id=task.district_id, coordinator=coordinator, task=task, at=at, outcome=outcome,
        after_ms=after if after is None or after >= 0 else 0,
    )  # fmt: skip
