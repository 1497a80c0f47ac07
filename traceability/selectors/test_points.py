"""Test points with their testers, instruments and kits: what is in date, what runs out, what was done today."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from kit.refusals import NotFound
from registry.actors import Actor
from registry.models import Account, Device, Grant, Market, Place
from registry.permissions import VERBS
from registry.roles import BUSINESS_ROLES, Role
from traceability.models import PointInstrument, PointStaff, RapidTest, Sample, TestKit, TestPoint

SOON = dt.timedelta(days=30)


@dataclass(frozen=True)
class Today:
    """What a point has done on a day: samples, tests, and tests by result."""

    samples: int
    tests: int
    results: dict[str, int]


def where(point: TestPoint) -> dict[str, Any]:
    """What a permission at the point is asked for: its store, its market, or the whole district."""
    if point.place_id:
        return {"place": point.place}
    if point.market_id:
        return {"market": point.market}
    return {"district": point.district_id}


def points_seen(actor: Actor) -> QuerySet[TestPoint]:
    """Open and closed ones within reach."""
    found = TestPoint.objects.visible_to(actor).select_related("market", "place__market", "town", "organisation")
    return found.order_by("state", "code", "id")


def point_called(actor: Actor, point_id: uuid.UUID) -> TestPoint:
    """Raises NotFound for a missing one and for one out of reach alike."""
    found = points_seen(actor).filter(pk=point_id).first()
    if found is None:
        raise NotFound
    return found


def narrowed(
    points: QuerySet[TestPoint], *, today: dt.date, q: str = "", kind: str = "", town: str = "", state: str = "",
    due: bool = False,
) -> QuerySet[TestPoint]:  # fmt: skip
    """`q` is part of a name or its letters, or the beginning of a number; `due`: something runs out within 30 days."""
    if q:
        called = Q(name__icontains=q) | Q(code__startswith=q) | Q(organisation__name__icontains=q)
        if q.isascii():
            called |= Q(name_pinyin__contains=q.lower()) | Q(name_initials__contains=q.lower())
        points = points.filter(called)
    if kind:
        points = points.filter(kind=kind)
    if town:
        points = points.filter(town=town)
    if state:
        points = points.filter(state=state)
    return points.filter(something_due(today)) if due else points


def something_due(today: dt.date) -> Q:
    of_point = {"district_id": OuterRef("district_id"), "point": OuterRef("pk")}
    return (
        Q(Exists(training_due(today).filter(**of_point)))
        | Q(Exists(calibration_due(today).filter(**of_point)))
        | Q(Exists(kits_due(today).filter(**of_point)))
    )


def training_due(today: dt.date) -> QuerySet[PointStaff]:
    """Training that is over or will be within 30 days, of those who test at an open point."""
    return PointStaff.objects.filter(ended_on=None, trained_until__lte=today + SOON, point__state="active")


def calibration_due(today: dt.date) -> QuerySet[PointInstrument]:
    """Instruments at an open point whose calibration is over, will be within 30 days, or is not recorded."""
    due = Q(device__calibration_ends_on__lte=today + SOON) | Q(device__calibration_ends_on=None)
    return PointInstrument.objects.filter(due, removed_at=None, point__state="active")


def kits_due(today: dt.date) -> QuerySet[TestKit]:
    """Kits in use at an open point that have expired or will within 30 days."""
    return TestKit.objects.filter(state="in_use", expires_on__lte=today + SOON, point__state="active")


def staff_of(point: TestPoint) -> QuerySet[PointStaff]:
    """Those who test here now first, then who did and earlier trainings."""
    rows = PointStaff.objects.filter(district_id=point.district_id, point=point).select_related("account")
    return rows.order_by("ended_on", "trained_until", "id").reverse()


def staff_called(point: TestPoint, staff_id: uuid.UUID) -> PointStaff:
    """Raises NotFound."""
    return _one(staff_of(point).select_related("point__market", "point__place"), staff_id)


def instruments_of(point: TestPoint) -> QuerySet[PointInstrument]:
    """Those that stand here now."""
    rows = PointInstrument.objects.filter(district_id=point.district_id, point=point, removed_at=None)
    return rows.select_related("device", "point__market", "point__place").order_by("device__name", "id")


def instrument_called(point: TestPoint, placed_id: uuid.UUID) -> PointInstrument:
    """Raises NotFound."""
    return _one(instruments_of(point), placed_id)


def instruments_to_place(point: TestPoint) -> QuerySet[Device]:
    """Instruments in use where the point is: of its market or store; at a station, any of the district."""
    found = Device.objects.filter(district_id=point.district_id, kind=Device.Kind.INSTRUMENT, state="active")
    if point.place_id:
        found = found.filter(place=point.place_id)
    elif point.market_id:
        found = found.filter(market=point.market_id)
    return found.order_by("name", "id")


def testers_for(point: TestPoint) -> QuerySet[Account]:
    """People who have a role that tests here."""
    grants = Grant.objects.current().filter(district_id=point.district_id, role__in=VERBS["record_test"])
    wide = Q(market=None, place=None, town=None)
    if point.place_id:
        reach = wide | Q(place=point.place_id) | Q(market=None, place=None, town=point.place.town_id)
        if point.place.market_id:
            reach |= Q(market=point.place.market_id)
    elif point.market_id:
        reach = wide | Q(market=point.market_id) | Q(market=None, place=None, town=point.market.town_id)
    else:
        reach = wide
    return Account.objects.filter(is_active=True, grants__in=grants.filter(reach)).distinct().order_by("name", "id")


def keepers_of(point: TestPoint) -> set[uuid.UUID]:
    """Accounts to tell what runs out at a point: who tests there, and who manages its market, store or district."""
    grants = Grant.objects.current().filter(district_id=point.district_id)
    if point.place_id:
        grants = grants.filter(place=point.place_id, role__in=BUSINESS_ROLES)
    elif point.market_id:
        grants = grants.filter(market=point.market_id, role=Role.MARKET_MANAGER)
    else:
        grants = grants.filter(role=Role.DISTRICT_OFFICER)
    staff = PointStaff.objects.filter(district_id=point.district_id, point=point, ended_on=None)
    return {*grants.values_list("account_id", flat=True), *staff.values_list("account_id", flat=True)}


def kits_seen(actor: Actor) -> QuerySet[TestKit]:
    """Kits of the points within reach, those in use that expire first at the top."""
    points = TestPoint.objects.visible_to(actor).values("pk")
    rows = TestKit.objects.filter(point__in=points).select_related("item", "point__market", "point__place")
    return rows.order_by("state", "expires_on", "id")


def kits_narrowed(
    kits: QuerySet[TestKit], *, today: dt.date, q: str = "", state: str = "", due: bool = False
) -> QuerySet[TestKit]:
    """`q` is part of an item's, brand's or point's name, or of a batch number."""
    if q:
        kits = kits.filter(
            Q(item__name__icontains=q) | Q(brand__icontains=q) | Q(batch_no__icontains=q) | Q(point__name__icontains=q)
        )
    if state:
        kits = kits.filter(state=state)
    return kits.filter(state="in_use", expires_on__lte=today + SOON) if due else kits


def kit_called(actor: Actor, kit_id: uuid.UUID) -> TestKit:
    """Raises NotFound for a missing one and for one out of reach alike."""
    return _one(kits_seen(actor), kit_id)


def kits_in_use(point: TestPoint) -> QuerySet[TestKit]:
    rows = TestKit.objects.filter(district_id=point.district_id, point=point, state="in_use")
    return rows.select_related("item").annotate(used=Count("tests")).order_by("expires_on", "item__position", "id")


def today_at(point: TestPoint, today: dt.date) -> Today:
    of_point = {"district_id": point.district_id, "point": point}
    samples = Sample.objects.filter(**of_point, sampled_at__date=today).count()
    tests = RapidTest.objects.filter(**of_point, tested_at__date=today)
    counted = dict(tests.order_by().values_list("result").annotate(n=Count("pk")))
    return Today(samples=samples, tests=sum(counted.values()), results=counted)


def stands_free(actor: Actor, *, q: str = "") -> tuple[QuerySet[Market], QuerySet[Place]]:
    """Markets and stores within reach that have no open point yet."""
    open_points = TestPoint.objects.filter(district_id=OuterRef("district_id"), state="active")
    markets = Market.objects.visible_to(actor).filter(~Exists(open_points.filter(market=OuterRef("pk"))), active=True)
    stores = Place.objects.visible_to(actor).in_use().filter(~Exists(open_points.filter(place=OuterRef("pk"))))
    stores = stores.filter(kind=Place.Kind.STORE).select_related("town", "organisation")
    if q:
        by_letters = Q(name_pinyin__contains=q.lower()) | Q(name_initials__contains=q.lower())
        stores = stores.filter(Q(name__icontains=q) | Q(address__icontains=q) | by_letters)
        markets = markets.filter(name__icontains=q)
    return markets.select_related("organisation", "town").order_by("name", "id"), stores.order_by("name", "id")


def _one(rows: QuerySet, row_id: uuid.UUID) -> Any:
    found = rows.filter(pk=row_id).first()
    if found is None:
        raise NotFound
    return found
