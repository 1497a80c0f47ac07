"""申诉: whoever did the work says that a decision is wrong; another reviewer decides, or time does, in his favour."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from inspections.models import Appeal, Claim, Coordinator, Review, Task
from inspections.refusals import AnotherPerson, CannotAppeal, OwnWork
from inspections.review_rules import AGAINST, FRAUD
from inspections.selectors.appeals import decision_on
from inspections.selectors.policies import policy
from inspections.services import commission
from inspections.services.verdicts import successor_key
from inspections.states import APPEAL, COORDINATOR, TASK
from kit import clock, locks, workdays
from kit.refusals import NotFound
from kit.transitions import StaleState, move
from registry.actors import Actor
from registry.permissions import require, require_role
from registry.services.checks import Checks
from registry.services.notices import notify

TEXT_LENGTH = 400
DAYS_TO_DECIDE = 3
A_ROUND = 200


@transaction.atomic
def appeal(actor: Actor, *, task: Task, text: str) -> Appeal:
    """Against the decision on one's own record, within some days; once. Sent twice, it is one.

    Raises `NotFound` for somebody else's work, `CannotAppeal` when there is nothing to appeal against or it is late.
    """
    require_role(actor, "work_in_field")
    locks.one_request(task.pk)
    review = decision_on(task)
    if review is None or review.coordinator_account != actor.account_id:
        raise NotFound
    if earlier := Appeal.objects.filter(district_id=task.district_id, review_id=review.pk).first():
        return earlier
    at = clock.now()
    days = policy(task.district_id, "reviewing", at).appeal_days
    if review.outcome not in AGAINST or at > review.at + dt.timedelta(days=days):
        raise CannotAppeal
    checks = Checks()
    checks.require("text", text.strip(), _("Say what is not right."))
    checks.done()
    return Appeal.objects.create(
        district_id=task.district_id, review=review, task=task, text=" ".join(text.split())[:TEXT_LENGTH], made_at=at,
        made_by_id=actor.account_id, first_reviewer=review.reviewer_id,
        due_on=workdays.expected_working_day(at.date(), DAYS_TO_DECIDE).day,
    )  # fmt: skip


@transaction.atomic
def decide_appeal(actor: Actor, *, appeal: Appeal, granted: bool, text: str) -> Appeal:
    """By a reviewer who has not decided on this record before. Sent twice, it is one.

    Raises `AnotherPerson`, `OwnWork`, `StaleState` when it was decided otherwise meanwhile, `Invalid` without a reason.
    """
    require(actor, "review_work", town=appeal.task.town_id)
    to = Appeal.State.GRANTED if granted else Appeal.State.DISMISSED
    found = _lock(appeal)
    if (found.state, found.decided_by_id) == (to, actor.account_id):
        return found
    if found.state != Appeal.State.OPEN:
        raise StaleState(state=found.state, to=to, kind="appeal")
    if found.review.coordinator_account == actor.account_id:
        raise OwnWork
    looked = Review.objects.filter(district_id=found.district_id, submission_id=found.review.submission_id)
    if looked.filter(reviewer_id=actor.account_id).exists():
        raise AnotherPerson
    checks = Checks()
    checks.require("text", granted or text.strip(), _("Say why it stays as it is."))
    checks.done()
    _decide(found, to, clock.now(), actor.account_id, " ".join(text.split())[:TEXT_LENGTH])
    return found


def grant_by_time() -> int:
    """Whoever waited longer than promised is right. May run twice; returns how many were granted."""
    late = Appeal.objects.filter(state=Appeal.State.OPEN, due_on__lt=clock.now().date()).order_by("due_on")
    return sum(_grant_late(*each) for each in late.values_list("district_id", "pk")[:A_ROUND])


@transaction.atomic
def _grant_late(district_id: str, appeal_id: UUID) -> bool:
    found = _lock(Appeal.objects.get(district_id=district_id, pk=appeal_id))
    if found.state != Appeal.State.OPEN:
        return False
    _decide(found, Appeal.State.GRANTED, clock.now(), None, "")
    return True


def _lock(appeal: Appeal) -> Appeal:
    """The appeal with its person and task locked, in the order of locks that every step keeps."""
    district_id = appeal.district_id
    accounts = Review.objects.filter(district_id=district_id, pk=appeal.review_id).values("submission__coordinator_id")
    Coordinator.objects.filter(district_id=district_id, pk__in=accounts).select_for_update(no_key=True).get()
    Task.objects.filter(district_id=district_id, pk=appeal.task_id).select_for_update(no_key=True).get()
    rows = Appeal.objects.filter(district_id=district_id, pk=appeal.pk).select_related("review__submission", "task")
    return rows.select_for_update(of=("self",), no_key=True).get()


def _decide(found: Appeal, to: str, at: dt.datetime, by: UUID | None, text: str) -> None:
    move(found, APPEAL, to, decided_at=at, decided_by_id=by, decision=text)
    if to == Appeal.State.GRANTED:
        _undo(found, at, by)
    notify(
        [found.made_by_id],
        district_id=found.district_id,
        kind="appeal_decided",
        once_key=f"appeal_decided:{found.pk}",
        data={"title": found.task.title, "granted": to == Appeal.State.GRANTED, "by_time": by is None, "text": text},
        url=f"/desk/coordinator/done/{found.task_id}",
    )


def _undo(found: Appeal, at: dt.datetime, by: UUID | None) -> None:
    """The record counts in full: paid, its claim as it was, the task that replaced it taken back if nobody has it."""
    old, task = found.review, found.task
    review = Review.objects.create(
        district_id=found.district_id, task=task, submission=old.submission, outcome=Review.Outcome.FULL,
        reviewer_id=by, automatic=by is None, coordinator_account=old.coordinator_account, on_appeal=True, at=at,
    )  # fmt: skip
    if task.state == Task.State.REJECTED:
        move(task, TASK, "accepted", decided_at=at)
        claims = Claim.objects.filter(district_id=task.district_id, pk=old.submission.claim_id)
        claims.update(end_reason=Claim.End.SUBMITTED)
        _take_back_successor(task)
    if old.outcome == FRAUD:
        _back_on_duty(old)
    commission.accrue(review=review)


def _take_back_successor(task: Task) -> None:
    again = Task.objects.filter(district_id=task.district_id, client_key=successor_key(task)).first()
    if again is not None and again.state == Task.State.OPEN:
        try:
            with transaction.atomic():
                move(again, TASK, "cancelled")
        except StaleState:  # taken in this very moment: then it is done twice, and paid twice
            return


def _back_on_duty(old: Review) -> None:
    coordinator = old.submission.coordinator
    level = old.level_before or coordinator.level
    if coordinator.state == Coordinator.State.PAUSED and coordinator.paused_until is None:
        move(coordinator, COORDINATOR, "active", level=level)
    else:
        Coordinator.objects.filter(district_id=coordinator.district_id, pk=coordinator.pk).update(level=level)
