"""The smallest legal goods, made by the services in the order of trade. Traits name situations.

Without arguments: a wholesaler declares 100 kg of peppers with both papers, the market's clerk admits
them, 10 kg are sold to a retail stall, and its keeper takes them in.
"""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import factory

from kit.ids import uuid7
from kit.tradeday import CHINA
from registry.actors import Actor
from registry.models import Market, Place, Supplier
from registry.papers import PaperKind
from registry.roles import Role
from tests.factories.registry import (
    CountyFactory,
    MarketFactory,
    OrganisationFactory,
    ProductFactory,
    StallFactory,
    SupplierFactory,
    actor_with,
)
from tests.factories.testing import point_at
from traceability.models import Batch, Declaration, Hold, Intake, RapidTest, Recall, RecallRequest, StockMove, Voucher
from traceability.services import (
    audit,
    declare,
    enter,
    hold,
    recall,
    recall_request,
    record_test,
    sell,
    take_in,
    write_off,
)
from traceability.services.papers import NewPaper

TODAY = dt.date(2026, 11, 22)
DAWN = dt.datetime(2026, 11, 22, 5, 30, tzinfo=CHINA)

SLIP = NewPaper(PaperKind.PURCHASE_SLIP, number="J20261122-7")
PROOF = NewPaper(PaperKind.COMMITMENT_CERTIFICATE, number="C440607000123", issuer="乐平蔬菜合作社", issued_on=TODAY)


def clerk(place: Place) -> Actor:
    """Somebody who manages the market of a stall."""
    return actor_with(Role.MARKET_MANAGER, market=place.market)


def officer(district_id: str = "440607") -> Actor:
    return actor_with(Role.DISTRICT_OFFICER, district_id=district_id)


def keeper(place: Place) -> Actor:
    """Somebody who trades at a place."""
    return actor_with(_trade_of(place), place=place)


def _trade_of(place):
    if place.kind == Place.Kind.STORE:
        return Role.STORE_MANAGER
    return Role.VENDOR if place.market.kind == Market.Kind.RETAIL else Role.WHOLESALER


def buyer_of(voucher: Voucher) -> Place:
    """The place a slip names."""
    return Place.objects.get(pk=voucher.buyer_place_id)


def supplier_of(place: Place) -> Supplier:
    """Whom the trader at a place always buys from."""
    known = {"organisation": place.organisation, "district_id": place.district_id}
    return Supplier.objects.filter(**known).first() or SupplierFactory(**known)


def later_keeper(place: Place) -> Actor:
    """The keeper of a place after it has changed hands."""
    place.occupancies.update(ended_on=TODAY)
    place.organisation = OrganisationFactory()
    place.save()
    return keeper(place)


class WholesaleStallFactory(StallFactory):
    """A stall that may declare: its keeper has an agreement with the market."""

    class Meta:
        skip_postgeneration_save = True

    market = factory.SubFactory(MarketFactory, wholesale=True)
    name = "粤丰果菜行"
    occupancy__agreement_signed_on = dt.date(2026, 1, 1)


class DeclarationFactory(factory.Factory):
    class Meta:
        model = Declaration

    class Params:
        unproven = factory.Trait(papers=(SLIP,))
        without_slip = factory.Trait(papers=(PROOF,))
        on_behalf = factory.Trait(actor=factory.LazyAttribute(lambda declaration: clerk(declaration.place)))

    place = factory.SubFactory(WholesaleStallFactory)
    actor = factory.LazyAttribute(lambda declaration: keeper(declaration.place))
    product = factory.SubFactory(ProductFactory)
    origin_region = factory.SubFactory(CountyFactory)
    quantity = Decimal(100)
    unit = "kg"
    papers = (SLIP, PROOF)
    client_key = factory.LazyFunction(uuid7)

    @classmethod
    def _create(cls, model, actor, **kwargs):
        return declare.declare(actor, **kwargs)


class BatchFactory(DeclarationFactory):
    """A batch as the gate made it. `unproven` waits for its test."""

    class Meta:
        model = Batch

    @classmethod
    def _create(cls, model, actor, **kwargs):
        declaration = declare.declare(actor, **kwargs)
        return audit.admit(clerk(declaration.place), declaration=declaration)


class VoucherFactory(factory.Factory):
    """A slip of one line. `buyer` is a place."""

    class Meta:
        model = Voucher

    class Params:
        walk_in = factory.Trait(buyer=sell.Buyer(name="李婆婆", phone="13712345678"))

    batch = factory.SubFactory(BatchFactory)
    buyer = factory.SubFactory(StallFactory)
    weight_kg = Decimal(10)
    unit_price_fen = 350
    actor = factory.LazyAttribute(lambda voucher: keeper(voucher.batch.place))
    client_key = factory.LazyFunction(uuid7)

    @classmethod
    def _create(cls, model, actor, batch, buyer, weight_kg, unit_price_fen, client_key):
        buyer = buyer if isinstance(buyer, sell.Buyer) else sell.Buyer(place=buyer)
        line = sell.SaleLine(weight_kg=Decimal(weight_kg), batch=batch, unit_price_fen=unit_price_fen)
        return sell.sell(actor, place=batch.place, buyer=buyer, lines=[line], client_key=client_key)


class IntakeFactory(factory.Factory):
    """The goods of a slip at its buyer's; its batch is a child of the seller's."""

    class Meta:
        model = Intake

    voucher = factory.SubFactory(VoucherFactory)
    place = factory.LazyAttribute(lambda intake: buyer_of(intake.voucher))
    actor = factory.LazyAttribute(lambda intake: keeper(intake.place))
    client_key = factory.LazyFunction(uuid7)

    @classmethod
    def _create(cls, model, actor, voucher, **kwargs):
        answers = [take_in.Answer(line.pk, accept_kg=line.weight_kg) for line in voucher.lines.all()]
        return take_in.take_in(actor, voucher=voucher, answers=answers, **kwargs)[0]


class HandIntakeFactory(factory.Factory):
    """Goods that came without a slip of ours."""

    class Meta:
        model = Intake

    place = factory.SubFactory(StallFactory)
    actor = factory.LazyAttribute(lambda intake: keeper(intake.place))
    product = factory.SubFactory(ProductFactory)
    origin_region = factory.SubFactory(CountyFactory)
    quantity = Decimal(20)
    unit = "kg"
    supplier = factory.LazyAttribute(lambda intake: supplier_of(intake.place))
    client_key = factory.LazyFunction(uuid7)

    @classmethod
    def _create(cls, model, actor, **kwargs):
        return enter.enter_intake(actor, **kwargs)


class HoldFactory(factory.Factory):
    class Meta:
        model = Hold

    batches = factory.LazyFunction(lambda: [BatchFactory()])
    actor = factory.LazyAttribute(lambda made: officer(made.batches[0].district_id))
    reason = Hold.Reason.OFFICER
    client_key = factory.LazyFunction(uuid7)

    @classmethod
    def _create(cls, model, actor, **kwargs):
        return hold.place_hold(actor, **kwargs)


class RapidTestFactory(factory.Factory):
    class Meta:
        model = RapidTest

    class Params:
        positive = factory.Trait(result=RapidTest.Result.POSITIVE)

    batch = factory.SubFactory(BatchFactory)
    actor = factory.LazyAttribute(lambda test: actor_with(Role.TESTER, market=test.batch.place.market))
    point = factory.LazyAttribute(lambda test: point_at(test.batch.place))
    item = factory.SubFactory("tests.factories.testing.TestItemFactory")
    result = RapidTest.Result.NEGATIVE
    client_key = factory.LazyFunction(uuid7)

    @classmethod
    def _create(cls, model, actor, **kwargs):
        return record_test.record_test(actor, **kwargs)


class StockMoveFactory(factory.Factory):
    class Meta:
        model = StockMove

    batch = factory.SubFactory(BatchFactory)
    actor = factory.LazyAttribute(lambda move: keeper(move.batch.place))
    kind = StockMove.Kind.LOST
    weight_kg = Decimal(5)
    client_key = factory.LazyFunction(uuid7)

    @classmethod
    def _create(cls, model, actor, **kwargs):
        return write_off.write_off(actor, **kwargs)


class RecallFactory(factory.Factory):
    """The operator's own recall of a batch."""

    class Meta:
        model = Recall

    batch = factory.SubFactory(BatchFactory)
    actor = factory.LazyAttribute(lambda made: keeper(made.batch.place))
    reason = "快检阳性"
    client_key = factory.LazyFunction(uuid7)

    @classmethod
    def _create(cls, model, actor, **kwargs):
        return recall.open_recall(actor, **kwargs)


class RecallRequestFactory(factory.Factory):
    """An officer asks a batch's keeper to recall it."""

    class Meta:
        model = RecallRequest

    batch = factory.SubFactory(BatchFactory)
    actor = factory.LazyAttribute(lambda asked: officer(asked.batch.district_id))
    reason = "快检阳性"
    client_key = factory.LazyFunction(uuid7)

    @classmethod
    def _create(cls, model, actor, **kwargs):
        return recall_request.ask_recall(actor, **kwargs)
