"""Taking in 扫码入账: the buyer takes a slip's goods in, refuses them, or both, by weight; nothing twice."""

import datetime as dt
from decimal import Decimal

import pytest

from kit import clock, public_codes
from kit.ids import uuid7
from kit.refusals import Conflict, Invalid, NotFound
from registry.models import Notice, Place
from registry.permissions import NotYourJob
from tests.factories.registry import (
    ElsewhereFactory,
    ProductFactory,
    StallFactory,
    StoreFactory,
)
from tests.factories.traceability import (
    TODAY,
    BatchFactory,
    HoldFactory,
    IntakeFactory,
    RapidTestFactory,
    VoucherFactory,
    WholesaleStallFactory,
    buyer_of,
    clerk,
    keeper,
    later_keeper,
    officer,
)
from traceability.models import Batch, HoldItem, Intake, LineRefusal, TraceEvent
from traceability.refusals import AlreadyTakenIn, NotYourVoucher, VoucherIsVoid
from traceability.services import hold, sell, take_in, void
from traceability.services.take_in import Answer

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("dawn")]


@pytest.fixture
def voucher():
    return VoucherFactory(batch=BatchFactory(origin_detail="乐平镇"))


@pytest.fixture
def place(voucher):
    return buyer_of(voucher)


def take(voucher, place, accept="0", refuse="0", reason="", *, actor=None, client_key=None):
    """Answer the only line of a slip."""
    answer = Answer(voucher.lines.get().pk, Decimal(accept), Decimal(refuse), reason)
    return take_in.take_in(
        actor or keeper(place), place=place, voucher=voucher, answers=[answer], client_key=client_key or uuid7()
    )


def seller_batch():
    return Batch.objects.get(parent_id=None)


class TestTheChild:
    def test_it_is_a_batch_of_its_own_at_the_buyers_place(self, voucher, place, dawn):
        intake = take(voucher, place, "10")[0]
        child, parent = intake.batch, seller_batch()
        assert (child.place, child.organisation, child.admitted_kg) == (place, place.organisation, 10)
        assert (child.parent_id, child.source_line_id) == (parent.id, voucher.lines.get().id)
        assert (child.state, child.made_at, child.kg_on_hand) == ("admitted", dawn, 10)
        assert public_codes.look_up(child.token).target_id == child.id

    def test_origin_and_evidence_come_with_the_goods(self):
        voucher = VoucherFactory(batch=BatchFactory(origin_detail="乐平镇"))
        Batch.objects.update(evidence_level=2)
        child = take(voucher, buyer_of(voucher), "10")[0].batch
        assert (child.origin_detail, child.origin_region, child.evidence_level) == (
            "乐平镇", seller_batch().origin_region, 2,
        )  # fmt: skip

    def test_its_shelf_life_runs_from_the_day_of_the_sale(self, voucher, place):
        with clock.freeze(clock.now() + dt.timedelta(days=2)):
            intake = take(voucher, place, "10")[0]
        assert (intake.trade_day, intake.late, intake.batch.trade_day) == (TODAY, True, TODAY)
        assert intake.batch.expires_on == TODAY + dt.timedelta(days=4)

    def test_the_record_names_the_supplier_as_the_law_asks(self, voucher, place):
        intake = take(voucher, place, "10")[0]
        assert (intake.source, intake.supplier_name, intake.supplier_market) == (
            "voucher", voucher.seller_name, voucher.market_name,
        )  # fmt: skip
        assert (intake.weight_kg, intake.unit_price_fen, intake.late) == (10, 350, False)

    def test_the_ledger_links_child_and_parent(self, voucher, place):
        child = take(voucher, place, "10")[0].batch
        event = TraceEvent.objects.get(kind="taken_in")
        assert (event.batch_id, event.voucher_id, event.other_place_id) == (child.id, voucher.id, voucher.place_id)
        assert event.data["parent_batch_id"] == str(seller_batch().id)

    def test_the_places_page_is_drawn_anew(self, voucher, place):
        before = public_codes.look_up(place.token).version
        take(voucher, place, "10")
        assert public_codes.look_up(place.token).version == before + 1


class TestEveryKiloOnce:
    def test_the_same_tap_twice_is_one_intake(self, voucher, place):
        key = uuid7()
        first = take(voucher, place, "10", client_key=key)
        assert take(voucher, place, "10", client_key=key) == first
        assert Batch.objects.filter(parent_id__isnull=False).count() == 1

    def test_the_same_refusal_twice_is_one_refusal(self, voucher, place):
        key = uuid7()
        take(voucher, place, refuse="4", reason="变质", client_key=key)
        assert take(voucher, place, refuse="4", reason="变质", client_key=key) == []
        assert (LineRefusal.objects.count(), seller_batch().sold_kg) == (1, 6)

    def test_a_line_that_is_done_cannot_be_taken_again(self, voucher, place):
        take(voucher, place, "10")
        with pytest.raises(AlreadyTakenIn):
            take(voucher, place, "10")

    def test_the_rest_can_be_taken_later_at_another_place_of_the_same_trader(self, voucher, place):
        second = StoreFactory(organisation=place.organisation, name="旺记门店")
        take(voucher, place, "6")
        take(voucher, second, "4")
        assert sorted(Intake.objects.values_list("weight_kg", flat=True)) == [4, 6]
        with pytest.raises(AlreadyTakenIn):
            take(voucher, second, "1")

    def test_a_place_takes_its_part_of_a_line_at_one_time(self, voucher, place):
        take(voucher, place, "6")
        with pytest.raises(AlreadyTakenIn):
            take(voucher, place, "4")
        assert voucher.lines.get().accepted_kg == 6

    @pytest.mark.parametrize(("accept", "refuse"), [("10.001", "0"), ("0", "10.001"), ("6", "4.001")])
    def test_never_more_than_the_line(self, voucher, place, accept, refuse):
        with pytest.raises(Invalid):
            take(voucher, place, accept, refuse, "变质")

    @pytest.mark.parametrize(("accept", "refuse"), [("0", "0"), ("-1", "0"), ("0", "-1"), ("5", "-1")])
    def test_nothing_and_less_than_nothing_are_no_answer(self, voucher, place, accept, refuse):
        with pytest.raises(Invalid):
            take(voucher, place, accept, refuse, "变质")

    def test_a_line_of_another_slip_is_unknown(self, voucher, place):
        answer = Answer(VoucherFactory().lines.get().pk, Decimal(1))
        with pytest.raises(Invalid) as refusal:
            take_in.take_in(keeper(place), place=place, voucher=voucher, answers=[answer], client_key=uuid7())
        assert refusal.value.code == "unknown_line"

    def test_every_wrong_line_is_named_at_once_and_nothing_is_taken(self, place):
        stall = WholesaleStallFactory()
        tomato = ProductFactory(code="12002", name="番茄")
        batches = [BatchFactory(place=stall), BatchFactory(place=stall, product=tomato)]
        voucher = sell.sell(
            keeper(stall), place=stall, buyer=sell.Buyer(place=place), client_key=uuid7(),
            lines=[sell.SaleLine(weight_kg=Decimal(10), batch=batch) for batch in batches],
        )  # fmt: skip
        lines = list(voucher.lines.all())
        answers = [Answer(lines[0].pk, Decimal(11)), Answer(lines[1].pk, refuse_kg=Decimal(1))]
        with pytest.raises(Invalid) as refusal:
            take_in.take_in(keeper(place), place=place, voucher=voucher, answers=answers, client_key=uuid7())
        assert set(refusal.value.fields) == {f"line_{line.pk}" for line in lines}
        assert not Intake.objects.filter(place=place).exists()


class TestRefusing:
    """拒收: with a reason, and the kilos go back to the seller's batch."""

    def test_a_part_is_refused_and_the_rest_taken_in(self, voucher, place):
        intake = take(voucher, place, "7", "3", " 变质 ")[0]
        line = voucher.lines.get()
        assert (line.accepted_kg, line.refused_kg, intake.weight_kg) == (7, 3, 7)
        assert (seller_batch().sold_kg, seller_batch().kg_on_hand) == (7, 93)
        assert LineRefusal.objects.get().reason == "变质"

    def test_all_of_it_is_refused(self, voucher, place):
        assert take(voucher, place, refuse="10", reason="不是我订的") == []
        assert seller_batch().kg_on_hand == 100
        with pytest.raises(AlreadyTakenIn):
            take(voucher, place, "1")

    def test_never_without_a_reason(self, voucher, place):
        with pytest.raises(Invalid):
            take(voucher, place, refuse="3", reason="  ")

    def test_the_seller_is_told(self, voucher, place):
        take(voucher, place, refuse="3", reason="变质")
        notice = Notice.objects.get(kind="goods_refused", account_id=voucher.sold_by_id)
        assert notice.data["weight_kg"] == "3"

    def test_refused_kilos_can_be_sold_to_somebody_else(self, voucher, place):
        take(voucher, place, refuse="10", reason="变质")
        assert VoucherFactory(batch=seller_batch(), weight_kg=Decimal(100))


class TestWhoseSlip:
    def test_one_that_names_another_buyer_is_not_ours(self, voucher):
        with pytest.raises(NotYourVoucher):
            take(voucher, StallFactory(), "10")

    def test_neither_is_our_own(self, voucher):
        with pytest.raises(NotYourVoucher):
            take(voucher, voucher.place, "10")

    def test_a_walk_ins_slip_is_taken_in_by_whoever_brings_it(self):
        voucher = VoucherFactory(walk_in=True)
        canteen = StoreFactory()
        assert take(voucher, canteen, "10")[0].place == canteen

    def test_who_keeps_the_stall_later_does_not_take_in_what_an_earlier_keeper_bought(self, voucher, place):
        later = later_keeper(place)
        with pytest.raises(NotYourVoucher):
            take(voucher, place, "10", actor=later)

    def test_a_voided_one_is_refused_with_the_sellers_reason(self, voucher, place):
        void.void(keeper(voucher.place), voucher=voucher, reason="称错了")
        with pytest.raises(VoucherIsVoid) as refusal:
            take(voucher, place, "10")
        assert refusal.value.data["reason"] == "称错了"

    def test_only_by_somebody_who_trades_there(self, voucher, place):
        with pytest.raises(NotFound):
            take(voucher, place, "10", actor=keeper(StallFactory(market=place.market)))
        with pytest.raises(NotYourJob):
            take(voucher, place, "10", actor=clerk(place))

    def test_not_at_a_place_out_of_use(self, voucher, place):
        person = keeper(place)
        Place.objects.filter(pk=place.pk).update(state="suspended")
        with pytest.raises(Conflict) as refusal:
            take(voucher, Place.objects.get(pk=place.pk), "10", actor=person)
        assert refusal.value.code == "place_not_in_use"

    def test_a_buyer_of_another_district_keeps_his_own_record_there(self):
        there = StoreFactory(town=ElsewhereFactory(), name="桂城饭店")
        voucher = VoucherFactory(buyer=there)
        intake = take(voucher, there, "10")[0]
        assert (intake.district_id, intake.batch.district_id, intake.voucher_district_id) == (
            "440605", "440605", "440607",
        )  # fmt: skip


class TestGoodsOnHold:
    """No child is born of paused goods that is not paused too."""

    def test_the_child_inherits_every_open_hold(self, voucher, place):
        holds = [HoldFactory(batches=[seller_batch()]) for _ in range(2)]
        child = take(voucher, place, "10")[0].batch
        items = HoldItem.objects.filter(batch=child, released_at=None)
        assert {item.hold_id for item in items} == {made.id for made in holds}
        assert all(item.inherited for item in items)
        assert child not in Batch.objects.saleable()

    def test_but_none_that_was_lifted(self, voucher, place):
        made = HoldFactory(batches=[seller_batch()])
        hold.release_hold(officer(), hold=made, note="复检未检出")
        assert take(voucher, place, "10")[0].batch in Batch.objects.saleable()

    def test_in_another_district_a_hold_of_its_own_answers(self):
        there = StoreFactory(town=ElsewhereFactory(), name="桂城饭店")
        voucher = VoucherFactory(buyer=there)
        made = HoldFactory(batches=[seller_batch()])
        item = HoldItem.objects.get(batch=take(voucher, there, "10")[0].batch)
        assert (item.district_id, item.hold.district_id, item.hold.reason) == ("440605", "440605", made.reason)

    def test_a_positive_test_before_the_taking_in_reaches_the_child(self, voucher, place):
        RapidTestFactory(batch=seller_batch(), positive=True)
        assert take(voucher, place, "10")[0].batch not in Batch.objects.saleable()


class TestSellingOn:
    def test_a_second_tier_wholesaler_takes_in_and_sells_on(self):
        second = WholesaleStallFactory(name="二批行")
        child = IntakeFactory(voucher=VoucherFactory(buyer=second, weight_kg=Decimal(40))).batch
        grandchild = IntakeFactory(voucher=VoucherFactory(batch=child, weight_kg=Decimal(15))).batch
        child.refresh_from_db()
        assert (child.sold_kg, child.kg_on_hand, grandchild.parent_id) == (15, 25, child.id)
