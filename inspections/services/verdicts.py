"""What a decision does: to the task, the claim, the findings, the pay, and whom it tells. Inside its transaction."""

from __future__ import annotations

import datetime as dt
import secrets
from uuid import uuid5

from inspections.models import Claim, Coordinator, Finding, Flag, Review, Submission, Task, TaskKind
from inspections.review_rules import ACCEPTING
from inspections.selectors.policies import policy
from inspections.selectors.supervisors import officers_of
from inspections.services import commission
from inspections.services.publish import publish_blind
from inspections.services.review_open import CLOSED
from inspections.states import COORDINATOR, FINDING, TASK
from kit.transitions import move
from registry.services.notices import notify

Outcome = Review.Outcome


def carry_out(review: Review, task: Task, record: Submission, at: dt.datetime) -> None:
    """The task's row is locked and submitted, the coordinator's row is locked."""
    if review.outcome in ACCEPTING:
        _accept(review, task, record, at)
    elif review.outcome == Outcome.RETURNED:
        _send_back(review, task, record, at)
    else:
        _reject(review, task, record, at)


def _accept(review: Review, task: Task, record: Submission, at: dt.datetime) -> None:
    move(task, TASK, "accepted", decided_at=at, **CLOSED)
    found = Finding.objects.filter(district_id=task.district_id, task_id=task.pk, verified_at__isnull=True)
    found.exclude(state=Finding.State.WITHDRAWN).update(verified_at=at)
    if review.outcome == Outcome.ESCALATED:
        _escalate(review, task)
    commission.accrue(review=review)
    draw_blind(review, task, record)
    if review.outcome == Outcome.DEDUCT:
        tell(review, task, record)


def _escalate(review: Review, task: Task) -> None:
    """转办执法: what was found goes to the officers; a coordinator records, an officer acts."""
    found = Finding.objects.filter(district_id=task.district_id, task_id=task.pk, state__in=["open", "replied"])
    for finding in found.filter(item_code__in=review.items) if review.items else found:
        move(finding, FINDING, "escalated")
    notify(
        officers_of(task.town_id),
        district_id=task.district_id,
        kind="work_escalated",
        once_key=f"work_escalated:{task.pk}",
        data={"title": task.title, "place": str(task.place or task.town), "reason": review.reason},
    )


def draw_blind(review: Review, task: Task, record: Submission) -> Task | None:
    """复核抽查: one accepted visit in so many is done once more by an inspector, by lot; so is what was accepted by
    time although a machine had noticed something."""
    seen = record.outcome == Submission.Outcome.DONE
    if not seen or task.place_id is None or task.kind.hidden or task.kind.group != TaskKind.Group.SUPERVISION:
        return None
    flagged = Flag.objects.filter(district_id=task.district_id, submission_id=record.pk).exists()
    percent = policy(task.district_id, "reviewing", review.at).blind_percent
    drawn = (review.to_sample and flagged) or secrets.randbelow(100) < percent
    return publish_blind(task) if drawn else None


def _send_back(review: Review, task: Task, record: Submission, at: dt.datetime) -> None:
    """补正: the same person has some hours more, and sees just the items named."""
    hours = policy(task.district_id, "reviewing", at).returned_hours
    until = at + dt.timedelta(hours=hours)
    move(task, TASK, "returned", returns=task.returns + 1, **CLOSED)
    held = Claim.objects.filter(district_id=task.district_id, pk=record.claim_id, end_reason=Claim.End.SUBMITTED)
    held.update(released_at=None, end_reason=Claim.End.OPEN, lease_until=until)
    notify(
        [record.coordinator.account_id],
        district_id=task.district_id,
        kind="work_returned",
        once_key=f"work_returned:{review.pk}",
        data={
            "title": task.title,
            "place": str(task.place or task.town),
            "reason": review.reason,
            "items": len(review.items),
            "until": until.isoformat(),
        },
        url=f"/desk/work/{record.claim_id}/fix",
    )


def _reject(review: Review, task: Task, record: Submission, at: dt.datetime) -> None:
    """不通过: nothing is paid, the work goes to somebody else, what only this record said is withdrawn."""
    move(task, TASK, "rejected", decided_at=at, **CLOSED)
    Claim.objects.filter(district_id=task.district_id, pk=record.claim_id).update(end_reason=Claim.End.REJECTED)
    alone = Finding.objects.filter(district_id=task.district_id, task_id=task.pk, state="open", adopted_at=None)
    for finding in alone:
        move(finding, FINDING, "withdrawn")
    to_somebody_else(task, record.coordinator, at)
    if review.outcome == Outcome.FRAUD:
        _stop(record.coordinator)
    tell(review, task, record)


def _stop(coordinator: Coordinator) -> None:
    """弄虚作假: back to the first level, and no task until an officer says so."""
    if coordinator.state == Coordinator.State.ACTIVE:
        move(coordinator, COORDINATOR, "paused", level=1)
    else:
        Coordinator.objects.filter(district_id=coordinator.district_id, pk=coordinator.pk).update(level=1)


def to_somebody_else(task: Task, coordinator: Coordinator, at: dt.datetime) -> Task:
    """Back into the pool as a task of its own, without whoever did it: an appeal is about the old one, and each has
    one commission. It stands on the money reserved for the old one."""
    again, _made = Task.objects.get_or_create(
        district_id=task.district_id,
        client_key=successor_key(task),
        defaults={
            **{name: getattr(task, name) for name in CARRIED_OVER},
            "state": Task.State.OPEN,
            "excluded": sorted({*task.excluded, coordinator.pk}),
            "made_at": at,
            "published_at": at,
            "town_first_until": at,
            "due_at": max(task.due_at, at + dt.timedelta(hours=task.kind.hours)),
        },
    )
    return again


CARRIED_OVER = (
    "kind_id", "title", "brief", "place_id", "town_id", "grid_id", "checklist_id", "source", "campaign_id",
    "finding_id", "repeats_id", "urgent", "min_level", "price_fen", "price_parts", "budget_id", "made_by_id",
)  # fmt: skip


def successor_key(task: Task):
    return uuid5(task.pk, "somebody else")


def tell(review: Review, task: Task, record: Submission) -> None:
    """Whoever did the work hears the outcome, the reason and how to appeal."""
    notify(
        [record.coordinator.account_id],
        district_id=task.district_id,
        kind="work_decided",
        once_key=f"work_decided:{review.pk}",
        data={
            "title": task.title,
            "place": str(task.place or task.town),
            "outcome": review.outcome,
            "reason": review.reason,
            "percent": review.deduct_percent,
        },
        url=f"/desk/coordinator/done/{task.pk}",
    )
