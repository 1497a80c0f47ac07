"""派单: an officer gives a task to one person, who accepts it as one takes any task, or refuses with a reason."""

from __future__ import annotations

from django.db import transaction

from inspections import claim_rules
from inspections.models import Coordinator, Task
from inspections.refusals import GIVE_WORDS, CannotGive
from inspections.selectors.policies import policy
from inspections.selectors.taking import offer_of, person_of, with_standing
from inspections.services.leases import end_lapsed, lock_task
from kit import clock
from kit.refusals import NotFound
from registry.actors import Actor
from registry.permissions import require
from registry.services.notices import notify


@transaction.atomic
def assign_task(actor: Actor, *, task: Task, coordinator: Coordinator | None) -> Task:
    """Only this person may take it from now on; with None, everybody again. The person is told, once.

    Conflict of interest, training, level, rotation and pauses hold as for taking; `CannotGive` names the rule.
    """
    require(actor, "publish_work", town=task.town_id)
    found = lock_task(task.pk, task.district_id)
    at = clock.now()
    rules = policy(task.district_id, "grabbing", at)
    end_lapsed(found, at, rules)
    if coordinator is not None:
        _check(found, coordinator, rules, at)
    elif found.state != Task.State.OPEN:
        raise CannotGive(GIVE_WORDS[claim_rules.Rule.TAKEN], code=str(claim_rules.Rule.TAKEN))
    if found.assigned_to_id != (coordinator.pk if coordinator else None):
        found.assigned_to = coordinator
        found.save(update_fields=["assigned_to"])
        if coordinator is not None:
            _tell(found, coordinator)
    return found


def _check(task, coordinator, rules, at) -> None:
    oneself = Coordinator.objects.filter(district_id=task.district_id, pk=coordinator.pk)
    standing = with_standing(oneself, at).first()
    if standing is None:
        raise NotFound()
    why = claim_rules.may_be_given(person_of(standing), offer_of(task), rules, at)
    if why is not None:
        raise CannotGive(GIVE_WORDS[why], code=str(why))


def _tell(task: Task, coordinator: Coordinator) -> None:
    notify(
        [coordinator.account_id],
        district_id=task.district_id,
        kind="task_given",
        once_key=f"task_given:{task.pk}:{coordinator.pk}:{task.released}",
        data={"title": task.title, "urgent": task.urgent},
        url="/desk/coordinator/mine",
    )
