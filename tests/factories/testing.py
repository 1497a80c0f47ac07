"""Test points, items, methods and limits as smallest legal objects; a point of the kind its place asks for."""

import datetime as dt

import factory
from factory.django import DjangoModelFactory

from kit.ids import uuid7
from registry.business_types import BusinessType
from registry.models import Market, Place
from traceability.models import TestItem, TestKit, TestLimit, TestMethod, TestPoint

LONG_AGO = dt.date(2025, 1, 1)
CANTEENS = {BusinessType.SCHOOL_CANTEEN, BusinessType.KINDERGARTEN_CANTEEN}


class TestItemFactory(DjangoModelFactory):
    class Meta:
        model = TestItem
        django_get_or_create = ("code",)

    code = "PEST_ENZ"
    name = factory.LazyAttribute(lambda item: f"项目 {item.code}")
    name_en = factory.LazyAttribute(lambda item: f"Item {item.code}")
    group = TestItem.Group.PESTICIDE


class TestMethodFactory(DjangoModelFactory):
    class Meta:
        model = TestMethod

    item = factory.SubFactory(TestItemFactory)
    method_no = factory.Sequence(lambda n: f"KJ 2025{n:02d}")
    title = "胶体金免疫层析法"
    principle = TestMethod.Principle.COLLOIDAL_GOLD
    effective_from = LONG_AGO
    source = "市场监管总局公告"
    made_at = dt.datetime(2025, 1, 1, tzinfo=dt.UTC)


class TestLimitFactory(DjangoModelFactory):
    class Meta:
        model = TestLimit

    item = factory.SubFactory(TestItemFactory)
    kind = TestLimit.Kind.NOT_DETECTED
    effective_from = LONG_AGO
    source = "农业农村部公告第250号"
    made_at = dt.datetime(2025, 1, 1, tzinfo=dt.UTC)


def point_at(place: Place, **fields) -> TestPoint:
    """The active point that serves a place: its market's, or its own; made when there is none."""
    where = {"market": place.market} if place.market_id else {"place": place}
    known = TestPoint.objects.filter(district_id=place.district_id, state="active", **where).first()
    return known or TestPointFactory(**where, **fields)


def _kind(point):
    if point.market is not None:
        return TestPoint.Kind.RETAIL if point.market.kind == Market.Kind.RETAIL else TestPoint.Kind.WHOLESALE
    if point.place is not None:
        is_school = point.place.business_type in CANTEENS
        return TestPoint.Kind.SCHOOL_CANTEEN if is_school else TestPoint.Kind.STAFF_CANTEEN
    return TestPoint.Kind.STATION


class TestPointFactory(DjangoModelFactory):
    class Meta:
        model = TestPoint

    market = None
    place = None
    district_id = factory.LazyAttribute(lambda point: (point.market or point.place).district_id)
    kind = factory.LazyAttribute(_kind)
    code = factory.Sequence(lambda n: f"{n:06d}")
    name = factory.LazyAttribute(lambda point: f"{point.market or point.place}快检室")
    town = factory.LazyAttribute(lambda point: (point.market or point.place).town)
    organisation = factory.LazyAttribute(lambda point: (point.market or point.place).organisation)
    opened_on = LONG_AGO


class TestKitFactory(DjangoModelFactory):
    class Meta:
        model = TestKit

    point = factory.SubFactory(TestPointFactory)
    district_id = factory.SelfAttribute("point.district_id")
    item = factory.SubFactory(TestItemFactory)
    brand = "绿洲"
    batch_no = factory.Sequence(lambda n: f"LZ{n:05d}")
    expires_on = dt.date(2027, 6, 30)
    received_on = dt.date(2026, 6, 30)
    client_key = factory.LazyFunction(uuid7)
