"""The scale: slips at once, nothing lost and nothing twice, whatever the network does."""

import datetime as dt
import json
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kit.codes import new_token
from tests.traceability.device_stub import DEVICE, KEY, NEW, OLD, Server
from traceability.scale.client import Buyer, CannotSell, Scale, Weighing
from traceability.scale.memory import Memory, MemoryInUse
from traceability.scale.slip import slip_text
from traceability.scale.sync import SALES_A_MESSAGE, Sync
from traceability.scale.transport import Connection

BUYER = Buyer("stall", new_token(), "张记蔬菜")
FAULTS = ["refuse", "lose_answer", "unavailable", "garbage", "portal"]


@pytest.fixture
def server():
    running = Server()
    yield running
    running.stop()


@pytest.fixture
def platform(server):
    return server.platform


class Machine:
    """A scale with its memory, which can be switched off and on again."""

    def __init__(self, server, path):
        self.server = server
        self.path = path
        self.slips = []
        self.behind_s = 0
        self.on()

    def on(self, key=KEY):
        self.memory = Memory(self.path)
        self.scale = Scale(self.memory, clock=lambda: dt.datetime.now(dt.UTC) - dt.timedelta(seconds=self.behind_s))
        self.sync = Sync(self.scale, Connection(self.server.url, DEVICE, key, 5), jitter=lambda: 0.5)
        return self

    def off(self):
        self.memory.close()

    def run(self):
        return self.sync.run(at_once=True)

    def weigh(self, weight_kg="25.40", **more):
        slip = self.scale.weigh(3, weight_kg, BUYER, **more)
        self.slips.append(slip)
        return slip


@pytest.fixture
def machine(server, tmp_path):
    made = Machine(server, tmp_path / "scale.json")
    made.run()
    yield made
    made.off()


def test_a_new_scale_fetches_codes_goods_and_buttons(machine):
    assert machine.scale.online
    assert len(machine.scale.state.codes) == 300
    assert [button["label"] for button in machine.scale.buttons()] == ["辣椒"]
    assert [buyer.name for buyer in machine.scale.buyers()] == ["张记蔬菜"]


def test_a_slip_has_every_field_the_rule_asks_for(machine):
    text = slip_text(machine.weigh(unit_price_fen=650))
    for field in (
        "百旺城批发市场",
        "辣椒",
        "云南省元谋县",
        "25.40 公斤",
        "阿强蔬菜",
        "A12",
        "13800138000",
        "张记蔬菜",
        "快检未检出",
        "165.10 元",
    ):
        assert field in text
    assert f"{machine.scale.now():%Y-%m-%d}" in text


def test_the_codes_on_a_slip_are_those_reserved_in_advance(machine):
    reserved = machine.scale.state.codes[0]
    slip = machine.weigh()
    assert (slip.token, slip.code.replace("-", "")) == (reserved["token"], reserved["typed_code"])
    assert slip.url == f"https://example.cn/v/{slip.token}"


def test_selling_needs_no_network_and_arrives_when_it_is_back(machine, platform):
    platform.faults = ["refuse"]
    assert machine.run().waiting_s
    slips = [machine.weigh() for _ in range(5)]
    assert all(slip.offline for slip in slips)
    assert platform.sales == {}
    assert machine.run().sent == 5
    assert {sale["token"] for sale in platform.sales.values()} == {slip.token for slip in slips}
    assert not machine.weigh().offline


def test_the_oldest_batch_with_enough_left_is_sold_first(machine):
    for weight_kg in ("30", "30", "5"):
        machine.weigh(weight_kg)
    assert [sale["lines"][0]["batch_token"] for sale in machine.scale.state.queue] == [OLD, NEW, OLD]


def test_what_is_left_is_the_same_before_and_after_a_sale_is_sent(machine, platform):
    platform.delta = {}
    machine.weigh("30")
    left = [machine.scale.left_kg(machine.scale.state.batches[OLD])]
    machine.run()
    left.append(machine.scale.left_kg(machine.scale.state.batches[OLD]))
    assert left == [10, 10]


def test_more_than_is_left_is_sold_and_said(machine):
    slip = machine.weigh("600")
    assert slip.overdrawn
    assert not machine.weigh("1").overdrawn


def test_where_no_batch_has_enough_the_one_with_the_most_left_is_sold(machine):
    machine.weigh("600")
    assert machine.scale.state.queue[-1]["lines"][0]["batch_token"] == NEW


def test_two_lines_of_one_slip_share_what_is_left(machine):
    slip = machine.scale.sell([Weighing(3, "35"), Weighing(3, "35")], BUYER)
    assert [line.overdrawn for line in slip.lines] == [False, True]


def test_a_batch_on_hold_is_not_sold_until_every_hold_is_gone(machine, platform):
    holds = [{"id": f"h{n}", "batch_token": batch, "placed_at": ""} for n, batch in enumerate((OLD, NEW, OLD))]
    platform.delta = {"holds": holds}
    machine.run()
    with pytest.raises(CannotSell, match="on_hold"):
        machine.weigh()
    platform.delta = {"removed": {"holds": ["h0"]}}
    machine.run()
    with pytest.raises(CannotSell, match="on_hold"):
        machine.weigh()
    platform.delta = {"removed": {"holds": ["h1"]}}
    machine.run()
    machine.weigh()
    assert machine.scale.state.queue[-1]["lines"][0]["batch_token"] == NEW


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (lambda scale: scale.weigh(9, "1", BUYER), "unknown_button"),
        (lambda scale: scale.weigh(3, "1e2", BUYER), "bad_weight"),
        (lambda scale: scale.weigh(3, "1", BUYER, seller=new_token()), "unknown_seller"),
        (lambda scale: scale.sell([], BUYER), "no_lines"),
        (lambda scale: Buyer.scanned("https://example.cn/s/0000000000000000X"), "no_buyer"),
        (lambda scale: Buyer.walk_in("  "), "no_buyer"),
    ],
)
def test_what_the_scale_does_not_print_leaves_no_trace(machine, change, code):
    before = json.dumps(vars(machine.scale.state))
    with pytest.raises(CannotSell, match=code):
        change(machine.scale)
    assert json.dumps(vars(machine.scale.state)) == before


def test_goods_past_their_shelf_life_are_not_sold(machine, platform):
    yesterday = (machine.scale.now().date() - dt.timedelta(days=1)).isoformat()
    platform.delta = {"batches": [{**row, "expires_on": yesterday} for row in machine.scale.state.batches.values()]}
    machine.run()
    with pytest.raises(CannotSell, match="expired"):
        machine.weigh()


def test_without_codes_nothing_is_printed(machine):
    machine.scale.state.codes = []
    with pytest.raises(CannotSell, match="no_codes"):
        machine.weigh()


def test_a_full_disk_sells_nothing_and_uses_no_code(machine, monkeypatch):
    def full():
        raise OSError(28, "No space left on device")

    before = json.dumps(vars(machine.scale.state))
    with monkeypatch.context() as broken:
        broken.setattr(machine.memory, "save", full)
        with pytest.raises(OSError, match="No space"):
            machine.weigh()
    assert json.dumps(vars(machine.scale.state)) == before


def test_a_scanned_code_names_a_stall_or_a_store():
    token = new_token()
    assert Buyer.scanned(f"https://example.cn/s/{token}").as_sent() == {"stall_token": token}
    assert Buyer.scanned(f"https://example.cn/d/{token}?x=1").as_sent() == {"store_token": token}


@pytest.mark.parametrize("fault", FAULTS)
def test_after_any_failure_the_same_bytes_are_sent_again(machine, platform, fault):
    machine.weigh()
    platform.faults = [fault]
    first = machine.run()
    assert (first.sent, first.refused) == (0, None)
    body = machine.scale.state.message["body"].encode()
    machine.weigh()
    assert machine.run().sent == 2
    assert platform.received.count(body) == (1 if fault == "refuse" else 2)
    assert len(platform.sales) == 2


def test_switched_off_in_the_middle_it_sends_the_same_bytes_after_switching_on(machine, platform):
    machine.weigh()
    platform.faults = ["lose_answer"]
    machine.run()
    machine.off()
    machine.on().run()
    assert len(set(platform.received[1:])) == 1
    assert len(platform.sales) == 1
    assert machine.scale.state.queue == []


def test_lost_codes_are_the_same_codes_when_asked_for_again(server, platform, tmp_path):
    platform.faults = ["lose_answer"]
    machine = Machine(server, tmp_path / "new.json")
    machine.run()
    assert machine.scale.state.codes == []
    machine.run()
    assert machine.scale.state.codes == platform.issued[1]
    assert len(platform.issued) == 1
    machine.off()


def test_the_back_off_doubles_and_the_platform_s_word_comes_first(machine, platform):
    platform.faults = ["refuse", "refuse", "refuse", "unavailable"]
    assert [machine.run().waiting_s for _ in range(4)] == [1, 2, 4, 7]
    assert 0 < machine.sync.run().waiting_s <= 7
    assert machine.run().waiting_s == 0


def test_a_clock_that_is_fast_is_set_and_the_same_body_signed_again(machine, platform):
    machine.behind_s = -3600
    machine.scale.state.clock_offset = 0
    machine.weigh()
    assert machine.run().sent == 1
    assert abs((machine.scale.now() - platform.now()).total_seconds()) < 5
    sold_at = dt.datetime.fromisoformat(machine.weigh() and machine.scale.state.queue[-1]["sold_at"])
    assert abs((sold_at - platform.now()).total_seconds()) < 5


def test_a_clock_that_is_slow_is_accepted_marked_and_set(server, platform, tmp_path):
    machine = Machine(server, tmp_path / "slow.json")
    machine.behind_s = 86400
    machine.run()
    assert platform.lates == 2
    machine.weigh()
    machine.run()
    assert platform.lates == 2
    machine.off()


def test_a_wrong_key_loses_nothing_and_is_told(machine, platform):
    machine.weigh()
    platform.keys = ["6b" * 32]
    assert machine.run().refused == "bad_signature"
    assert len(machine.scale.state.queue) == 1
    body = machine.scale.state.message["body"].encode()
    machine.off()
    machine.on(key="6b" * 32)
    assert machine.run().sent == 1
    assert platform.received[-1] == body


def test_one_unreadable_sale_does_not_stop_the_others(machine, platform):
    slips = [machine.weigh() for _ in range(4)]
    platform.unreadable = {slips[1].sequence}
    report = machine.run()
    assert report.sent == 3
    assert [notice["sequence"] for notice in report.notices] == [slips[1].sequence]
    assert [sale["token"] for sale in machine.scale.state.stuck] == [slips[1].token]
    assert machine.scale.state.queue == []


def test_what_is_set_aside_is_not_sent_again_but_told(machine, platform):
    slip = machine.weigh()
    platform.sales[slip.sequence] = {"somebody": "else"}
    report = machine.run()
    assert report.notices == [{"sequence": slip.sequence, "code": "different_content", "flags": []}]
    assert machine.scale.state.queue == []


def test_sales_a_restored_platform_has_lost_are_sent_again(machine, platform):
    slips = [machine.weigh() for _ in range(3)]
    machine.run()
    del platform.sales[slips[1].sequence]
    machine.weigh()
    machine.run()
    assert {sale["token"] for sale in platform.sales.values()} == {slip.token for slip in machine.slips}


def test_a_long_queue_goes_out_in_several_messages(machine, platform):
    for _ in range(SALES_A_MESSAGE + 5):
        machine.weigh("0.100")
    assert machine.run().sent == SALES_A_MESSAGE + 5
    assert [len(json.loads(body).get("sales", [])) for body in platform.received[1:]] == [SALES_A_MESSAGE, 5, 0]


def test_a_second_process_cannot_use_the_same_memory(machine):
    with pytest.raises(MemoryInUse):
        Memory(machine.path)


def test_a_broken_delta_changes_nothing(machine, platform):
    before = json.dumps(vars(machine.scale.state))
    platform.delta = {"full": True, "batches": [{"no": "token"}]}
    assert machine.run().waiting_s
    assert json.dumps(vars(machine.scale.state)) == before


STEPS = st.lists(
    st.one_of(
        st.just("sell"), st.just("restart"), st.tuples(st.just("sync"), st.lists(st.sampled_from(FAULTS), max_size=3))
    ),
    min_size=1,
    max_size=12,
)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(STEPS)
def test_whatever_happens_every_slip_arrives_exactly_once(server, tmp_path_factory, steps):
    """Sales, restarts and failures in any order; then the network stays up and everything has arrived, once."""
    server.platform.__init__()
    machine = Machine(server, tmp_path_factory.mktemp("scale") / "scale.json")
    machine.run()
    for step in steps:
        if step == "sell":
            machine.weigh("0.250")
        elif step == "restart":
            machine.off()
            machine.on()
        else:
            server.platform.faults = list(step[1])
            machine.run()
            server.platform.faults = []
    machine.run()
    arrived = [(sequence, sale["token"]) for sequence, sale in sorted(server.platform.sales.items())]
    assert arrived == [(slip.sequence, slip.token) for slip in machine.slips]
    assert server.platform.gaps() == []
    assert machine.scale.state.queue == []
    weights = [Decimal(line["weight_kg"]) for sale in server.platform.sales.values() for line in sale["lines"]]
    assert sum(weights) == Decimal("0.25") * len(machine.slips)
    machine.off()
