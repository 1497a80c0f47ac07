"""Follow a positive: each morning at 07:10 a canteen finds carbofuran in yardlong beans that came a long way.

A base → a wholesaler → a second one who buys from the first → four canteens and a stall. The gate tested the beans
for something else.
"""

import datetime as dt
from decimal import Decimal

from demo.lab import Purpose
from kit import clock
from registry.models import Base, Place
from registry.services import bases
from traceability.models import Batch, PositiveCase, VoucherLine
from traceability.selectors.lineage import way_to

BEANS, ITEM = "12001", "CARBO"
FOUND_AT = dt.timedelta(hours=7, minutes=10)
BEGINS_AT = dt.timedelta(hours=-2, minutes=-20)
CANTEENS = 4


class Story:
    """Steps for a `TradeDay`, from the declaration in the evening to the strip in the morning."""

    def __init__(self, trade):
        self.trade, self.dice, self.cast = trade, trade.dice, trade.cast
        greens = [worker for worker in self.cast.wholesalers if worker.place.zone == "蔬菜"]
        self.traders = sorted(greens, key=lambda worker: worker.place.pk not in self.cast.guides)[:2]
        known = sorted(self.cast.canteens, key=lambda worker: worker.place.pk not in self.cast.guides)
        self.canteens = known[:CANTEENS]
        self.children = []

    @property
    def castable(self) -> bool:
        """In a district too small for it, it is not told."""
        return len(self.traders) == 2 and bool(self.canteens) and BEANS in self.cast.trade

    def plan(self, midnight, since):
        if self.castable and midnight + BEGINS_AT > since:
            self.trade.push(midnight + BEGINS_AT, self.declared)
            self.trade.push(midnight + FOUND_AT, self.found)

    def tell(self, moment):
        """All of it at once, for a demo that was up through the night."""
        if self.castable:
            self.declared(moment)
            self.trade.later(moment, 400, self.found)

    def declared(self, moment):
        trader = self.traders[0]
        declaration = self.trade.declare(moment, trader, self.cast.trade[BEANS], base=self.base(trader), whole=True)
        self.trade.later(moment, 45, lambda at: self.admitted(at, declaration))

    def base(self, trader) -> Base:
        """The grower under contract, whose beans these are."""
        region = self.cast.origin(self.dice, self.cast.trade[BEANS])
        name = f"{region.name.removesuffix('县').removesuffix('区').removesuffix('市')}长豆角基地"
        organisation = trader.place.organisation_id
        known = Base.objects.filter(organisation=organisation, name=name).first()
        details = bases.Details(
            name=name, region=region, detail="三号片区", products=[self.cast.products[BEANS]], contract_no="ZZ-2024-031"
        )
        return known or bases.register(trader.actor, place=trader.place, details=details)

    def admitted(self, moment, declaration):
        batch = self.trade.batch_of(declaration)
        if batch is None:
            return
        self.cast.lab.test(self.dice, batch, purpose=Purpose.ENTRY, item="PEST_ENZ")
        self.trade.later(moment, 100, lambda at: self.passed_on(at, batch))

    def passed_on(self, moment, batch):
        """The second wholesaler buys a good part of it and takes it in."""
        first, second = self.traders
        voucher = self.trade.sell(moment, first, second, [(batch, Decimal(80))], taken_in=0)
        intake = self.trade.taking_in(second, voucher)[0]
        self.trade.later(moment, 160, lambda at: self.sold(at, intake.batch))

    def sold(self, moment, batch):
        stalls = self.cast.stalls("蔬菜")
        for buyer in (*self.canteens, self.cast.anyone(self.dice, stalls)):
            weight_kg = Decimal(self.dice.choice((8, 10, 12)))
            voucher = self.trade.sell(moment, self.traders[1], buyer, [(batch, weight_kg)], taken_in=0)
            self.children.append(self.trade.taking_in(buyer, voucher)[0].batch)

    def found(self, moment):
        if self.children:
            goods = Batch.objects.select_related("place__market", "product", "origin_region")
            batch = goods.get(pk=self.children[0].pk)
            self.cast.lab.test(self.dice, batch, purpose=Purpose.ACCEPTANCE, says="positive", item=ITEM)


def told_today() -> bool:
    return PositiveCase.objects.filter(item=ITEM, branch="canteen", opened_at__gte=_midnight()).exists()


def due_now(now: dt.datetime) -> bool:
    return _midnight() + FOUND_AT <= now < _midnight() + dt.timedelta(hours=9) and not told_today()


def _midnight() -> dt.datetime:
    return clock.now().replace(hour=0, minute=0, second=0, microsecond=0)


def latest() -> PositiveCase | None:
    """The newest of these positives, with its goods."""
    found = PositiveCase.objects.filter(branch="canteen", item=ITEM, batch__parent_id__isnull=False)
    return found.select_related("place", "item", "product", "batch").order_by("-opened_at").first()


def way_back(case: PositiveCase) -> list[Batch]:
    """From the base's goods at the gate down to the canteen's."""
    return way_to(case.batch_id, Batch.objects.select_related("place__market", "product", "declaration__base"))


def others(case: PositiveCase) -> list[Place]:
    """Who else bought of the same goods."""
    lines = VoucherLine.objects.filter(batch=case.batch.parent_id).values("pk")
    bought = Batch.objects.filter(source_line_id__in=lines).exclude(pk=case.batch_id)
    return [batch.place for batch in bought.select_related("place__market").order_by("pk")]
