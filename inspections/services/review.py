"""审单: a reviewer decides on a record. Never on one's own work; where one pair of eyes is not enough, two decide.

Lock order as everywhere: the coordinator's row, then the task's.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction

from inspections import review_rules
from inspections.models import Coordinator, Review, Submission, Task
from inspections.refusals import DECISION_WORDS, AnotherPerson, OpenElsewhere, OwnWork
from inspections.review_rules import Decision
from inspections.selectors.policies import policy
from inspections.selectors.review_queue import key_failed, record_of
from inspections.services.review_open import CLOSED, is_open_elsewhere, open_next, open_order, put_back
from inspections.services.verdicts import carry_out
from inspections.visit_content import PROMOTION, UNSEEN
from inspections.work_policies import Reviewing
from kit import clock, locks
from kit.refusals import NotFound
from kit.transitions import StaleState
from registry.actors import Actor
from registry.permissions import require
from registry.services.checks import Checks

__all__ = ["decide", "open_next", "open_order", "put_back"]

REASON_LENGTH = 400


@dataclass(frozen=True)
class Order:
    """What is decided on, its rows locked."""

    task: Task
    record: Submission
    first: Review | None
    rules: Reviewing


@transaction.atomic
def decide(
    actor: Actor,
    *,
    task: Task,
    outcome: str,
    reason: str = "",
    items: Collection[str] = (),
    deduct_percent: int = 0,
    client_key: UUID,
) -> Review:
    """Write the decision down and carry it out; a first one that needs a second waits for another reviewer.

    Sent twice with one `client_key` it is one. Raises `StaleState` when somebody was quicker, `OpenElsewhere`,
    `OwnWork`, `AnotherPerson` for a second look at what one has decided oneself, and `Invalid` naming every lack.
    """
    require(actor, "review_work", town=task.town_id)
    locks.one_request(client_key)
    if earlier := _sent_before(task, client_key):
        return earlier
    order, at = _lock(task), clock.now()
    _require_fit(actor, order, at)
    decision = Decision(
        outcome=outcome, reason=" ".join(reason.split())[:REASON_LENGTH], items=tuple(dict.fromkeys(items)),
        deduct_percent=deduct_percent if outcome == Review.Outcome.DEDUCT else 0,
    )  # fmt: skip
    _require_whole(decision, order)
    review = _write(actor, order, decision, at, client_key)
    if order.first is None and _needs_second(order, outcome):
        Task.objects.filter(district_id=task.district_id, pk=task.pk).update(**CLOSED)
    else:
        carry_out(review, order.task, order.record, at)
    return review


def _sent_before(task: Task, client_key: UUID) -> Review | None:
    return Review.objects.filter(district_id=task.district_id, task_id=task.pk, client_key=client_key).first()


def _lock(task: Task) -> Order:
    """The rows of the order, the person first. Raises StaleState when nothing waits for a decision."""
    seen = record_of(task)
    if seen is None:
        raise NotFound
    people = Coordinator.objects.filter(district_id=task.district_id, pk=seen.coordinator_id)
    people.select_for_update(no_key=True).get()
    rows = Task.objects.filter(district_id=task.district_id, pk=task.pk)
    locked = (
        rows.select_related("kind", "place", "checklist", "town").select_for_update(of=("self",), no_key=True).get()
    )
    record = record_of(locked)
    if locked.state != Task.State.SUBMITTED or record is None or record.coordinator_id != seen.coordinator_id:
        raise StaleState(state=locked.state, kind="task")
    earlier = Review.objects.filter(district_id=task.district_id, submission_id=record.pk)
    return Order(locked, record, earlier.first(), policy(task.district_id, "reviewing", clock.now()))


def _require_fit(actor: Actor, order: Order, at) -> None:
    if order.record.coordinator.account_id == actor.account_id:
        raise OwnWork
    if order.first is not None and order.first.reviewer_id == actor.account_id:
        raise AnotherPerson
    if is_open_elsewhere(order.task, actor, at):
        raise OpenElsewhere


def _require_whole(decision: Decision, order: Order) -> None:
    checks = Checks()
    found = review_rules.lacks(
        decision, named=named_items(order.record), returns=order.task.returns, policy=order.rules
    )
    for name, lack in found:
        checks.add(name, str(DECISION_WORDS[lack]))
    checks.done()


def named_items(record: Submission) -> set[str]:
    """What may be sent back: items of the checklist, what was answered, the promotion."""
    codes = {answer["code"] for answer in record.answers}
    if record.task.checklist_id and record.outcome == Submission.Outcome.DONE:
        codes |= set(record.task.checklist.items.values_list("code", flat=True))
    return codes | ({PROMOTION} if record.promotion else set()) | ({UNSEEN} & codes)


def _needs_second(order: Order, outcome: str) -> bool:
    return review_rules.needs_second(
        outcome, key_failed=key_failed(order.record), price_fen=order.task.price_fen, policy=order.rules
    )


def _write(actor: Actor, order: Order, decision: Decision, at, client_key: UUID) -> Review:
    task = order.task
    mine = task.reviewing_by_id == actor.account_id
    return Review.objects.create(
        district_id=task.district_id,
        task=task,
        submission=order.record,
        outcome=decision.outcome,
        reviewer_id=actor.account_id,
        coordinator_account=order.record.coordinator.account_id,
        second=order.first is not None,
        deduct_percent=decision.deduct_percent,
        reason=decision.reason,
        items=list(decision.items),
        at=at,
        opened_at=task.reviewing_since if mine else None,
        level_before=order.record.coordinator.level if decision.outcome == Review.Outcome.FRAUD else None,
        client_key=client_key,
    )
