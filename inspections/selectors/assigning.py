"""Whom an officer may give a task to."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q

from inspections import claim_rules
from inspections.claim_rules import Rule
from inspections.models import Coordinator, Task
from inspections.selectors.policies import policy
from inspections.selectors.taking import offer_of, person_of, with_standing, with_visitors
from kit import clock
from registry.actors import Actor
from registry.models.visibility import reach
from registry.permissions import VERBS


@dataclass(frozen=True)
class Candidate:
    person: Coordinator
    why: Rule | None


def publishable_task(actor: Actor, task_id: UUID) -> Task | None:
    """A task of the towns the officer publishes for."""
    own = reach(actor, VERBS["publish_work"], town="town_id")
    tasks = Task.objects.filter(own, pk=task_id).select_related("place", "town", "assigned_to__account")
    return with_visitors(tasks).first()


def candidates(task: Task, *, text: str = "") -> list[Candidate]:
    """The task's town and the inspectors of the district: who may first, with the fewest tasks in hand first."""
    at = clock.now()
    rules = policy(task.district_id, "grabbing", at)
    people = Coordinator.objects.filter(Q(town_id=task.town_id) | Q(town__isnull=True), district_id=task.district_id)
    people = people.filter(state=Coordinator.State.ACTIVE, account__name__icontains=text)
    offer = offer_of(task)
    found = [
        Candidate(person, claim_rules.may_be_given(person_of(person), offer, rules, at))
        for person in with_standing(people.select_related("account", "town"), at)
    ]
    return sorted(found, key=lambda each: (each.why is not None, each.person.open_claims, each.person.account.name))


def candidate(task: Task, coordinator_id: UUID) -> Coordinator | None:
    return Coordinator.objects.filter(district_id=task.district_id, pk=coordinator_id).select_related("account").first()
