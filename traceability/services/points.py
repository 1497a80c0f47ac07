"""Test points 快检点: where they stand and who runs them, who tests there, which instruments stand there."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext

from kit import clock, locks
from kit.refusals import NotFound
from kit.transitions import move
from registry.actors import Actor
from registry.models import Account, Device, Market, Organisation, Place, Region
from registry.permissions import require
from registry.pinyin import initials, pinyin
from registry.services.checks import Checks, unique
from traceability.models import PointInstrument, PointStaff, TestPoint
from traceability.refusals import PointClosed
from traceability.selectors.test_points import instruments_to_place, testers_for, where
from traceability.states import TEST_POINT

Kind = TestPoint.Kind
AT_MARKETS = {Kind.WHOLESALE: Market.Kind.WHOLESALE, Kind.RETAIL: Market.Kind.RETAIL}
AT_STORES = {Kind.SCHOOL_CANTEEN, Kind.STAFF_CANTEEN, Kind.RESTAURANT, Kind.SUPERMARKET}
_CODES = uuid.UUID("6b2f8a0e-52a7-4d0c-9a55-2f1f4c0a7a11")


@dataclass(frozen=True, kw_only=True)
class Stands:
    """At a market, at a store, or, for the regulator's own, in a town."""

    market: Market | None = None
    place: Place | None = None
    town: Region | None = None

    @property
    def district_id(self) -> str:
        within = self.market or self.place
        return within.district_id if within else self.town.code[:6]


@dataclass(frozen=True, kw_only=True)
class Details:
    """`operator` runs the point; without one, the market or the store does."""

    name: str
    daily_target: int = 0
    operator: Organisation | None = None


@transaction.atomic
def register(
    actor: Actor, *, kind: str, stands: Stands, details: Details, client_key: uuid.UUID, code: str = ""
) -> TestPoint:
    """A point with the district's next number, or the `code` it has already. Sent twice, it is one point.

    Raises `Invalid` for a kind that does not stand there and for a second point at one market or store.
    """
    point = TestPoint(
        id=client_key, district_id=stands.district_id, kind=kind, market=stands.market, place=stands.place,
        town_id=(stands.market or stands.place).town_id if stands.market or stands.place else stands.town.code,
    )  # fmt: skip
    require(actor, "manage_test_points", **where(point))
    locks.one_request(uuid.uuid5(_CODES, point.district_id))
    if earlier := TestPoint.objects.filter(district_id=point.district_id, pk=client_key).first():
        return earlier
    checks = Checks()
    checks.require("kind", _fits(point), gettext("A point of this kind does not stand there."))
    own = (stands.market or stands.place).organisation if stands.market or stands.place else None
    checks.require("operator", details.operator or own, gettext("Say who runs it."))
    _fill(point, details, own, checks)
    point.code = code or _next_code(point.district_id)
    point.opened_on = clock.now().date()
    taken = gettext("There is a point here already.")
    with (
        unique("test_point_one_at_a_market", "stands", taken),
        unique("test_point_one_at_a_place", "stands", taken),
        unique("test_point_code_once", "code", gettext("Another point has this number.")),
    ):
        point.save(force_insert=True)
    return point


def _fits(point):
    if point.kind in AT_MARKETS:
        return point.market is not None and point.market.kind in (AT_MARKETS[point.kind], Market.Kind.MIXED)
    if point.kind in AT_STORES:
        return point.place is not None and point.place.kind == Place.Kind.STORE
    return point.market is None and point.place is None


def _next_code(district_id):
    last = TestPoint.objects.filter(district_id=district_id, code__regex=r"^\d{6}$").order_by("code").last()
    return f"{int(last.code) + 1 if last else 1:06d}"


def _fill(point, details, own, checks):
    name = details.name.strip()
    checks.require("name", name, gettext("Give the point a name."))
    checks.done()
    point.name, point.name_pinyin, point.name_initials = name, pinyin(name)[:200], initials(name)[:80]
    point.daily_target = details.daily_target
    point.organisation = details.operator or own


@transaction.atomic
def change(actor: Actor, *, point: TestPoint, details: Details) -> TestPoint:
    """Correct what is said of a point; where it stands stays."""
    point = locked(actor, point)
    within = point.market or point.place
    _fill(point, details, within.organisation if within else point.organisation, Checks())
    point.save(update_fields=["name", "name_pinyin", "name_initials", "daily_target", "organisation"])
    return point


@transaction.atomic
def close(actor: Actor, *, point: TestPoint) -> TestPoint:
    """No test is made here any more: its testers' work ends and its instruments are free; what was tested stays."""
    point = locked(actor, point)
    at = clock.now()
    move(point, TEST_POINT, TestPoint.State.CLOSED, closed_on=at.date())
    of_point = {"district_id": point.district_id, "point": point}
    PointStaff.objects.filter(**of_point, ended_on=None).update(ended_on=at.date())
    PointInstrument.objects.filter(**of_point, removed_at=None).update(removed_at=at)
    return point


def locked(actor: Actor, point: TestPoint) -> TestPoint:
    """The point as it is now, held until the transaction ends. Raises `NotFound` out of reach, `PointClosed`."""
    found = TestPoint.objects.select_for_update(of=("self",)).select_related(
        "market__organisation", "place__organisation", "organisation"
    )
    now = found.filter(district_id=point.district_id, pk=point.pk).first()
    if now is None:
        raise NotFound
    require(actor, "manage_test_points", **where(now))
    if now.state != TestPoint.State.ACTIVE:
        raise PointClosed()
    return now


@dataclass(frozen=True, kw_only=True)
class Training:
    trained_on: dt.date
    trained_until: dt.date


@transaction.atomic
def add_staff(
    actor: Actor, *, point: TestPoint, account: Account, training: Training, client_key: uuid.UUID
) -> PointStaff:
    """Somebody who may test here is put on the point's list. From the first name on, nobody else records here."""
    point = locked(actor, point)
    if earlier := PointStaff.objects.filter(district_id=point.district_id, pk=client_key).first():
        return earlier
    checks = Checks()
    known = testers_for(point).filter(pk=account.pk).exists()
    checks.require("account", known, gettext("This person has no role that tests here."))
    _check_training(training, checks)
    return _listed(point, account.pk, training, client_key)


@transaction.atomic
def renew(actor: Actor, *, staff: PointStaff, training: Training, client_key: uuid.UUID) -> PointStaff:
    """A further training: the earlier one stays on record, ended today."""
    point = locked(actor, staff.point)
    if earlier := PointStaff.objects.filter(district_id=point.district_id, pk=client_key).first():
        return earlier
    _check_training(training, Checks())
    end_staff(actor, staff=staff)
    return _listed(point, staff.account_id, training, client_key)


@transaction.atomic
def end_staff(actor: Actor, *, staff: PointStaff) -> PointStaff:
    """The person no longer tests here. Ended already, it stays as it was."""
    point = locked(actor, staff.point)
    current = PointStaff.objects.filter(district_id=point.district_id, pk=staff.pk, ended_on=None)
    current.update(ended_on=clock.now().date())
    staff.refresh_from_db()
    return staff


def _check_training(training, checks):
    today = clock.now().date()
    checks.require("trained_on", training.trained_on <= today, gettext("This day is still to come."))
    lasts = training.trained_until >= max(today, training.trained_on)
    checks.require("trained_until", lasts, gettext("This training is over already."))
    checks.done()


def _listed(point, account_id, training, client_key):
    with unique("point_staff_once_while_it_lasts", "account", gettext("This person is on the list already.")):
        return PointStaff.objects.create(
            id=client_key, district_id=point.district_id, point=point, account_id=account_id,
            started_on=clock.now().date(), trained_on=training.trained_on, trained_until=training.trained_until,
        )  # fmt: skip


@transaction.atomic
def place_instrument(actor: Actor, *, point: TestPoint, device: Device, client_key: uuid.UUID) -> PointInstrument:
    """An instrument now stands at this point; where it stood before, it does no more."""
    point = locked(actor, point)
    if earlier := PointInstrument.objects.filter(district_id=point.district_id, pk=client_key).first():
        return earlier
    known = instruments_to_place(point).select_for_update(of=("self",)).filter(pk=device.pk).exists()
    checks = Checks()
    checks.require("device", known, gettext("This is no instrument of the place where the point is."))
    checks.done()
    at = clock.now()
    standing = PointInstrument.objects.filter(district_id=point.district_id, device=device, removed_at=None)
    if (here := standing.filter(point=point).first()) is not None:
        return here
    standing.update(removed_at=at)
    return PointInstrument.objects.create(
        id=client_key, district_id=point.district_id, point=point, device=device, placed_at=at
    )


@transaction.atomic
def remove_instrument(actor: Actor, *, placed: PointInstrument) -> PointInstrument:
    point = locked(actor, placed.point)
    standing = PointInstrument.objects.filter(district_id=point.district_id, pk=placed.pk, removed_at=None)
    standing.update(removed_at=clock.now())
    placed.refresh_from_db()
    return placed
