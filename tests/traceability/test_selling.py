"""Selling 销售: a slip names its buyer, takes what is there, and cannot take more."""

import datetime as dt
from decimal import Decimal

import pytest

from kit import clock, public_codes
from kit.ids import uuid7
from kit.refusals import Invalid, NotFound
from kit.tradeday import CHINA
from registry.permissions import NotYourJob
from registry.roles import Role
from tests.factories.registry import (
    ElsewhereFactory,
    MarketFactory,
    OrganisationFactory,
    ProductFactory,
    StallFactory,
    StoreFactory,
    actor_with,
)
from tests.factories.traceability import (
    TODAY,
    BatchFactory,
    HandIntakeFactory,
    HoldFactory,
    VoucherFactory,
    WholesaleStallFactory,
    clerk,
    keeper,
    later_keeper,
    officer,
)
from traceability.models import Batch, TraceEvent, Voucher
from traceability.refusals import NotSellable
from traceability.services import hold, sell
from traceability.services.sell import Buyer, SaleLine


def at(day, hour, minute):
    """A moment of November 2026."""
    return dt.datetime(2026, 11, day, hour, minute, tzinfo=CHINA)


pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("dawn")]


@pytest.fixture
def stall():
    return WholesaleStallFactory()


@pytest.fixture
def seller(stall):
    return keeper(stall)


@pytest.fixture
def slip(stall, seller):
    """Sell these lines to a retail stall: `slip((batch, 10), (product, 5))`."""
    buyer = StallFactory(name="旺记蔬菜")

    def slip(*lines, **changes):
        sold = [line_of(*line) for line in lines]
        given = {"place": stall, "buyer": Buyer(place=buyer), "lines": sold, "client_key": uuid7(), **changes}
        return sell.sell(seller, **given)

    slip.buyer = buyer
    return slip


def line_of(what, weight_kg, price=None):
    named = {"batch": what} if isinstance(what, Batch) else {"product": what}
    return SaleLine(weight_kg=Decimal(str(weight_kg)), unit_price_fen=price, **named)


def shortages(refusal):
    return [
        (each.get("why"), Decimal(each["asked_kg"]), Decimal(each["left_kg"]))
        for each in refusal.value.data["shortages"]
    ]


class TestTheSlip:
    def test_it_names_seller_and_buyer_as_they_are_now(self, slip, stall, seller, dawn):
        voucher = slip((BatchFactory(place=stall), 10))
        assert (voucher.place, voucher.organisation, voucher.sold_by_id) == (
            stall,
            stall.organisation,
            seller.account_id,
        )
        assert (voucher.market_name, voucher.seller_name, voucher.stall_no) == (
            stall.market.name, "粤丰果菜行", stall.stall_no,
        )  # fmt: skip
        assert (voucher.buyer_place_id, voucher.buyer_organisation_id) == (slip.buyer.id, slip.buyer.organisation_id)
        assert "旺记蔬菜" in voucher.buyer_name
        assert (voucher.sold_at, voucher.recorded_at, voucher.trade_day) == (dawn, dawn, TODAY)

    def test_it_has_a_code_of_its_own(self, slip, stall):
        voucher = slip((BatchFactory(place=stall), 10))
        code = public_codes.look_up(voucher.token)
        assert (code.kind, code.target_id, code.typed_code) == ("v", voucher.id, voucher.typed_code)

    def test_a_line_says_product_origin_weight_price_and_amount(self, slip, stall):
        voucher = slip((BatchFactory(place=stall, origin_detail="乐平镇"), "12.345", 350))
        line = voucher.lines.get()
        assert (line.position, line.product_name, line.weight_kg) == (1, "辣椒", Decimal("12.345"))
        assert line.origin_text == "广东省佛山市三水区 乐平镇"
        assert (line.unit_price_fen, line.amount_fen, voucher.amount_fen) == (350, 4321, 4321)

    def test_without_every_price_it_has_no_sum(self, slip, stall):
        voucher = slip((BatchFactory(place=stall), 10, 350), (BatchFactory(place=stall), 10))
        assert voucher.amount_fen is None
        assert sorted(line.amount_fen or 0 for line in voucher.lines.all()) == [0, 3500]

    def test_one_batch_at_two_prices_stays_two_lines(self, slip, stall):
        batch = BatchFactory(place=stall)
        voucher = slip((batch, 10, 350), (batch, 20, 200))
        lines = sorted((line.weight_kg, line.unit_price_fen, line.amount_fen) for line in voucher.lines.all())
        assert lines == [(10, 350, 3500), (20, 200, 4000)]
        batch.refresh_from_db()
        assert batch.sold_kg == 30

    def test_one_batch_twice_at_one_price_is_one_line(self, slip, stall):
        batch = BatchFactory(place=stall)
        assert slip((batch, 10, 350), (batch, 5, 350)).lines.get().weight_kg == 15

    def test_the_kilos_leave_the_batch_and_the_ledger_says_where_to(self, slip, stall):
        batch = BatchFactory(place=stall)
        voucher = slip((batch, 10))
        batch.refresh_from_db()
        assert (batch.sold_kg, batch.kg_on_hand) == (10, 90)
        event = TraceEvent.objects.get(kind="sold")
        assert (event.batch_id, event.voucher_id, event.weight_kg) == (batch.id, voucher.id, 10)
        assert (event.place_id, event.other_place_id, event.biz_step) == (stall.id, slip.buyer.id, "shipping")

    def test_sent_twice_with_one_key_it_is_one_slip(self, slip, stall):
        batch = BatchFactory(place=stall)
        voucher = slip((batch, 10))
        assert slip((batch, 10), client_key=voucher.client_key) == voucher
        batch.refresh_from_db()
        assert batch.sold_kg == 10


class TestTheBuyer:
    def test_a_stall_a_canteen_or_a_walk_in_with_a_name(self, slip, stall):
        batch = BatchFactory(place=stall)
        canteen = StoreFactory(name="三水实验小学食堂")
        assert slip((batch, 1), buyer=Buyer(place=canteen)).buyer_place_id == canteen.id
        walk_in = slip((batch, 1), buyer=Buyer(name=" 李婆婆 ", phone="137 1234 5678"))
        assert (walk_in.buyer_place_id, walk_in.buyer_name, walk_in.phone) == (None, "李婆婆", "13712345678")

    def test_one_of_another_district_too(self, slip, stall):
        there = StoreFactory(town=ElsewhereFactory(), name="桂城饭店")
        voucher = slip((BatchFactory(place=stall), 1), buyer=Buyer(place=there))
        assert (voucher.district_id, voucher.buyer_district_id) == ("440607", "440605")

    @pytest.mark.parametrize("buyer", [Buyer(), Buyer(name="  "), Buyer(phone="13712345678")])
    def test_nobody_is_not_a_buyer(self, slip, stall, buyer):
        with pytest.raises(Invalid) as refusal:
            slip((BatchFactory(place=stall), 1), buyer=buyer)
        assert set(refusal.value.fields) == {"buyer"}

    def test_neither_is_the_seller_himself(self, slip, stall):
        with pytest.raises(Invalid):
            slip((BatchFactory(place=stall), 1), buyer=Buyer(place=stall))

    @pytest.mark.parametrize("state", ["vacant", "suspended", "closed"])
    def test_nor_a_place_that_is_not_in_use(self, slip, stall, state):
        with pytest.raises(Invalid):
            slip((BatchFactory(place=stall), 1), buyer=Buyer(place=StallFactory(state=state)))


class TestNotMoreThanThereIs:
    def test_the_last_gram_is_sold_and_no_gram_more(self, slip, stall):
        batch = BatchFactory(place=stall)
        slip((batch, "99.999"))
        with pytest.raises(NotSellable) as refusal:
            slip((batch, "0.002"))
        assert shortages(refusal) == [("not_enough", Decimal("0.002"), Decimal("0.001"))]
        slip((batch, "0.001"))

    def test_two_lines_of_one_batch_count_together(self, slip, stall):
        batch = BatchFactory(place=stall)
        with pytest.raises(NotSellable):
            slip((batch, 60), (batch, 60))

    @pytest.mark.parametrize("weight_kg", ["0", "-1"])
    def test_nothing_and_less_than_nothing_are_not_sold(self, slip, stall, weight_kg):
        with pytest.raises(Invalid):
            slip((BatchFactory(place=stall), weight_kg))

    def test_an_empty_slip_is_none(self, slip):
        with pytest.raises(Invalid):
            slip()

    def test_every_line_that_cannot_be_sold_is_named_at_once_and_nothing_moves(self, slip, stall):
        good, held = BatchFactory(place=stall), BatchFactory(place=stall)
        pending, small = BatchFactory(place=stall, unproven=True), BatchFactory(place=stall, quantity=Decimal(5))
        old = BatchFactory(place=stall, product=ProductFactory(code="31001", name="猪肉", shelf_days=1))
        HoldFactory(batches=[held])
        with clock.freeze(clock.now() + dt.timedelta(days=1)), pytest.raises(NotSellable) as refusal:
            slip((good, 10), (held, 10), (pending, 10), (small, 10), (old, 10))
        assert shortages(refusal) == [
            ("held", 10, 100), ("not_admitted", 10, 100), ("not_enough", 10, 5), ("expired", 10, 100),
        ]  # fmt: skip
        assert not Voucher.objects.exists()
        assert not Batch.objects.filter(sold_kg__gt=0).exists()

    def test_goods_of_another_stall_are_not_there(self, slip):
        with pytest.raises(NotSellable) as refusal:
            slip((BatchFactory(), 1))
        assert shortages(refusal) == [("not_enough", 1, 0)]

    def test_nor_are_goods_an_earlier_keeper_left(self, stall):
        batch = BatchFactory(place=stall)
        later = later_keeper(stall)
        with pytest.raises(NotSellable):
            VoucherFactory(batch=Batch.objects.get(pk=batch.pk), actor=later)


class TestByProduct:
    """A product button takes the oldest saleable batch, then the next."""

    def test_the_oldest_goes_first(self, slip, stall):
        old, new = BatchFactory(place=stall), BatchFactory(place=stall)
        slip((ProductFactory(), 70))
        slip((ProductFactory(), 50))
        assert [sold(old), sold(new)] == [100, 20]

    def test_a_slip_over_two_batches_has_a_line_for_each(self, slip, stall):
        BatchFactory(place=stall), BatchFactory(place=stall)
        assert [line.weight_kg for line in slip((ProductFactory(), 130)).lines.all()] == [100, 30]

    def test_what_may_not_be_sold_is_passed_over(self, slip, stall):
        held, pending, good = (
            BatchFactory(place=stall),
            BatchFactory(place=stall, unproven=True),
            BatchFactory(place=stall),
        )
        HoldFactory(batches=[held])
        slip((ProductFactory(), 40))
        assert [sold(held), sold(pending), sold(good)] == [0, 0, 40]

    def test_when_all_of_it_together_is_not_enough_nothing_is_sold(self, slip, stall):
        BatchFactory(place=stall), BatchFactory(place=stall)
        with pytest.raises(NotSellable) as refusal:
            slip((ProductFactory(), 201))
        assert shortages(refusal) == [("not_enough", 201, 200)]

    def test_a_line_of_a_batch_and_one_of_its_product_share_the_stock(self, slip, stall):
        old, new = BatchFactory(place=stall), BatchFactory(place=stall)
        slip((old, 80), (ProductFactory(), 50))
        assert [sold(old), sold(new)] == [100, 30]


def sold(batch):
    return Batch.objects.get(pk=batch.pk).sold_kg


class TestUntilTheShelfLifeEnds:
    @pytest.mark.parametrize(("moment", "sellable"), [(at(22, 23, 59), True), (at(23, 0, 0), False)])
    def test_meat_of_one_day_is_gone_the_next(self, slip, stall, moment, sellable):
        pork = BatchFactory(place=stall, product=ProductFactory(code="31001", name="猪肉", shelf_days=1))
        with clock.freeze(moment):
            if sellable:
                assert slip((pork, 1))
            else:
                with pytest.raises(NotSellable):
                    slip((pork, 1))

    @pytest.mark.parametrize(("moment", "sellable"), [(at(22, 19, 59), True), (at(22, 20, 0), False)])
    def test_at_a_night_market_the_day_ends_in_the_evening(self, moment, sellable):
        night = WholesaleStallFactory(market=MarketFactory(wholesale=True, trade_day_starts_at=dt.time(20)))
        pork = BatchFactory(place=night, product=ProductFactory(code="31001", name="猪肉", shelf_days=1))
        with clock.freeze(moment):
            if sellable:
                assert VoucherFactory(batch=pork).trade_day == TODAY
            else:
                with pytest.raises(NotSellable):
                    VoucherFactory(batch=pork)


class TestWhoSells:
    def test_another_trader_finds_no_such_stall(self, stall):
        with pytest.raises(NotFound):
            VoucherFactory(batch=BatchFactory(place=stall), actor=keeper(WholesaleStallFactory(market=stall.market)))

    @pytest.mark.parametrize("role", [Role.MARKET_MANAGER, Role.DISTRICT_OFFICER, Role.TESTER])
    def test_nobody_else_has_this_job(self, stall, role):
        scope = {} if role == Role.DISTRICT_OFFICER else {"market": stall.market}
        with pytest.raises(NotYourJob):
            VoucherFactory(batch=BatchFactory(place=stall), actor=actor_with(role, **scope))

    def test_a_retail_keeper_has_not(self):
        intake = HandIntakeFactory()
        with pytest.raises(NotYourJob):
            VoucherFactory(batch=intake.batch)


class TestWhoSeesTheSale:
    @pytest.fixture
    def voucher(self, slip, stall):
        return slip((BatchFactory(place=stall), 10))

    def seen_by(self, actor):
        return Voucher.objects.visible_to(actor).exists()

    def test_seller_and_buyer_each_as_his_own_record(self, voucher, slip, stall):
        assert self.seen_by(keeper(stall))
        assert self.seen_by(keeper(slip.buyer))

    def test_the_sellers_market_and_the_officers(self, voucher, stall):
        people = [clerk(stall), officer(), actor_with(Role.AUDITOR), actor_with(Role.TOWN_OFFICER, town=stall.town)]
        assert all(self.seen_by(person) for person in people)

    def test_a_tester_sees_goods_but_no_sales(self, voucher, stall):
        tester = actor_with(Role.TESTER, market=stall.market)
        assert Batch.objects.visible_to(tester).exists()
        assert not self.seen_by(tester)

    def test_no_other_trader_and_no_other_district(self, voucher, stall, slip):
        others = [WholesaleStallFactory(market=stall.market), StallFactory(market=slip.buyer.market), StoreFactory()]
        assert not any(self.seen_by(keeper(other)) for other in others)
        assert not self.seen_by(officer("440605"))

    def test_no_later_keeper_of_either_stall(self, voucher, slip, stall):
        assert not self.seen_by(later_keeper(stall))
        assert not self.seen_by(later_keeper(slip.buyer))

    def test_another_organisation_with_a_role_of_old_at_the_same_stall_sees_nothing(self, voucher, stall):
        stranger = actor_with(Role.WHOLESALER, place=stall, organisation=OrganisationFactory())
        assert not self.seen_by(stranger)


def test_released_goods_are_sold_again(slip, stall):
    batch = BatchFactory(place=stall)
    made = HoldFactory(batches=[batch])
    hold.release_hold(officer(), hold=made, note="复检未检出")
    assert slip((batch, 10))
