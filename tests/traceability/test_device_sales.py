"""What a scale has sold is recorded once, never refused for its weight or its lateness, and flagged."""

import datetime as dt
from decimal import Decimal

import pytest

from kit import clock, public_codes
from kit.codes import new_token
from kit.ids import uuid7
from kit.models import PublicCode
from registry.models import Notice
from registry.roles import Role
from tests.factories.registry import DeviceFactory, ProductFactory, StallFactory, StoreFactory, account_with, actor_with
from tests.traceability.goods import batch_at, before, scale_at, wholesale_stall
from tests.traceability.signing import Hand, line
from traceability.device_sale import cursor_at
from traceability.models import Batch, SetAsideSale, TraceEvent, Voucher
from traceability.services.hold import place_hold, release_hold

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("each_sale_asks_for_itself")]


@pytest.fixture
def stall():
    return wholesale_stall()


@pytest.fixture
def buyer():
    return StallFactory(name="张记蔬菜")


@pytest.fixture
def hand(stall):
    made = Hand(scale_at(stall))
    made.reserve()
    return made


@pytest.fixture
def manager(stall):
    return account_with(Role.MARKET_MANAGER, market=stall.market)


def hold(stall, batch, reason="market"):
    actor = actor_with(Role.DISTRICT_OFFICER)
    return place_hold(actor, batches=[batch], reason=reason, client_key=uuid7())


def one(answer):
    (item,) = answer["items"]
    return item


def told(account, kind):
    return Notice.objects.filter(account=account, kind=kind)


class TestRecorded:
    def test_a_sale_becomes_the_voucher_printed_on_the_slip(self, hand, stall, buyer):
        batch = batch_at(stall)
        sale = hand.sale(stall, buyer, line(batch, "25.40", price=650), offline=True)
        answer = hand.send(sale)
        assert one(answer) == {
            "sequence": 2, "result": "recorded", "code": None, "flags": [], "token": sale["token"],
            "lines": [{"batch_token": batch.token, "overdrawn_kg": "0"}],
        }  # fmt: skip
        assert (answer["received_to"], answer["gaps"]) == (2, [])
        voucher = Voucher.objects.get(token=sale["token"])
        assert voucher.typed_code == sale["typed_code"]
        assert voucher.sold_at == dt.datetime.fromisoformat(sale["sold_at"])
        assert (voucher.buyer_place_id, voucher.buyer_name) == (buyer.id, str(buyer))
        assert (voucher.device, voucher.device_sequence, voucher.offline) == (hand.device, 2, True)
        assert voucher.amount_fen == 16510
        batch.refresh_from_db()
        assert batch.sold_kg == Decimal("25.4")

    def test_the_waiting_page_turns_into_the_voucher(self, client, hand, stall, buyer):
        sale = hand.sale(stall, buyer, line(batch_at(stall)))
        before_sync = client.get(f"/v/{sale['token']}").content.decode()
        assert stall.name not in before_sync
        hand.send(sale)
        assert stall.name in client.get(f"/v/{sale['token']}").content.decode()

    def test_an_amount_on_the_slip_is_kept_as_printed(self, hand, stall, buyer):
        sold = {**line(batch_at(stall), "1.234", price=650), "amount_fen": 800}
        sale = hand.sale(stall, buyer, sold)
        hand.send(sale)
        assert Voucher.objects.get().lines.get().amount_fen == 800

    def test_every_line_is_an_event_of_the_device(self, hand, stall, buyer):
        batches = [batch_at(stall), batch_at(stall)]
        hand.send(hand.sale(stall, buyer, *(line(batch) for batch in batches)))
        events = TraceEvent.objects.filter(kind=TraceEvent.Kind.SOLD)
        assert {event.batch_id for event in events} == {batch.id for batch in batches}
        assert {event.actor_id for event in events} == {hand.device.id}

    def test_a_store_and_a_walk_in_customer_may_buy(self, hand, stall):
        batch = batch_at(stall)
        store = StoreFactory()
        walk_in = {"walk_in": {"name": "李阿姨", "phone": "138 0013 8000"}}
        hand.send(hand.sale(stall, {"store_token": store.token}, line(batch)), hand.sale(stall, walk_in, line(batch)))
        assert set(Voucher.objects.values_list("buyer_name", flat=True)) == {str(store), "李阿姨"}
        assert Voucher.objects.get(buyer_name="李阿姨").phone == "13800138000"

    def test_an_older_plate_of_the_stall_still_names_it(self, hand, stall, buyer):
        sale = hand.sale(stall, buyer, line(batch_at(stall)))
        new = public_codes.replace(stall.token, clock.now())
        type(stall).objects.filter(pk=stall.pk).update(token=new.token)
        assert one(hand.send(sale))["result"] == "recorded"

    def test_a_button_takes_the_oldest_batch_with_enough(self, hand, stall, buyer):
        small = batch_at(stall, "5", made_at=before(hours=3))
        large = batch_at(stall, "50", made_at=before(hours=2))
        batch_at(stall, "500", made_at=before(hours=1))
        answer = hand.send(hand.sale(stall, buyer, line(button=3, weight_kg="20"), line(button=3, weight_kg="4")))
        assert [sold["batch_token"] for sold in one(answer)["lines"]] == [large.token, small.token]

    def test_a_button_without_enough_takes_the_batch_with_the_most_left(self, hand, stall, buyer):
        batch_at(stall, "5", made_at=before(hours=3))
        large = batch_at(stall, "50", made_at=before(hours=2))
        answer = one(hand.send(hand.sale(stall, buyer, line(button=3, weight_kg="80"))))
        assert answer["lines"] == [{"batch_token": large.token, "overdrawn_kg": "30.000"}]

    def test_a_button_of_goods_that_are_all_gone_takes_what_there_was(self, hand, stall, buyer):
        batch = batch_at(stall, "5", sold_kg=Decimal(5))
        answer = one(hand.send(hand.sale(stall, buyer, line(button=3, weight_kg="2"))))
        assert answer["lines"] == [{"batch_token": batch.token, "overdrawn_kg": "2.000"}]


class TestFlags:
    def test_more_than_was_left_is_recorded_flagged_and_asked_about(self, hand, stall, buyer):
        keeper = account_with(Role.WHOLESALER, place=stall)
        batch = batch_at(stall, "10")
        item = one(hand.send(hand.sale(stall, buyer, line(batch, "8"), line(batch, "8"))))
        assert item["flags"] == ["overdrawn"]
        assert [sold["overdrawn_kg"] for sold in item["lines"]] == ["0", "6.000"]
        batch.refresh_from_db()
        assert (batch.sold_kg, batch.overdrawn_kg, batch.kg_on_hand) == (16, 6, 0)
        assert Voucher.objects.get().overdrawn
        assert told(keeper, "scale_overdrawn").count() == 1

    def test_a_message_signed_long_ago_is_late(self, hand, stall, buyer):
        item = one(hand.send(hand.sale(stall, buyer, line(batch_at(stall))), age_s=900))
        assert item["flags"] == ["late"]
        assert Voucher.objects.get().late

    def test_a_sale_of_the_future_is_kept_at_the_time_it_arrived(self, hand, stall, buyer):
        tomorrow = (clock.now() + dt.timedelta(days=1)).isoformat()
        item = one(hand.send(hand.sale(stall, buyer, line(batch_at(stall)), sold_at=tomorrow)))
        assert item["flags"] == ["clock_ahead"]
        voucher = Voucher.objects.get()
        assert voucher.sold_at == voucher.recorded_at

    @pytest.mark.parametrize(("knew_at", "unknowing"), [(None, True), (-60, True), (60, False)])
    def test_goods_on_hold_are_recorded_as_a_violation_and_the_cursor_says_what_could_be_known(
        self, hand, stall, buyer, manager, knew_at, unknowing
    ):
        batch = batch_at(stall, made_at=before(hours=2))
        with clock.freeze(before(minutes=30)) as placed_at:
            hold(stall, batch)
        cursor = None if knew_at is None else cursor_at(placed_at + dt.timedelta(seconds=knew_at))
        item = one(hand.send(hand.sale(stall, buyer, line(batch), cursor=cursor)))
        assert (item["result"], item["flags"]) == ("recorded", ["held"])
        voucher = Voucher.objects.get()
        assert (voucher.held_violation, voucher.late_knowledge) == (True, unknowing)
        assert told(manager, "scale_sold_held").get().data["unknowing"] is unknowing
        assert Batch.objects.get(pk=batch.pk).sold_kg == 10

    def test_goods_sold_before_the_hold_or_after_its_release_are_no_violation(self, hand, stall, buyer):
        batch = batch_at(stall, made_at=before(hours=5))
        with clock.freeze(before(hours=3)):
            placed = hold(stall, batch)
        with clock.freeze(before(hours=1)):
            release_hold(actor_with(Role.DISTRICT_OFFICER), hold=placed, note="复检未检出")
        sold = [before(hours=4), before(hours=2), before(minutes=1)]
        sales = [hand.sale(stall, buyer, line(batch), sold_at=moment.isoformat()) for moment in sold]
        assert [item["flags"] for item in hand.send(*sales)["items"]] == [[], ["held"], []]

    def test_goods_that_wait_for_their_test_are_a_violation(self, hand, stall, buyer):
        batch = batch_at(stall, state=Batch.State.PENDING_TEST)
        assert one(hand.send(hand.sale(stall, buyer, line(batch))))["flags"] == ["held"]


class TestOnce:
    def test_a_repeated_message_gets_the_same_answer_and_changes_nothing(self, hand, stall, buyer):
        batch = batch_at(stall, "5")
        sale = hand.sale(stall, buyer, line(batch))
        first, again = hand.send(sale), hand.send(sale)
        assert one(again) == {**one(first), "result": "duplicate"}
        assert Voucher.objects.count() == 1
        batch.refresh_from_db()
        assert batch.sold_kg == 10

    def test_other_content_under_a_known_number_is_set_aside(self, hand, stall, buyer, manager):
        batch = batch_at(stall)
        sale = hand.sale(stall, buyer, line(batch))
        hand.send(sale)
        other = {**sale, "lines": [line(batch, "11")]}
        answers = [one(hand.send(other)) for _ in range(2)]
        assert [(item["result"], item["code"]) for item in answers] == [("set_aside", "different_content")] * 2
        assert SetAsideSale.objects.count() == 1
        assert told(manager, "scale_set_aside").exists()

    def test_a_number_used_for_codes_is_no_sale(self, hand, stall, buyer):
        sale = {**hand.sale(stall, buyer, line(batch_at(stall))), "sequence": 1}
        assert one(hand.send(sale))["code"] == "different_content"

    def test_two_devices_use_the_same_numbers(self, hand, stall, buyer):
        batch = batch_at(stall)
        second = Hand(scale_at(stall))
        second.reserve()
        for each in (hand, second):
            assert one(each.send(each.sale(stall, buyer, line(batch))))["result"] == "recorded"


class TestSetAside:
    @pytest.mark.parametrize(
        ("change", "code"),
        [
            (lambda sale: {"token": new_token()}, "unknown_token"),
            (lambda sale: {"typed_code": "0000000000"}, "unknown_token"),
            (lambda sale: {"seller_place": new_token()}, "unknown_seller"),
            (lambda sale: {"buyer": {"stall_token": new_token()}}, "unknown_buyer"),
            (lambda sale: {"buyer": {"stall_token": sale["seller_place"]}}, "unknown_buyer"),
            (lambda sale: {"buyer": {"store_token": sale["buyer"]["stall_token"]}}, "unknown_buyer"),
            (lambda sale: {"lines": [{**sale["lines"][0], "batch_token": new_token()}]}, "unknown_batch"),
            (lambda sale: {"lines": [line(button=9)]}, "unknown_button"),
            (lambda sale: {"lines": []}, "invalid"),
        ],
    )
    def test_what_cannot_be_booked_is_kept_word_for_word(self, hand, stall, buyer, manager, change, code):
        batch = batch_at(stall)
        sale = hand.sale(stall, buyer, line(batch))
        sale |= change(sale)
        item = one(hand.send(sale))
        assert (item["result"], item["code"]) == ("set_aside", code)
        kept = SetAsideSale.objects.get()
        assert sale["sold_at"] in kept.sent
        assert not Voucher.objects.exists()
        assert PublicCode.objects.filter(device_id=hand.device.id).exclude(state="reserved").count() == 0
        batch.refresh_from_db()
        assert batch.sold_kg == 0
        assert told(manager, "scale_set_aside").exists()

    def test_the_same_again_is_answered_the_same(self, hand, stall, buyer):
        sale = hand.sale(stall, buyer, line(button=9))
        assert hand.send(sale)["items"] == hand.send(sale)["items"]
        assert SetAsideSale.objects.count() == 1

    def test_a_code_is_used_once(self, hand, stall, buyer):
        batch = batch_at(stall)
        first = hand.sale(stall, buyer, line(batch))
        second = {**hand.sale(stall, buyer, line(batch)), "token": first["token"], "typed_code": first["typed_code"]}
        assert [item["code"] for item in hand.send(first, second)["items"]] == [None, "token_used"]

    def test_another_stalls_batch_is_unknown(self, hand, stall, buyer):
        theirs = batch_at(StallFactory(market=stall.market))
        assert one(hand.send(hand.sale(stall, buyer, line(theirs))))["code"] == "unknown_batch"

    def test_a_product_the_seller_never_had(self, hand, stall, buyer):
        assert one(hand.send(hand.sale(stall, buyer, line(button=3))))["code"] == "no_batch"

    def test_one_bad_sale_does_not_stop_the_others(self, hand, stall, buyer):
        batch = batch_at(stall)
        sales = [hand.sale(stall, buyer, line(batch)) for _ in range(3)]
        sales[1]["lines"][0]["weight_kg"] = "1e3"
        answer = hand.send(*sales)
        assert [item["result"] for item in answer["items"]] == ["recorded", "set_aside", "recorded"]
        assert answer["items"][1]["fields"] == ["lines[0].weight_kg"]

    def test_kilos_beyond_what_a_row_can_hold_are_set_aside(self, hand, stall, buyer):
        batch = batch_at(stall)
        sale = hand.sale(stall, buyer, *[line(batch, "999999999.999")] * 2)
        item = one(hand.send(sale))
        assert (item["code"], item["fields"]) == ("invalid", ["lines[1].weight_kg"])

    @pytest.mark.parametrize(
        ("field", "value"),
        [
            ("sold_at", "2026-11-22 05:40"), ("sold_at", "2026-11-22T05:40:12"), ("sold_at", 5), ("offline", 1),
            ("offline", None), ("cursor", "a b"), ("token", None), ("token", "short"), ("buyer", {}), ("buyer", None),
            ("buyer", {"stall_token": "x" * 17, "walk_in": {"name": "a", "phone": ""}}), ("lines", [None] * 2),
        ],
    )  # fmt: skip
    def test_every_wrong_field_is_named(self, hand, stall, buyer, field, value):
        sale = hand.sale(stall, buyer, line(batch_at(stall)), **{field: value})
        item = one(hand.send(sale))
        assert item["code"] == "invalid"
        assert {named.split("[")[0].split(".")[0] for named in item["fields"]} == {field}

    def test_a_walk_in_customers_phone_is_a_phone(self, hand, stall):
        sale = hand.sale(stall, {"walk_in": {"name": "李", "phone": "12"}}, line(batch_at(stall)))
        assert one(hand.send(sale))["fields"] == ["buyer.walk_in.phone"]


class TestMarketScale:
    """A scale that stands at the market serves every stall of it."""

    def test_it_sells_for_any_stall_of_its_market(self, stall, buyer):
        hand = Hand(DeviceFactory(at_market=True, market=stall.market))
        hand.reserve()
        other = StallFactory(market=stall.market)
        elsewhere = StallFactory()
        items = hand.send(
            hand.sale(stall, buyer, line(batch_at(stall))),
            hand.sale(other, buyer, line(batch_at(other))),
            hand.sale(elsewhere, buyer, line(batch_at(elsewhere))),
        )["items"]
        assert [item["code"] for item in items] == [None, None, "unknown_seller"]


class TestGoodsOfAnotherProduct:
    def test_a_batch_may_be_sold_without_a_button(self, hand, stall, buyer):
        cucumbers = ProductFactory(code="12002", name="黄瓜")
        batch = batch_at(stall, product=cucumbers)
        assert one(hand.send(hand.sale(stall, buyer, line(batch))))["result"] == "recorded"
