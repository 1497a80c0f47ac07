"""What a scale is told of its stall: everything once, then what changed, whatever changed it."""

import datetime as dt
from decimal import Decimal

import pytest
from django.core.cache import cache
from django.utils import timezone

from kit import clock
from kit.ids import uuid7
from registry.models import DeviceButton, Place
from registry.roles import Role
from tests.factories.registry import DeviceFactory, ProductFactory, StallFactory, StoreFactory, actor_with
from tests.factories.testing import TestItemFactory, point_at
from tests.traceability.goods import batch_at, before, scale_at, wholesale_stall
from tests.traceability.signing import DELTA, Hand, line
from traceability.device_sale import moment_of
from traceability.models import Batch
from traceability.services.hold import place_hold, release_hold
from traceability.services.record_test import record_test

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("each_sale_asks_for_itself")]
LISTS = ("places", "batches", "buttons", "holds", "buyers")


@pytest.fixture(autouse=True)
def _no_pictures_yet():
    cache.clear()


@pytest.fixture
def stall():
    return wholesale_stall(public_phone="13800138000")


@pytest.fixture
def scale(stall):
    return Scale(scale_at(stall))


class Scale(Hand):
    """A hand that remembers its cursor and asks a moment later each time."""

    def __init__(self, device):
        super().__init__(device)
        self.cursor = None
        self.asked = 0

    def ask(self, cursor=None):
        self.asked += 1
        since = cursor or self.cursor
        with clock.freeze(clock.now() + dt.timedelta(seconds=self.asked)):
            answer = self.get(f"{DELTA}?since={since}" if since else DELTA, age_s=-self.asked)
        assert answer.status_code == 200, answer.content
        self.cursor = answer.json()["cursor"]
        return answer.json()

    def changes(self):
        answer = self.ask()
        return {name: answer[name] for name in LISTS if answer[name]} | (
            {"removed": answer["removed"]} if answer["removed"] else {}
        )


def test_the_first_delta_is_everything_the_slip_needs(scale, stall):
    batch = batch_at(stall, "40")
    record_test(
        actor_with(Role.TESTER), batch=batch, point=point_at(stall), item=TestItemFactory(), result="negative",
        client_key=uuid7(),
    )  # fmt: skip
    answer = scale.ask()
    assert (answer["full"], answer["more"], answer["removed"]) == (True, False, {})
    assert answer["voucher_url"] == "http://testserver/v/"
    assert answer["places"] == [
        {
            "token": stall.token, "seller_name": "旺记蔬菜", "seller_phone": "13800138000", "stall_no": stall.stall_no,
            "market_name": stall.market.name, "trade_day_starts_at": "00:00",
        }
    ]  # fmt: skip
    (row,) = answer["batches"]
    assert row == {
        "token": batch.token, "typed_code": batch.typed_code, "seller_place": stall.token, "product_code": "12001",
        "product_name": "辣椒", "origin_text": batch.origin_region.full_name,
        "made_at": timezone.localtime(batch.made_at).isoformat(timespec="seconds"),
        "expires_on": batch.expires_on.isoformat(),
        "left_kg": "40.000", "test_text": "快检未检出",
    }  # fmt: skip
    assert [(button["number"], button["label"]) for button in answer["buttons"]] == [(3, "辣椒")]


def test_nothing_is_sent_twice(scale, stall):
    batch_at(stall)
    scale.ask()
    assert scale.changes() == {}


def test_the_cursor_is_the_moment_of_the_picture(scale):
    scale.ask()
    assert abs(moment_of(scale.cursor) - clock.now()) < dt.timedelta(seconds=2)


def test_a_sale_changes_what_is_left_and_names_the_buyer(scale, stall):
    batch, buyer = batch_at(stall), StallFactory(name="张记蔬菜")
    scale.ask()
    scale.send(scale.sale(stall, buyer, line(batch, "30")))
    changes = scale.changes()
    assert set(changes) == {"batches", "buyers"}
    assert changes["batches"][0]["left_kg"] == "70.000"
    assert changes["buyers"][0]["name"] == str(buyer)
    assert changes["buyers"][0]["kind"] == "stall"


def test_a_walk_in_customer_is_never_a_tile(scale, stall):
    batch = batch_at(stall)
    scale.send(scale.sale(stall, {"walk_in": {"name": "李阿姨", "phone": ""}}, line(batch)))
    store = StoreFactory()
    scale.send(scale.sale(stall, {"store_token": store.token}, line(batch)))
    assert [buyer["token"] for buyer in scale.ask()["buyers"]] == [store.token]


def test_two_holds_on_one_batch_come_and_go_one_by_one(scale, stall):
    batch, officer = batch_at(stall), actor_with(Role.DISTRICT_OFFICER)
    scale.ask()
    holds = [place_hold(officer, batches=[batch], reason=why, client_key=uuid7()) for why in ("market", "officer")]
    placed = scale.changes()["holds"]
    assert [row["batch_token"] for row in placed] == [batch.token] * 2
    release_hold(officer, hold=holds[0], note="好了")
    assert scale.changes() == {"removed": {"holds": [placed[0]["id"]]}}


@pytest.mark.parametrize("state", [Batch.State.PENDING_TEST, Batch.State.VOID])
def test_a_batch_that_is_not_admitted_is_not_in_the_list(scale, stall, state):
    batch_at(stall, state=state)
    assert scale.ask()["batches"] == []


def test_sold_out_stays_until_its_last_day_is_over(scale, stall):
    batch = batch_at(stall, "5", sold_kg=Decimal(5))
    assert [row["left_kg"] for row in scale.ask()["batches"]] == ["0.000"]
    Batch.objects.update(expires_on=before(days=1).date())
    assert scale.changes() == {"removed": {"batches": [batch.token]}}


def test_an_earlier_keepers_goods_are_not_shown(scale, stall):
    batch_at(stall)
    Place.objects.filter(pk=stall.pk).update(organisation=StallFactory().organisation)
    assert scale.ask()["batches"] == []


def test_buttons_change_and_go(scale, stall):
    scale.ask()
    DeviceButton.objects.create(
        district_id=stall.district_id, device=scale.device, number=4, product=ProductFactory(code="12002", name="黄瓜")
    )
    assert [button["label"] for button in scale.changes()["buttons"]] == ["黄瓜"]
    gone = DeviceButton.objects.filter(number=3)
    button = gone.get()
    gone.delete()
    assert scale.changes() == {"removed": {"buttons": [str(button.id)]}}


def test_a_scale_moved_to_another_stall_forgets_the_first(scale, stall):
    batch_at(stall)
    scale.ask()
    other = StallFactory(market=stall.market)
    type(scale.device).objects.filter(pk=scale.device.pk).update(place=other)
    answer = scale.ask()
    assert [place["token"] for place in answer["places"]] == [other.token]
    assert set(answer["removed"]) == {"places", "batches"}


def test_a_market_scale_knows_every_stall_of_its_market_in_use(stall):
    StallFactory(market=stall.market)
    StallFactory(market=stall.market, vacant=True)
    StallFactory()
    scale = Scale(DeviceFactory(at_market=True, market=stall.market))
    assert len(scale.ask()["places"]) == 2


@pytest.mark.parametrize("cursor", ["MTc5NTI5NzIxMg", "what-is-this"])
def test_an_unknown_or_old_cursor_gets_everything(scale, stall, cursor):
    batch_at(stall)
    scale.ask()
    answer = scale.ask(cursor)
    assert answer["full"]
    assert len(answer["batches"]) == 1


def test_a_lost_answer_is_asked_for_again_with_the_cursor_before(scale, stall):
    scale.ask()
    kept = scale.cursor
    batch_at(stall)
    scale.ask()
    assert len(scale.ask(kept)["batches"]) == 1


def test_a_cursor_that_is_none(scale):
    response = scale.get(f"{DELTA}?since=a%20b")
    assert (response.status_code, response.json()["code"]) == (422, "invalid")


def test_the_desk_sees_when_the_scale_was_heard_of(scale):
    scale.ask()
    scale.device.refresh_from_db()
    assert scale.device.last_seen_at == scale.device.delta_at != None  # noqa: E711
