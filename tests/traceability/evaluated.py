"""Goods that went the whole way to a school's canteen, and the points that tested them."""

from __future__ import annotations

from dataclasses import dataclass

from registry.actors import Actor
from registry.models import Place
from registry.roles import Role
from tests.factories.registry import MarketFactory, StoreFactory, SupplierFactory, TownFactory, actor_with
from tests.factories.testing import TestItemFactory, point_at
from tests.factories.traceability import (
    BatchFactory,
    HandIntakeFactory,
    IntakeFactory,
    RapidTestFactory,
    VoucherFactory,
    WholesaleStallFactory,
)
from traceability.models import BackTrace, Batch, RapidTest, TestItem, TestPoint
from traceability.services.back_trace import trace_back


@dataclass
class Way:
    """A wholesale batch, part of it in the canteen, and both points."""

    batch: Batch
    canteen: Place
    child: Batch
    market_point: TestPoint
    canteen_point: TestPoint

    @property
    def tester(self) -> Actor:
        return actor_with(Role.STORE_MANAGER, place=self.canteen)

    def tested_upstream(self, item: TestItem | None = None, **fields) -> RapidTest:
        return RapidTestFactory(batch=self.batch, point=self.market_point, item=item or carbofuran(), **fields)

    def found(self, item: TestItem | None = None, result="positive", **fields) -> RapidTest:
        return RapidTestFactory(
            batch=self.child, point=self.canteen_point, actor=self.tester, item=item or carbofuran(), result=result,
            **fields,
        )  # fmt: skip


def carbofuran() -> TestItem:
    return TestItemFactory(code="CARBO", name="克百威")


def way(canteen: Place | None = None, market=None, **fields) -> Way:
    """Peppers from the wholesale market, 10 kg of them taken in by the canteen."""
    stall = WholesaleStallFactory(market=market or MarketFactory(wholesale=True))
    batch = BatchFactory(place=stall, supplier=SupplierFactory(organisation=stall.organisation), **fields)
    canteen = canteen or StoreFactory(town=TownFactory())
    intake = IntakeFactory(voucher=VoucherFactory(batch=batch, buyer=canteen))
    batch.refresh_from_db()
    return Way(batch, canteen, intake.batch, point_at(stall), point_at(canteen))


def by_hand(canteen: Place, market_point: TestPoint, **fields) -> Way:
    """Peppers the canteen wrote down without a voucher: nobody knows from where."""
    child = HandIntakeFactory(place=canteen, **fields).batch
    return Way(child, canteen, child, market_point, point_at(canteen))


def traced(test: RapidTest) -> BackTrace:
    case = test.cases.get()
    return trace_back(case_id=case.pk, district_id=case.district_id)
