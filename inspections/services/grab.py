"""The button 抢: not faster than a thumb, one task or a street's."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID, uuid5

from inspections.claim_rules import ABOUT_ONESELF
from inspections.models import Claim, Coordinator, Task
from inspections.refusals import CannotTake, TooFast
from inspections.services.claim import claim_task, write_attempt
from kit import clock
from kit.ratelimit import Pace
from kit.refusals import Refusal
from registry.actors import Actor

PACE = Pace("grab", seconds=1)
TOO_FAST = "too_fast"


@dataclass(frozen=True)
class Answer:
    """Of one task of a bundle: the claim, or why not."""

    task: Task
    claim: Claim | None
    refusal: Refusal | None


def grab(actor: Actor, *, task_id: UUID, district_id: str, client_key: UUID) -> Claim:
    """As `claim_task`, at most once a second and person. Raises `TooFast` besides, and writes that down."""
    if not PACE.allows(str(actor.account_id), str(client_key)):
        _note_haste(actor, task_id, district_id)
        raise TooFast
    return claim_task(actor, task_id=task_id, district_id=district_id, client_key=client_key)


def grab_bundle(actor: Actor, *, bundle: UUID, district_id: str, client_key: UUID) -> list[Answer]:
    """Every task of a street's bundle, one after another: each is answered, and the quota holds.

    Whoever is refused for a reason of one's own is asked no further. Raises `TooFast`.
    """
    if not PACE.allows(str(actor.account_id), str(client_key)):
        raise TooFast
    found = Task.objects.filter(district_id=district_id, bundle=bundle).exclude(state=Task.State.DRAFT)
    answers: list[Answer] = []
    for task in found.select_related("kind", "place").order_by("due_at", "pk"):
        last = answers[-1].refusal if answers else None
        stopped = last is not None and last.code in ABOUT_ONESELF
        answers.append(Answer(task, None, last) if stopped else _one(actor, task, client_key))
    return answers


def _one(actor: Actor, task: Task, client_key: UUID) -> Answer:
    key = uuid5(client_key, str(task.pk))
    try:
        claim = claim_task(actor, task_id=task.pk, district_id=task.district_id, client_key=key)
    except CannotTake as refusal:
        return Answer(task, None, refusal)
    return Answer(task, claim, None)


def won(answers: Sequence[Answer]) -> int:
    return sum(answer.claim is not None for answer in answers)


def _note_haste(actor: Actor, task_id: UUID, district_id: str) -> None:
    coordinator = Coordinator.objects.filter(district_id=district_id, account_id=actor.account_id).first()
    task = Task.objects.filter(district_id=district_id, pk=task_id).first()
    if coordinator and task:
        write_attempt(coordinator, task, TOO_FAST, clock.now())
