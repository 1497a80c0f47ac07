"""What tests of reviewing share: a record that waits, reviewers, decisions."""

from __future__ import annotations

import datetime as dt
from typing import Any

from inspections.models import Claim, Review, Task
from inspections.services import review as services
from kit import clock
from kit.ids import uuid7
from registry.actors import Actor
from registry.models import Region
from registry.roles import Role
from tests.factories.inspections import ClaimFactory, TaskFactory
from tests.factories.registry import actor_with
from tests.inspections.visits import FAILING, answers, arrive, hand_in, picture, record, send_photo, taken

__all__ = ["FAILING", "answers"]


def reviewer(town: Region) -> Actor:
    return actor_with(Role.REVIEWER, town=town)


def waiting(*, seed: int = 0, claim: Claim | None = None, content: dict[str, Any] | None = None, **more: Any) -> Task:
    """A task whose record waits for a reviewer, with one photo."""
    claim = claim or taken(**more)
    arrive(claim)
    send_photo(claim, picture(seed))
    hand_in(claim, content or record((picture(seed), "")))
    return fresh(claim.task)


def waiting_failing(code: str, **more: Any) -> Task:
    """One whose item is not in order, with a photo of it."""
    claim = taken(**more)
    send_photo(claim, picture(1), code)
    return waiting(claim=claim, content=record((picture(1), code), answers=answers(**{code: FAILING})))


def another_by(task: Task, seed: int = 5) -> Task:
    """Another waiting task by the same person, in the same town."""
    person = Claim.objects.filter(task=task).get().coordinator
    return waiting(seed=seed, claim=ClaimFactory(task=TaskFactory(place__town=task.town), coordinator=person))


def decide(actor: Actor, task: Task, outcome: str = "approved_full", *, key=None, **more: Any) -> Review:
    needs_reason = outcome != "approved_full"
    more = {"reason": "照片看不清" if needs_reason else ""} | more
    if outcome == "returned":
        more = {"items": ["C01"]} | more
    if outcome == "approved_deduct":
        more = {"deduct_percent": 20} | more
    return services.decide(actor, task=task, outcome=outcome, client_key=key or uuid7(), **more)


def decided(outcome: str = "approved_full", task: Task | None = None, **more: Any) -> Task:
    """A task decided by one reviewer, or by two where one does not suffice."""
    task = task or waiting()
    decide(reviewer(task.town), task, outcome, **more)
    if fresh(task).state == Task.State.SUBMITTED:
        decide(reviewer(task.town), fresh(task), outcome, **more)
    return fresh(task)


def fresh(task: Task) -> Task:
    return Task.objects.get(district_id=task.district_id, pk=task.pk)


def later(**span: float):
    """The clock so much later."""
    return clock.freeze(clock.now() + dt.timedelta(**span))
