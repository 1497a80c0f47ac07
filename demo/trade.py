"""Days of trade, through the services: declared at night, sold before dawn, taken in at the stalls, shown by day."""

import datetime as dt
import hashlib
import heapq
import io
from dataclasses import astuple, dataclass
from decimal import Decimal
from itertools import count

from django.utils import timezone
from PIL import Image

from demo.dice import Dice
from demo.traders import Stock
from kit import clock, images
from kit.ids import uuid7
from registry.papers import PaperKind
from registry.services import suppliers
from traceability.models import Batch
from traceability.print.papers import paper_photo
from traceability.services import audit, declare, enter, record_test, sell, take_in, write_off
from traceability.services.papers import NewPaper

ITEMS = {
    "蔬菜": ("有机磷和氨基甲酸酯类(酶抑制率)", "GB/T 5009.199"),
    "水果": ("有机磷和氨基甲酸酯类(酶抑制率)", "GB/T 5009.199"),
    "水产": ("孔雀石绿", "KJ201701"),
    "鲜肉": ("克伦特罗", "KJ201706"),
    "干货": ("二氧化硫", "比色法"),
}
CHINA = timezone.get_fixed_timezone(480)
PEPPER = "13001"
GREENS = "蔬菜"


@dataclass
class Volume:
    """How much of a day's trade is played; the pilot's district is 1."""

    declarations: int = 75
    sales: int = 180
    by_hand: int = 55
    losses: int = 12

    @classmethod
    def scaled(cls, scale: float):
        usual = cls()
        return cls(*(max(1, round(number * scale)) for number in astuple(usual)))


class TradeDay:
    """One trade day of the district, played in the order of the clock, no further than `until`."""

    def __init__(self, day: dt.date, cast, *, since: dt.datetime, until: dt.datetime, seed: int, volume: Volume):
        self.day, self.since, self.until, self.volume = day, since, until, volume
        self.dice = Dice(seed * 1000 + day.toordinal())
        self.serial = count(day.toordinal() * 1000)
        self.cast = cast
        self.stock = Stock.standing(self.cast)
        self.agenda = []

    def play(self):
        """Every step at its own moment, in order; what would come after `until` has not happened yet."""
        self.plan(self.pepper, 1, -2.5, -2.0)
        self.plan(self.declaration, self.volume.declarations, -2.5, 4.0)
        self.plan(self.sale, self.volume.sales, 2.0, 6.8)
        self.plan(self.entry_by_hand, self.volume.by_hand, 5.5, 10.5)
        self.plan(self.loss, self.volume.losses, 15.0, 18.5)
        while self.agenda:
            moment, _serial, step = heapq.heappop(self.agenda)
            if moment <= self.until:
                with clock.freeze(moment):
                    step(moment)

    def happen(self, step):
        """One step at this moment, and at once whatever follows from it."""
        step(self.until)
        while self.agenda:
            _moment, _serial, following = heapq.heappop(self.agenda)
            following(self.until)

    def plan(self, step, number, first_hour, last_hour):
        midnight = dt.datetime.combine(self.day, dt.time(), CHINA)
        for _ in range(number):
            moment = midnight + dt.timedelta(hours=self.dice.uniform(first_hour, last_hour))
            if moment > self.since:
                self.push(moment, step)

    def push(self, moment, step):
        heapq.heappush(self.agenda, (moment, next(self.serial), step))

    def later(self, moment, minutes, step):
        self.push(moment + dt.timedelta(minutes=minutes), step)

    def pepper(self, moment):
        """The tour follows this one: it is sold to a vegetable stall, whatever else the night brings."""
        trader = self.cast.anyone(self.dice, self.cast.selling(GREENS))
        declaration = self.declare(moment, trader, self.cast.trade[PEPPER])
        buyer = self.cast.anyone(self.dice, self.cast.stalls(GREENS))
        self.later(moment, 90, lambda at: self.test_of(at, declaration))
        self.later(moment, 380, lambda at: self.sale_of(at, trader, buyer, declaration))

    def test_of(self, moment, declaration):
        batch = Batch.objects.filter(declaration=declaration).select_related("place__market", "product").first()
        if batch:
            self.test(moment, batch)

    def sale_of(self, moment, trader, buyer, declaration):
        batch = Batch.objects.filter(declaration=declaration).select_related("place__market", "product").first()
        if batch:
            self.sell(moment, trader, buyer, [(batch, Decimal(self.dice.choice((12, 15, 20))))], taken_in=1)

    def declaration(self, moment):
        trader = self.cast.anyone(self.dice, self.cast.wholesalers)
        self.declare(moment, trader, self.dice.choice(self.cast.goods(trader.place.zone, self.day.month)))

    def declare(self, moment, trader, goods):
        """What follows at the gate is put on the agenda."""
        region = self.cast.origin(self.dice, goods)
        product = self.cast.products[goods.product]
        supplier = self.supplier(trader, product, region)
        unit, quantity = self.quantity(product, goods)
        imported = region.level == "country"
        declaration = declare.declare(
            trader.actor,
            place=trader.place,
            product=product,
            origin_region=region,
            origin_detail=self.dice.choice(("", "", "合作社基地", "种植基地", "一号棚")) if not imported else "",
            quantity=quantity,
            unit=unit,
            supplier=supplier,
            imported=imported,
            vehicle_plate=self.dice.names.plate(region.pk),
            papers=self.papers(product, region, supplier, quantity, unit, imported),
            client_key=uuid7(),
        )
        if declaration.gate_outcome != "reject" and not self.dice.chance(0.02):
            self.later(moment, self.dice.randrange(3, 40), lambda at: self.admission(at, declaration))
        elif self.dice.chance(0.6):
            self.later(moment, self.dice.randrange(5, 60), lambda _: self.send_back(declaration))
        return declaration

    def admission(self, moment, declaration):
        clerk = self.dice.choice(self.cast.clerks)
        checked = [paper.pk for paper in declaration.papers.all() if paper.number and self.dice.chance(0.5)]
        batch = audit.admit(clerk, declaration=declaration, checked_papers=checked)
        self.stock.put(batch)
        if batch.state == Batch.State.PENDING_TEST or self.dice.chance(0.35):
            self.later(moment, self.dice.randrange(20, 70), lambda at: self.test(at, batch))

    def send_back(self, declaration):
        reason = "缺少检疫证明,请补齐后再报" if declaration.product.is_meat else "进货凭证看不清,请重拍"
        audit.send_back(self.dice.choice(self.cast.clerks), declaration=declaration, reason=reason)

    def test(self, moment, batch, result="negative"):
        item, method = ITEMS.get(batch.place.zone, ITEMS["蔬菜"])
        record_test.record_test(
            self.dice.choice(self.cast.testers),
            batch=batch,
            item=item,
            method=method,
            result=result,
            point_name=f"{batch.place.market.name}快检室",
            client_key=uuid7(),
        )

    def sale(self, moment):
        trader = self.cast.anyone(self.dice, self.cast.wholesalers)
        if lots := list(self.stock.take(trader.place, self.dice)):
            buyers = self.cast.buying(trader.place.zone)
            self.sell(moment, trader, None if self.dice.chance(0.06) else self.cast.anyone(self.dice, buyers), lots)

    def sell(self, moment, trader, buyer, lots, *, taken_in=0.88):
        """To a place, which mostly takes the goods in later, or to somebody who walked in."""
        lots = [(batch, kg) for batch, kg in lots if self.saleable(batch, moment)]
        if not lots:
            return
        voucher = sell.sell(
            trader.actor,
            place=trader.place,
            buyer=sell.Buyer(place=buyer.place)
            if buyer
            else sell.Buyer(name=self.dice.person(), phone=self.dice.phone()),
            lines=[
                sell.SaleLine(weight_kg=kg, batch=batch, unit_price_fen=self.cast.price(self.dice, batch.product_id))
                for batch, kg in lots
            ],
            client_key=uuid7(),
        )
        if buyer and self.dice.chance(taken_in):
            self.later(moment, self.dice.randrange(40, 150), lambda _: self.taking_in(buyer, voucher))

    def saleable(self, batch, moment):
        batch.refresh_from_db(fields=["state"])
        held = batch.holds.filter(released_at=None).exists()
        return batch.state == Batch.State.ADMITTED and not held and batch.expires_on >= moment.date()

    def taking_in(self, buyer, voucher):
        answers = []
        for line in voucher.lines.all():
            refuse = Decimal(2) if self.dice.chance(0.02) and line.weight_kg > 4 else Decimal(0)
            reason = self.dice.choice(("变质", "短斤少两", "与凭证不符")) if refuse else ""
            answers.append(take_in.Answer(line.id, line.weight_kg - refuse, refuse, reason))
        take_in.take_in(buyer.actor, place=buyer.place, voucher=voucher, answers=answers, client_key=uuid7())

    def entry_by_hand(self, moment):
        buyer = self.cast.anyone(self.dice, self.cast.buyers)
        zone = buyer.place.zone or self.dice.choice(("粮油", "鲜肉", "豆制品", "蛋品"))
        goods = self.dice.choice(self.cast.goods(zone, self.day.month))
        region = self.cast.origin(self.dice, goods)
        product = self.cast.products[goods.product]
        supplier = self.supplier(buyer, product, region)
        photographed = self.dice.chance(0.6)
        enter.enter_intake(
            buyer.actor,
            place=buyer.place,
            product=product,
            quantity=Decimal(self.dice.choice((5, 8, 10, 15, 20, 25))),
            unit="kg",
            origin_region=region,
            supplier=supplier,
            papers=[self.photo(PaperKind.PURCHASE_SLIP, product, region, supplier, "若干")] if photographed else [],
            client_key=uuid7(),
        )

    def loss(self, moment):
        held = Batch.objects.filter(place__in=[buyer.place.pk for buyer in self.cast.buyers[:60]], state="admitted")
        batch = held.with_stock().filter(on_hand_kg__gt=2).select_related("place__market").order_by("?").first()
        if batch:
            worker = next(buyer for buyer in self.cast.buyers if buyer.place.pk == batch.place_id)
            kind, reason = self.dice.choice((("lost", "失水损耗"), ("withdrawn", "卖相不好"), ("disposed", "变质")))
            write_off.write_off(
                worker.actor, batch=batch, kind=kind, weight_kg=Decimal("0.5"), reason=reason, client_key=uuid7()
            )

    def supplier(self, worker, product, region):
        """Goods of one kind and county come from one supplier, whoever of the market buys them."""
        name, phone = self.cast.known_supplier(self.dice, product.category_id, region)
        key = worker.place.organisation_id, name
        if key not in self.cast.suppliers:
            address = "广州市南沙区" if region.level == "country" else region.full_name
            self.cast.suppliers[key] = suppliers.remember(
                worker.actor, place=worker.place, name=name, address=address, phone=phone
            )
        return self.cast.suppliers[key]

    def quantity(self, product, goods):
        weight_kg = Decimal(goods.batch_kg) * Decimal(str(round(self.dice.uniform(0.4, 1.6), 2)))
        if product.unit == "kg":
            return "kg", weight_kg.quantize(Decimal(10))
        return product.unit, max(Decimal(1), (weight_kg / product.kg_per_unit).quantize(Decimal(1)))

    def papers(self, product, region, supplier, quantity, unit, imported):
        """What the product needs; now and then something is missing, as it is in life."""
        kinds = []
        if not self.dice.chance(0.03):
            kinds.append(PaperKind.PURCHASE_SLIP)
        if imported:
            kinds.append(PaperKind.ENTRY_QUARANTINE)
        else:
            kinds += [PaperKind(kind) for kind in product.required_papers if not self.dice.chance(0.02)]
            if product.commitment_certificate and not self.dice.chance(0.1):
                kinds.append(PaperKind.COMMITMENT_CERTIFICATE)
        return [self.photo(kind, product, region, supplier, f"{quantity}{unit}") for kind in kinds]

    def photo(self, kind, product, region, supplier, quantity):
        """A paper with its picture. A supplier's paper for a product is photographed once and handed on."""
        key = kind, product.pk, region.pk
        if key not in self.cast.photos:
            number = f"{self.day:%Y%m%d}{next(self.serial) % 10**6:06d}"
            fields = {
                "product": product.name, "quantity": quantity, "origin": region.full_name, "issuer": supplier.name,
                "supplier": supplier.name, "issued_on": self.day.isoformat(), "phone": supplier.phone, "number": number,
            }  # fmt: skip
            content = paper_photo(kind, fields, next(self.serial))
            self.cast.photos[key] = number, self.day, as_stored(content)
        number, issued_on, image = self.cast.photos[key]
        return NewPaper(kind, number=number, issuer=supplier.name, issued_on=issued_on, photo=image)


def as_stored(content: bytes) -> images.StoredImage:
    """A picture we drew ourselves has nothing to take out of it."""
    with Image.open(io.BytesIO(content)) as picture:
        return images.StoredImage(content, *picture.size, hashlib.sha256(content).hexdigest())
