"""盲样: a sample of known content goes to a point, is tested there like any other, and its answer is compared."""

from __future__ import annotations

import datetime as dt
import secrets
from uuid import UUID, uuid5

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from kit import clock, codes, locks
from kit.refusals import Conflict, Invalid
from kit.transitions import StaleState, move
from registry.actors import Actor
from registry.models import Market, Product
from registry.permissions import require
from traceability import blind_rules
from traceability.models import BlindSample, RapidTest, Sample, TestItem, TestPoint
from traceability.refusals import PointClosed
from traceability.selectors import blind as selectors
from traceability.states import BLIND_SAMPLE

JOB = Actor(account_id=None, name="")
DECIDED = {RapidTest.Result.NEGATIVE, RapidTest.Result.POSITIVE}


class AlreadySent(Conflict):
    code = "blind_sample_already_sent"
    message = _("This sample has been answered or called off already.")


@transaction.atomic
def plan_blind(
    actor, *, point: TestPoint, item: TestItem, product: Product, expected: str, planned_for: dt.date, client_key: UUID
) -> BlindSample:
    """One sample planned by hand. Sent twice with one `client_key`, it is one. Raises `PointClosed`, `Invalid`."""
    require(actor, "plan_sampling", district=point.district_id)
    if point.state != TestPoint.State.ACTIVE:
        raise PointClosed()
    locks.one_request(client_key)
    if earlier := BlindSample.objects.filter(district_id=point.district_id, client_key=client_key).first():
        return earlier
    if planned_for < clock.now().date():
        raise Invalid(fields={"planned_for": _("Choose today or a later day.")})
    return _plan(actor, point, (item.pk, product.pk), expected, planned_for, client_key, reason="")


@transaction.atomic
def plan_by_rule(actor, *, district_id: str) -> int:
    """What the measured miss rates ask for this month, where it is not planned yet; returns how many were planned.

    Which day and which of the usual goods is left to chance, so that no point can wait for it.
    """
    if actor is not JOB:
        require(actor, "plan_sampling", district=district_id)
    locks.one_request(uuid5(UUID(int=0), f"blind plan {district_id}"))
    today = clock.now().date()
    made = 0
    for due in selectors.due_points(district_id, today):
        for number in range(due.planned, due.planned + blind_rules.missing(due.need, due.planned)):
            key = uuid5(due.point.pk, f"blind:{today:%Y-%m}:{number}")
            pair = secrets.choice(due.pairs)
            expected = blind_rules.expected_of(due.earlier + number)
            _plan(actor, due.point, pair, expected, _some_day(today), key, reason=due.reason)
            made += 1
    return made


def plan_by_rule_everywhere() -> int:
    """The same in every district served."""
    districts = Market.objects.values_list("district_id", flat=True).distinct().order_by("district_id")
    return sum(plan_by_rule(JOB, district_id=district_id) for district_id in districts)


def _some_day(today: dt.date) -> dt.date:
    """Any day from today to the end of the month."""
    last = (today.replace(day=28) + dt.timedelta(days=4)).replace(day=1) - dt.timedelta(days=1)
    return today + dt.timedelta(days=secrets.randbelow((last - today).days + 1))


def _plan(actor, point, pair, expected, planned_for, client_key, *, reason):
    item_id, product_id = pair
    return BlindSample.objects.create(
        district_id=point.district_id,
        point=point,
        item_id=item_id,
        product_id=product_id,
        expected=expected,
        reason=reason,
        planned_for=planned_for,
        planned_at=clock.now(),
        planned_by_id=actor.account_id,
        client_key=client_key,
    )


@transaction.atomic
def send_blind(actor, *, blind: BlindSample) -> BlindSample:
    """Give it its label: it is on its way. Sent twice, it is one sample. Raises `AlreadySent`, `PointClosed`."""
    require(actor, "plan_sampling", district=blind.district_id)
    locks.one_request(blind.pk)
    blind.refresh_from_db()
    if blind.state == BlindSample.State.SENT:
        return blind
    if blind.state != BlindSample.State.PLANNED:
        raise AlreadySent()
    if blind.point.state != TestPoint.State.ACTIVE:
        raise PointClosed()
    at = clock.now()
    sample = Sample.objects.create(
        district_id=blind.district_id,
        label=codes.new_typed_code(),
        point_id=blind.point_id,
        purpose=Sample.Purpose.BLIND,
        product_id=blind.product_id,
        link=Sample.Link.NONE,
        trade_day=at.date(),
        sampled_at=at,
        sampled_by_id=actor.account_id,
        recorded_at=at,
        client_key=uuid5(blind.pk, "sample"),
    )
    due_at = at + dt.timedelta(days=blind_rules.ANSWER_DAYS)
    return move(blind, BLIND_SAMPLE, BlindSample.State.SENT, sample=sample, sent_at=at, answer_due_at=due_at)


@transaction.atomic
def void_blind(actor, *, blind: BlindSample, reason: str) -> BlindSample:
    """Call it off: spoilt on the way, or no longer wanted. Raises `Invalid` without a reason, `AlreadySent`."""
    require(actor, "plan_sampling", district=blind.district_id)
    if not reason.strip():
        raise Invalid(fields={"reason": _("Say why.")})
    blind.refresh_from_db()
    if not BLIND_SAMPLE.allows(blind.state, BlindSample.State.VOID):
        raise AlreadySent()
    return move(blind, BLIND_SAMPLE, BlindSample.State.VOID, void_reason=reason.strip()[:200])


def answer_blind(test: RapidTest) -> BlindSample | None:
    """The point's first decided result of the item asked for is its answer (called where a test is recorded)."""
    if test.result not in DECIDED:
        return None
    asked = BlindSample.objects.filter(
        district_id=test.district_id, sample_id=test.sample_id, item_id=test.item_id, state=BlindSample.State.SENT
    ).first()
    if asked is None:
        return None
    answer = {"test": test, "agreed": test.result == asked.expected, "answered_at": test.recorded_at}
    try:
        return move(asked, BLIND_SAMPLE, BlindSample.State.ANSWERED, **answer)
    except StaleState:  # two strips at once: the other one was first
        return None
