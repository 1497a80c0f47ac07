"""Test kits 试剂盒 of a point: received, used up, discarded. An expired one is not received."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext

from kit import clock, locks
from kit.transitions import move
from registry.actors import Actor
from registry.permissions import may, require
from registry.services.checks import Checks, unique
from traceability.models import TestItem, TestKit, TestPoint
from traceability.refusals import KitExpired, PointClosed
from traceability.selectors.test_points import where
from traceability.states import TEST_KIT


@dataclass(frozen=True, kw_only=True)
class Details:
    """As printed on the box. `tests_total`: how many tests it is for."""

    item: TestItem
    brand: str
    batch_no: str
    expires_on: dt.date
    method_no: str = ""
    tests_total: int | None = None
    received_on: dt.date | None = None


@transaction.atomic
def receive(actor: Actor, *, point: TestPoint, details: Details, client_key: uuid.UUID) -> TestKit:
    """A box for one item. Sent twice, it is one box.

    Raises `KitExpired`, `PointClosed`, `Invalid` for what the box must say and for a box that is here already.
    """
    require_keeper(actor, point)
    locks.one_request(client_key)
    if earlier := TestKit.objects.filter(district_id=point.district_id, client_key=client_key).first():
        return earlier
    if point.state != TestPoint.State.ACTIVE:
        raise PointClosed()
    today = clock.now().date()
    received_on = details.received_on or today
    checks = Checks()
    checks.require("brand", details.brand.strip(), gettext("Give the maker's name."))
    checks.require("batch_no", details.batch_no.strip(), gettext("Give the batch number on the box."))
    checks.require("received_on", received_on <= today, gettext("This day is still to come."))
    checks.require("tests_total", details.tests_total is None or details.tests_total > 0, gettext("At least one."))
    checks.done()
    if details.expires_on < today:
        raise KitExpired(batch_no=details.batch_no, expires_on=details.expires_on)
    with unique("test_kit_batch_once_at_a_point", "batch_no", gettext("This batch is in use at this point already.")):
        return TestKit.objects.create(
            district_id=point.district_id, point=point, item=details.item, method_no=details.method_no.strip(),
            brand=details.brand.strip(), batch_no=details.batch_no.strip(), expires_on=details.expires_on,
            received_on=received_on, tests_total=details.tests_total, client_key=client_key,
        )  # fmt: skip


@transaction.atomic
def use_up(actor: Actor, *, kit: TestKit) -> TestKit:
    require_keeper(actor, kit.point)
    return move(kit, TEST_KIT, TestKit.State.USED_UP)


@transaction.atomic
def discard(actor: Actor, *, kit: TestKit) -> TestKit:
    """Expired, spoilt or doubtful: no test is made with it any more."""
    require_keeper(actor, kit.point)
    return move(kit, TEST_KIT, TestKit.State.DISCARDED)


def require_keeper(actor: Actor, point: TestPoint) -> None:
    """Kits are kept by whoever tests at the point, and by whoever manages it."""
    if not may(actor, "manage_test_points", **where(point)):
        require(actor, "record_test", **where(point))
