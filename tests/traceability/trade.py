"""A small district for recalls: a wholesaler who sold to a stall, a canteen, a second-tier wholesaler and a walk-in."""

from __future__ import annotations

from dataclasses import dataclass

from registry.models import Place
from tests.factories.registry import MarketFactory, StallFactory, StoreFactory
from tests.factories.traceability import BatchFactory, IntakeFactory, VoucherFactory, WholesaleStallFactory, buyer_of
from traceability.models import Batch, Voucher


@dataclass
class Trade:
    batch: Batch
    """100 kg; 30 to the second tier, 20 to the stall, 10 not taken in yet, 5 to a walk-in, 35 on hand."""

    second_tier: Batch
    canteen: Batch
    """8 kg bought from the second tier."""

    stall: Batch
    waiting: Voucher
    walk_in: Voucher

    def fresh(self, batch: Batch) -> Batch:
        return Batch.objects.select_related("place__market", "place__organisation", "product").get(pk=batch.pk)


def buy(batch: Batch, place: Place, weight_kg: int) -> Batch:
    return IntakeFactory(voucher=VoucherFactory(batch=batch, buyer=place, weight_kg=weight_kg)).batch


def trade(**of_batch) -> Trade:
    batch = BatchFactory(**of_batch)
    second_tier = buy(batch, WholesaleStallFactory(market=MarketFactory(wholesale=True), name="二批"), 30)
    stall = buy(batch, StallFactory(name="阿娟蔬菜档"), 20)
    canteen = buy(second_tier, StoreFactory(name="中心小学食堂"), 8)
    waiting = VoucherFactory(batch=batch, buyer=StallFactory(name="未入账档"), weight_kg=10)
    walk_in = VoucherFactory(batch=batch, walk_in=True, weight_kg=5)
    for each in (batch, second_tier, stall, canteen):
        each.refresh_from_db()
    return Trade(batch, second_tier, canteen, stall, waiting, walk_in)


def place_of(voucher: Voucher) -> Place:
    return buyer_of(voucher)
