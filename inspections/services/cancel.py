"""撤销: a task is taken back before it is handed in; whoever holds it is told why, and its money is free again."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from inspections.models import Claim, Task
from inspections.services import budgets
from inspections.states import TASK
from kit import clock
from kit.refusals import NotFound
from kit.transitions import move
from registry.actors import Actor
from registry.permissions import require
from registry.services.checks import Checks
from registry.services.notices import notify


@transaction.atomic
def cancel_task(actor: Actor, *, task: Task, reason: str) -> Task:
    """撤销, before it is handed in: whoever holds it is told why. Cancelled twice, it is cancelled."""
    found = Task.objects.filter(district_id=task.district_id, pk=task.pk).select_for_update().first()
    if found is None:
        raise NotFound()
    require(actor, "publish_work", town=found.town_id)
    if found.state == Task.State.CANCELLED:
        return found
    checks = Checks()
    checks.require("reason", len(reason.strip()) >= 2, _("Say why."))
    checks.done()
    at = clock.now()
    move(found, TASK, "cancelled", cancelled_at=at, cancel_reason=reason.strip()[:200])
    if found.budget_id:
        budgets.free(found.district_id, found.budget_id, found.price_fen)
    _end_claim(found, at)
    return found


def _end_claim(task: Task, at: dt.datetime) -> None:
    rows = Claim.objects.filter(district_id=task.district_id, task=task, released_at__isnull=True)
    for claim in rows.select_related("coordinator"):
        rows.filter(pk=claim.pk).update(released_at=at, end_reason=Claim.End.CANCELLED)
        notify(
            [claim.coordinator.account_id], district_id=task.district_id, kind="task_cancelled",
            once_key=f"task_cancelled:{task.pk}", data={"title": task.title, "place": str(task.place or ""),
            "reason": task.cancel_reason}, url="/desk/",
        )  # fmt: skip
