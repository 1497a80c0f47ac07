"""Sales of a history: vouchers before dawn, taken in at stalls and canteens an hour or two later."""

import datetime as dt
from collections import defaultdict
from decimal import Decimal
from functools import lru_cache

from registry.models.contact import phone_fields
from traceability import kilos
from traceability.models import Intake, LineRefusal, TraceEvent, Voucher, VoucherLine

from .goods import Goods, Ledger

Kind = TraceEvent.Kind
WALK_IN, TAKEN_IN, REFUSED = 0.55, 0.9, 0.015
"""Shares of vouchers to customers by name, of the rest taken in, and of lines of which something is refused."""
CANTEEN = 0.42
"""Share of vouchers to known buyers that go to a canteen."""
REASONS = ("变质", "短斤少两", "与凭证不符")
LEAST_KG = Decimal(10)
ASKED = 5

_phone_fields = lru_cache(maxsize=5000)(phone_fields)


class Sales:
    def __init__(self, ledger: Ledger):
        self.ledger, self.stage, self.dice = ledger, ledger.stage, ledger.dice
        self.stock: dict = {}
        self.sellers: list = []
        self.by_zone = defaultdict(list)
        for stand in self.stage.stalls:
            self.by_zone[stand.place.zone].append(stand)

    def open(self, night: list[Goods]) -> None:
        """What the night's gate let in, by seller. Goods that wait for a test, or were stopped by one, stay out."""
        self.stock = defaultdict(list)
        for goods in night:
            if goods.row["state"] == "admitted" and goods.free:
                self.stock[goods.stand].append(goods)
        self.sellers = list(self.stock)

    def sell(self, day, at) -> list[Goods]:
        """A voucher; what its buyer took in comes back as the buyer's goods."""
        seller, lots = self.seller(at)
        if not lots:
            return []
        chosen = self.dice.sample(lots, min(len(lots), self.dice.choice((1, 1, 2, 2, 3))))
        buyer = self.buyer(seller)
        voucher, lines = self.issue(day, at, seller, buyer, chosen)
        if buyer is None or self.dice.random() > TAKEN_IN:
            return []
        later = at + dt.timedelta(minutes=self.dice.randrange(40, 110))
        return self.take_in(day, later, buyer, voucher, lines)

    def seller(self, at):
        """Somebody who has something, and what it is; after a few who have not, nobody."""
        for seller in self.dice.sample(self.sellers, min(len(self.sellers), ASKED)):
            if lots := [goods for goods in self.stock[seller] if goods.left_kg > LEAST_KG and goods.ready_at < at]:
                return seller, lots
        return None, []

    def buyer(self, seller):
        if not self.stage.stalls or self.dice.random() < WALK_IN:
            return None
        if self.stage.canteens and self.dice.random() < CANTEEN:
            return self.dice.choice(self.stage.canteens)
        return self.dice.choice(self.by_zone.get(seller.place.zone) or self.stage.stalls)

    def issue(self, day, at, seller, buyer, chosen):
        """As `services.sell` would write it."""
        voucher_id = self.ledger.ids.at(at)
        lines = [self.line(at, voucher_id, position, goods) for position, goods in enumerate(chosen, 1)]
        voucher = {
            "id": voucher_id, "district_id": seller.district_id, "place_id": seller.id,
            "organisation_id": seller.organisation_id, "market_name": seller.place.market.name,
            "seller_name": seller.seller_name, "stall_no": seller.place.stall_no, "seller_phone": seller.seller_phone,
            "trade_day": day.date, "sold_at": at, "recorded_at": at,
            "amount_fen": sum(row["amount_fen"] for row, _ in lines), "sold_by_id": seller.hand.account_id,
            "client_key": self.ledger.ids.key(), **self.ledger.coded("v", voucher_id, seller.district_id, at),
            **self.named(buyer),
        }  # fmt: skip
        self.ledger.writers[Voucher].add(voucher)
        for row, goods in lines:
            self.ledger.event(
                Kind.SOLD, place=seller, at=at, actor=seller.hand, batch=goods.row["id"], voucher=voucher_id,
                weight_kg=row["weight_kg"], other_place_id=buyer and buyer.id, line_id=row["id"], offline=False,
            )  # fmt: skip
        return voucher, lines

    def line(self, at, voucher_id, position, goods):
        weight_kg = min(goods.left_kg / 2, Decimal(self.dice.randrange(100, 560)) / 20).quantize(Decimal("0.05"))
        goods.take("sold_kg", weight_kg)
        price = self.price(goods.product.pk)
        row = self.ledger.add(
            VoucherLine, at, district_id=goods.stand.district_id, voucher_id=voucher_id, position=position,
            batch_id=goods.row["id"], product_id=goods.product.pk, product_name=goods.product.name,
            origin_text=goods.origin_text, weight_kg=weight_kg, unit_price_fen=price,
            amount_fen=kilos.amount_fen(weight_kg, price),
        )  # fmt: skip
        return row, goods

    def price(self, product_id):
        low, high = self.stage.prices[product_id]
        return self.dice.randrange(low, high, 10)

    def named(self, buyer):
        if buyer is None:
            name, phone = self.dice.choice(self.stage.customers)
            return {"buyer_name": name, **_phone_fields(phone)}
        return {
            "buyer_place_id": buyer.id, "buyer_district_id": buyer.district_id,
            "buyer_organisation_id": buyer.organisation_id, "buyer_name": buyer.title,
        }  # fmt: skip

    def take_in(self, day, at, buyer, voucher, lines) -> list[Goods]:
        """As `services.take_in`: every line taken in, here and there something refused and sent back."""
        client_key = self.ledger.ids.key()
        made = []
        for row, goods in lines:
            refused_kg = Decimal(2) if row["weight_kg"] > 4 and self.dice.random() < REFUSED else Decimal(0)
            accepted_kg = row["weight_kg"] - refused_kg
            row.update(accepted_kg=accepted_kg, refused_kg=refused_kg)
            made.append(self.taken(day, at, buyer, voucher, row, goods, accepted_kg, client_key))
            if refused_kg:
                self.refuse(at, buyer, voucher, row, goods, client_key)
        return made

    def taken(self, day, at, buyer, voucher, row, goods, weight_kg, client_key) -> Goods:
        region = self.stage.region(goods.row["origin_region_id"])
        child = self.ledger.batch(
            buyer, goods.product, region, detail=goods.row["origin_detail"], weight_kg=weight_kg, day=day.date, at=at,
            evidence=goods.row["evidence_level"], source_line_id=row["id"], source_district_id=row["district_id"],
            parent_id=goods.row["id"],
        )  # fmt: skip
        intake = self.ledger.add(
            Intake, at, district_id=buyer.district_id, source="voucher", place_id=buyer.id,
            organisation_id=buyer.organisation_id, batch_id=child.row["id"], voucher_line_id=row["id"],
            voucher_district_id=row["district_id"], product_id=goods.product.pk, quantity=weight_kg, unit="kg",
            weight_kg=weight_kg, origin_region_id=region.pk, origin_detail=goods.row["origin_detail"],
            supplier_name=voucher["seller_name"], supplier_market=voucher["market_name"],
            supplier_address=f"{voucher['market_name']} {voucher['stall_no']}".strip(),
            supplier_phone=voucher["seller_phone"], unit_price_fen=row["unit_price_fen"], trade_day=day.date,
            taken_at=at, taken_by_id=buyer.hand.account_id, client_key=client_key,
        )  # fmt: skip
        self.ledger.event(
            Kind.TAKEN_IN, place=buyer, at=at, actor=buyer.hand, batch=child.row["id"], voucher=voucher["id"],
            weight_kg=weight_kg, other_place_id=voucher["place_id"], parent_batch_id=goods.row["id"],
            line_id=row["id"], intake_id=intake["id"], source="voucher",
        )  # fmt: skip
        return child

    def refuse(self, at, buyer, voucher, row, goods, client_key):
        reason = self.dice.choice(REASONS)
        self.ledger.add(
            LineRefusal, at, district_id=buyer.district_id, voucher_line_id=row["id"],
            voucher_district_id=row["district_id"], place_id=buyer.id, organisation_id=buyer.organisation_id,
            weight_kg=row["refused_kg"], reason=reason, refused_at=at, refused_by_id=buyer.hand.account_id,
            client_key=client_key,
        )  # fmt: skip
        goods.take("sold_kg", -row["refused_kg"])
        self.ledger.event(
            Kind.REFUSED, place=buyer, at=at, actor=buyer.hand, batch=goods.row["id"], voucher=voucher["id"],
            weight_kg=row["refused_kg"], other_place_id=voucher["place_id"], line_id=row["id"], reason=reason,
        )  # fmt: skip
