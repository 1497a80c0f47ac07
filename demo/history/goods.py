"""Goods of a history: declared and let in at the wholesale gate, or entered by hand where they are kept."""

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cache

from registry.papers import PaperKind
from traceability import gate, kilos
from traceability.balance import expires_on
from traceability.gate import GateFacts, Outcome
from traceability.models import Batch, Declaration, Intake, Paper, TraceEvent
from traceability.services import events
from traceability.services.papers import evidence_of

from .suppliers import Suppliers

Kind = TraceEvent.Kind
ZERO = Decimal(0)


@dataclass(eq=False, slots=True)
class Goods:
    """A batch of the past while its day is written; `row` becomes its columns. It may be sold from `ready_at` on."""

    row: dict
    stand: object
    product: object
    origin_text: str
    made_at: dt.datetime
    ready_at: dt.datetime
    left_kg: Decimal
    free: bool = True
    tested: list = field(default_factory=list)

    def take(self, column: str, weight_kg: Decimal) -> None:
        self.row[column] = self.row.get(column, ZERO) + weight_kg
        self.left_kg -= weight_kg


class Ledger:
    """What every maker needs: writers, ids, codes, and the events that services would have recorded."""

    def __init__(self, writers, ids, codes, stage, dice):
        self.writers, self.ids, self.codes, self.stage, self.dice = writers, ids, codes, stage, dice
        self.today: dict = defaultdict(list)
        self.suppliers = Suppliers(self)

    def add(self, model, moment, /, **row) -> dict:
        row["id"] = self.ids.at(moment)
        return self.writers[model].add(row)

    def event(self, kind, *, place, at, **facts) -> None:
        row = events.event_fields(kind, place=place, at=at, **facts)
        self.add(TraceEvent, at, **{**row, "kind": row["kind"].value})

    def coded(self, kind: str, target_id: str, district_id: str, at) -> dict:
        """A new public code of a thing, and the thing's own columns of it."""
        token, typed_code = self.codes.next()
        self.writers.code(
            token=token, typed_code=typed_code, kind=kind, district_id=district_id, target_id=target_id,
            state="active", issued_at=at,
        )  # fmt: skip
        return {"token": token, "typed_code": typed_code}

    def batch(
        self, stand, product, region, *, detail, weight_kg, day, at, evidence, state="admitted", **source
    ) -> Goods:  # fmt: skip
        """As `services.batches.make_batch`. `source`: the declaration, or the line it was born of."""
        batch_id = self.ids.at(at)
        row = {
            "id": batch_id, "district_id": stand.district_id, "state": state, "place_id": stand.id,
            "organisation_id": stand.organisation_id, "product_id": product.pk, "origin_region_id": region.pk,
            "origin_detail": detail, "trade_day": day, "made_at": at, "evidence_level": int(evidence),
            "expires_on": expires_on(day, product.shelf_days), "admitted_kg": weight_kg,
            **self.coded("b", batch_id, stand.district_id, at), **source,
        }  # fmt: skip
        self.writers[Batch].add(row)
        origin_text = f"{region.full_name} {detail}".strip()
        goods = Goods(row, stand, product, origin_text, at, at, weight_kg)
        self.today[stand.id, product.pk].append(goods)
        return goods

    def matched(self, stand, product, at) -> Goods | None:
        """By the published rule: the one batch of this seller, product and day, as far as it is known by now."""
        known = [goods for goods in self.today[stand.id, product.pk] if goods.made_at <= at]
        return known[0] if len(known) == 1 else None


class Gate:
    """入场申报: declared at night, let in half an hour later, some of it waiting for a test."""

    SHOWN = 0.5
    """Share of numbered papers that the clerk compares."""

    def __init__(self, ledger: Ledger):
        self.ledger, self.stage, self.dice = ledger, ledger.stage, ledger.dice

    def declare(self, day, at) -> Goods | None:
        """None where nobody may bring anything today."""
        stand = self.dice.choice(self.stage.sellers)
        goods = self.stage.goods(stand.place.zone, day.date.month)
        if not goods or not agreed(stand, day.date):
            return None
        trade = self.dice.choice(goods)
        codes, shares = zip(*trade.origins, strict=True)
        region = self.stage.region(self.dice.choices(codes, shares)[0])
        product = self.stage.products[trade.product]
        imported = region.level == "country"
        unit, quantity = self.quantity(product, trade.batch_kg)
        row = {
            "district_id": stand.district_id, "state": "admitted", "market_id": stand.place.market_id,
            "place_id": stand.id, "organisation_id": stand.organisation_id, "trade_day": day.date,
            "product_id": product.pk, "origin_region_id": region.pk,
            "origin_detail": "" if imported else self.dice.choice(("", "合作社基地", "种植基地")), "quantity": quantity,
            "unit": unit, "weight_kg": kilos.to_kg(quantity, unit, product.kg_per_unit), "imported": imported,
            "supplier_id": self.ledger.suppliers.of(stand, product, region, at).pk,
            "vehicle_plate": self.dice.names.plate(region.pk), "declared_at": at,
            "declared_by_id": stand.hand.account_id, "client_key": self.ledger.ids.key(),
        }  # fmt: skip
        return self.admit(day, stand, product, region, row)

    def admit(self, day, stand, product, region, row) -> Goods:
        """As `services.declare` and `services.audit` would: the gate's table decides, the clerk looks at papers."""
        declared_at = row["declared_at"]
        at = declared_at + dt.timedelta(minutes=self.dice.randrange(3, 40))
        clerk = self.dice.choice(self.stage.clerks)
        declaration = self.ledger.add(Declaration, declared_at, **row)
        papers = self.papers(declaration, product, clerk, at)
        evidence = evidence_of([Paper(**paper) for paper in papers])
        outcome, missing, articles = decided(
            frozenset(paper["kind"] for paper in papers), tuple(product.required_papers), row["imported"], day.date
        )
        declaration.update(
            evidence_level=int(evidence), gate_outcome=outcome, gate_missing=missing, gate_articles=articles,
            audited_by_id=clerk.account_id, audited_at=at, entered_at=at,
        )  # fmt: skip
        pending = outcome == Outcome.ADMIT_PENDING_TEST
        goods = self.ledger.batch(
            stand, product, region, detail=row["origin_detail"], weight_kg=row["weight_kg"], day=day.date, at=at,
            evidence=evidence, state="pending_test" if pending else "admitted", declaration_id=declaration["id"],
        )  # fmt: skip
        self.tell(stand, product, region, declaration, goods, clerk, at, pending)
        return goods

    def tell(self, stand, product, region, declaration, goods, clerk, at, pending):
        self.ledger.event(
            Kind.DECLARED, place=stand, at=declaration["declared_at"], actor=stand.hand,
            weight_kg=declaration["weight_kg"], declaration_id=declaration["id"], product=product.code,
            origin=region.code, on_behalf=False,
        )  # fmt: skip
        self.ledger.event(
            Kind.ADMITTED, place=stand, at=at, actor=clerk, batch=goods.row["id"], weight_kg=declaration["weight_kg"],
            declaration_id=declaration["id"], pending_test=pending, evidence_level=declaration["evidence_level"],
            product=product.pk, origin=region.pk,
        )  # fmt: skip

    def papers(self, declaration, product, clerk, at):
        """What the goods need, by number; one in ten without a quality proof waits for a test."""
        kinds = [PaperKind.PURCHASE_SLIP]
        if declaration["imported"]:
            kinds.append(PaperKind.ENTRY_QUARANTINE)
        else:
            kinds += [PaperKind(kind) for kind in product.required_papers]
            if product.commitment_certificate and self.dice.random() < 0.9:
                kinds.append(PaperKind.COMMITMENT_CERTIFICATE)
        return [self.paper(declaration, kind, clerk, at) for kind in kinds]

    def paper(self, declaration, kind, clerk, at):
        checked = self.dice.random() < self.SHOWN
        return self.ledger.add(
            Paper, declaration["declared_at"], district_id=declaration["district_id"],
            declaration_id=declaration["id"], kind=kind.value,
            number=f"{declaration['trade_day']:%Y%m%d}{self.dice.randrange(10**6):06d}",
            issued_on=declaration["trade_day"], added_by_id=declaration["declared_by_id"],
            added_at=declaration["declared_at"], verified_by_id=clerk.account_id if checked else None,
            verified_at=at if checked else None,
        )  # fmt: skip

    def quantity(self, product, batch_kg):
        weight_kg = Decimal(batch_kg) * Decimal(self.dice.randrange(40, 160)) / 100
        if product.unit == "kg":
            return "kg", weight_kg.quantize(Decimal(10))
        return product.unit, max(Decimal(1), (weight_kg / product.kg_per_unit).quantize(Decimal(1)))


class ByHand:
    """手工登记: what stalls and canteens enter that came without a voucher of ours."""

    def __init__(self, ledger: Ledger):
        self.ledger, self.stage, self.dice = ledger, ledger.stage, ledger.dice

    def enter(self, day, at, stand) -> Goods:
        zone = stand.place.zone or self.dice.choice(("粮油", "鲜肉", "豆制品", "蛋品", "蔬菜", "水产"))
        trade = self.dice.choice(self.stage.goods(zone, day.date.month) or self.stage.goods("粮油", day.date.month))
        codes, shares = zip(*trade.origins, strict=True)
        region = self.stage.region(self.dice.choices(codes, shares)[0])
        product = self.stage.products[trade.product]
        supplier = self.ledger.suppliers.of(stand, product, region, at)
        weight_kg = Decimal(self.dice.choice((5, 8, 10, 15, 20, 25)))
        goods = self.ledger.batch(
            stand, product, region, detail="", weight_kg=weight_kg, day=day.date, at=at, evidence=evidence_of([])
        )
        intake = self.ledger.add(
            Intake, at, district_id=stand.district_id, source="manual", place_id=stand.id,
            organisation_id=stand.organisation_id, batch_id=goods.row["id"], product_id=product.pk,
            quantity=weight_kg, unit="kg", weight_kg=weight_kg, origin_region_id=region.pk, supplier_id=supplier.pk,
            supplier_name=supplier.name, supplier_address=supplier.address, supplier_phone=supplier.phone,
            trade_day=day.date, taken_at=at, taken_by_id=stand.hand.account_id, client_key=self.ledger.ids.key(),
        )  # fmt: skip
        self.ledger.event(
            Kind.TAKEN_IN, place=stand, at=at, actor=stand.hand, batch=goods.row["id"], weight_kg=weight_kg,
            intake_id=intake["id"], source="manual", product=product.pk, origin=region.pk,
        )  # fmt: skip
        return goods


def agreed(stand, day: dt.date) -> bool:
    """Under an agreement with its market on this day (总局令81号 第24条)."""
    signed_on, ends_on = stand.agreed or (None, None)
    return signed_on is not None and signed_on <= day and (ends_on is None or day <= ends_on)


@cache
def decided(kinds: frozenset, required: tuple, imported: bool, day: dt.date):
    """What the gate says of such papers at a stall with an agreement in force."""
    answer = gate.decide(
        GateFacts(
            entry_on=day, vendor_active=True, agreement_signed_on=day, imported=imported,
            papers=frozenset(PaperKind(kind) for kind in kinds),
            required_papers=frozenset(PaperKind(kind) for kind in required),
        )
    )  # fmt: skip
    return answer.outcome.value, [missing.key for missing in answer.missing], list(answer.articles)
