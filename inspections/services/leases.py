"""Locks and leases, shared by every step that takes a task or gives it up.

Lock order, everywhere: the coordinator's row (quotas are counted under it), the task's, the claim's.
"""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any
from uuid import UUID

from inspections.models import Claim, Coordinator, Task
from inspections.refusals import BudgetSpent
from inspections.selectors.taking import with_visitors
from inspections.services import budgets
from inspections.states import TASK
from inspections.work_policies import Grabbing
from kit import money, outbox
from kit.compiled import Compiled
from kit.refusals import NotFound
from kit.transitions import move
from registry.actors import Actor
from registry.permissions import require_role

TIMED_OUT = "inspections.timed_out"
IN_HANDS = (Task.State.CLAIMED, Task.State.ON_SITE, Task.State.RETURNED)
UNSEEN = (Task.State.DRAFT, Task.State.CANCELLED)


def lock_person(actor: Actor, district_id: str) -> Coordinator:
    """The actor's own row as a coordinator of this district. Raises NotFound."""
    require_role(actor, "work_in_field")
    coordinator = PERSON.first(district_id=district_id, account_id=actor.account_id)
    if coordinator is None:
        raise NotFound()
    return coordinator


def _person(district_id, account_id):
    found = Coordinator.objects.filter(district_id=district_id, account_id=account_id)
    return found.exclude(state=Coordinator.State.LEFT).select_for_update(no_key=True)


PERSON = Compiled(_person, district_id="000000", account_id=UUID(int=1))


def lock_task(task_id: UUID, district_id: str) -> Task:
    """The task with what `offer_of` asks. Raises NotFound for one that nobody in the field ever sees."""
    task = TASK_AND_VISITORS.first(district_id=district_id, task_id=task_id)
    if task is None or task.state in UNSEEN:
        raise NotFound()
    return task


def _task(district_id, task_id):
    found = with_visitors(Task.objects.filter(district_id=district_id, pk=task_id))
    return found.select_for_update(of=("self",), no_key=True)


TASK_AND_VISITORS = Compiled(_task, district_id="000000", task_id=UUID(int=1))


def end_lapsed(task: Task, at: dt.datetime, rules: Grabbing) -> bool:
    """A claim whose lease is over ends here, whoever looks first: no sweeper is needed. The task's row is locked."""
    if task.state not in IN_HANDS:
        return False
    over = Claim.objects.filter(
        district_id=task.district_id, task_id=task.pk, released_at__isnull=True, lease_until__lte=at
    ).first()
    if over is None:
        return False
    Claim.objects.filter(district_id=task.district_id, pk=over.pk).update(released_at=at, end_reason=Claim.End.TIMEOUT)
    put_back(task, at, rules)
    outbox.enqueue(TIMED_OUT, claim_id=over.pk, district_id=task.district_id)
    return True


def put_back(task: Task, at: dt.datetime, rules: Grabbing) -> None:
    """Back into the pool for everybody, dearer after some times; or over, when its time is over."""
    if at >= task.due_at:
        close(task)
        return
    released = task.released + 1
    dearer = _dearer(task, rules) if released == rules.rise_after_releases else {}
    move(task, TASK, "open", released=released, assigned_to=None, **dearer)


def close(task: Task) -> None:
    """Nobody did it in time; what was reserved for it is there again."""
    move(task, TASK, "expired")
    if task.budget_id:
        budgets.free(task.district_id, task.budget_id, task.price_fen)


def _dearer(task: Task, rules: Grabbing) -> dict[str, Any]:
    """The risen price, where the budget line covers it."""
    extra = money.share(task.price_fen, Decimal(rules.rise_percent) / 100)
    if task.budget_id:
        try:
            budgets.reserve(task.district_id, task.budget_id, extra)
        except BudgetSpent:
            return {}
    part = {"part": "given_back", "percent": rules.rise_percent, "fen": extra}
    return {"price_fen": task.price_fen + extra, "price_parts": [*task.price_parts, part]}
