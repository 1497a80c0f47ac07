"""佣金: what an accepted record earns, once; a decision changed on appeal adds the difference as a correction."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from uuid import uuid5

from django.db.models import Sum

from inspections.models import Commission, CommissionEntry, Review
from inspections.selectors.policies import policy
from kit import clock, money

Kind = CommissionEntry.Kind


def accrue(*, review: Review) -> Commission | None:
    """The commission of the review's task. None for people who earn none. Inside a transaction, the task locked."""
    record = review.submission
    if not record.coordinator.pay_eligible:
        return None
    at = clock.now()
    commission, made = Commission.objects.get_or_create(
        district_id=review.district_id,
        task_id=review.task_id,
        defaults={
            "coordinator": record.coordinator,
            "town_id": record.town_id,
            "month": at.date().replace(day=1),
            "accrued_at": at,
            "frozen_until": at + dt.timedelta(days=policy(review.district_id, "pay", at).frozen_days),
        },
    )
    price = _price(review)
    if made:
        _enter(commission, review, Kind.ACCRUAL, price, at)
    off = money.share(price, Decimal(review.deduct_percent) / 100)
    so_far = commission.entries.aggregate(sum=Sum("amount_fen"))["sum"]
    if difference := price - off - so_far:
        _enter(commission, review, Kind.DEDUCTION if difference < 0 else Kind.CORRECTION, difference, at)
    return commission


def _price(review: Review) -> int:
    seen = review.submission.outcome == review.submission.Outcome.DONE
    return review.task.price_fen if seen else review.task.kind.unseen_fen


def _enter(commission: Commission, review: Review, kind: str, amount_fen: int, at: dt.datetime) -> None:
    CommissionEntry.objects.create(
        district_id=commission.district_id, commission=commission, kind=kind, amount_fen=amount_fen,
        reason=review.reason[:200], review_id=review.pk, at=at, by_id=review.reviewer_id,
        client_key=uuid5(review.pk, kind),
    )  # fmt: skip
