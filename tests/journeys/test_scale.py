"""A real scale on a real network: it prints at once, and what it sold arrives exactly once."""

import datetime as dt
import random
import urllib.request
from decimal import Decimal

import pytest
from django.core.cache import cache
from django.utils.translation import gettext

from kit.ids import uuid7
from registry.roles import Role
from tests.factories.registry import StallFactory, actor_with
from tests.journeys.network import Cable
from tests.traceability.goods import batch_at, scale_at, wholesale_stall
from traceability.models import DeviceGap, DeviceMessage, SetAsideSale, Voucher
from traceability.scale.client import Buyer, CannotSell, Scale, utc_now
from traceability.scale.memory import Memory
from traceability.scale.sync import Sync
from traceability.scale.transport import Connection
from traceability.services.hold import place_hold

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def stall():
    return wholesale_stall(public_phone="13800138000")


@pytest.fixture
def buyer():
    stall = StallFactory(name="张记蔬菜")
    return Buyer("stall", stall.token, stall.name)


@pytest.fixture
def cable(live_server, settings):
    settings.ZEAL_RAISE = False  # every sale is a transaction of its own
    settings.BASE_URL = live_server.url
    cache.clear()
    made = Cable(live_server.url)
    yield made
    made.stop()


@pytest.fixture
def scale(cable, stall, tmp_path):
    device = scale_at(stall)
    memory = Memory(tmp_path / "scale.json")
    made = Scale(memory)
    made.sync = Sync(made, Connection(cable.url, str(device.id), device.key, 20), jitter=lambda: 0.5)
    yield made
    memory.close()


def run(scale):
    return scale.sync.run(at_once=True)


def page(url):
    with urllib.request.urlopen(url, timeout=20) as answer:  # noqa: S310
        return answer.read().decode()


def test_offline_slips_say_waiting_and_become_vouchers(scale, cable, stall, buyer):
    batch = batch_at(stall, "100")
    run(scale)
    cable.pulled = True
    run(scale)
    slips = [scale.weigh(3, "12.50", buyer, unit_price_fen=650) for _ in range(3)]
    assert run(scale).sent == 0
    assert slips[0].offline
    waiting = page(slips[0].url)
    assert stall.name not in waiting
    assert gettext("Waiting for the scale to report") in waiting
    cable.pulled = False
    assert run(scale).sent == 3
    assert stall.name in page(slips[0].url)
    batch.refresh_from_db()
    assert batch.sold_kg == Decimal("37.5")
    assert scale.left_kg(scale.state.batches[batch.token]) == Decimal("62.5")


def test_whatever_the_network_does_every_slip_arrives_exactly_once(scale, cable, stall, buyer):
    batch_at(stall, "1000")
    run(scale)
    dice = random.Random(20261122)
    slips = []
    for _ in range(12):
        slips += [scale.weigh(3, "1.250", buyer) for _ in range(dice.randrange(4))]
        cable.faults = dice.choices(["drop", "lose_answer", "cut"], k=dice.randrange(3))
        run(scale)
        cable.faults = []
    while scale.state.queue:
        run(scale)
    vouchers = Voucher.objects.order_by("device_sequence")
    assert [(voucher.device_sequence, voucher.token) for voucher in vouchers] == [
        (slip.sequence, slip.token) for slip in slips
    ]
    assert sum(voucher.lines.get().weight_kg for voucher in vouchers) == Decimal("1.25") * len(slips)
    assert DeviceMessage.objects.filter(kind="sale").count() == len(slips)
    assert not SetAsideSale.objects.exists()
    assert not DeviceGap.objects.exists()


def test_a_hold_reaches_the_scale_and_a_sale_it_could_not_know_of_is_told_apart(scale, cable, stall, buyer):
    batch = batch_at(stall, "100")
    run(scale)
    cable.pulled = True
    officer = actor_with(Role.DISTRICT_OFFICER)
    place_hold(officer, batches=[batch], reason="officer", client_key=uuid7())
    scale.clock = lambda: utc_now() + dt.timedelta(seconds=2)  # a slip shows whole seconds
    scale.weigh(3, "5", buyer)
    cable.pulled = False
    (notice,) = run(scale).notices
    assert notice["flags"] == ["held"]
    voucher = Voucher.objects.get()
    assert (voucher.held_violation, voucher.late_knowledge) == (True, True)
    with pytest.raises(CannotSell, match="on_hold"):
        scale.weigh(3, "5", buyer)


def test_more_than_there_is_is_sold_told_and_recorded(scale, stall, buyer):
    batch = batch_at(stall, "10")
    run(scale)
    assert scale.weigh(3, "25", buyer).overdrawn
    assert run(scale).notices[0]["flags"] == ["overdrawn"]
    batch.refresh_from_db()
    assert (batch.sold_kg, batch.overdrawn_kg) == (25, 15)
