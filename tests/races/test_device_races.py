"""Scales that speak at the same moment: every sale once, every kilo in its place.

Each race has a control beside it, the same race without its guard, to show that it is one.
"""

import random
import time
from decimal import Decimal

import pytest
from django.db import models

from kit import clock, public_codes
from tests.factories.registry import StallFactory
from tests.kit.together import together
from tests.traceability.goods import batch_at, scale_at, wholesale_stall
from tests.traceability.signing import line
from traceability.models import DeviceGap, Voucher
from traceability.services import device_booking, device_sales
from traceability.services.device_sales import Sent, receive_sale

pytestmark = pytest.mark.django_db(transaction=True)
THREADS = 8


@pytest.fixture
def stall():
    return wholesale_stall()


@pytest.fixture(autouse=True)
def _slowly(monkeypatch):
    """Between looking at the stock and moving it passes some time, as it does on a busy machine."""
    move = device_booking._move
    monkeypatch.setattr(device_booking, "_move", lambda taken: (time.sleep(0.05), move(taken)))


def sales_of(device, stall, batch, count, weight_kg="10"):
    buyer = StallFactory()
    codes = public_codes.reserve("v", device.district_id, device.id, count, clock.now())
    return [
        {
            "sequence": number, "token": code.token, "typed_code": code.typed_code,
            "sold_at": clock.now().isoformat(), "offline": True, "cursor": None, "seller_place": stall.token,
            "buyer": {"stall_token": buyer.token}, "lines": [line(batch, weight_kg)],
        }
        for number, code in enumerate(codes, 1)
    ]  # fmt: skip


def send(device, sale):
    return lambda: receive_sale(device, sent=Sent(sale["sequence"], sale, late=False))


def one_sale_many_times(stall):
    device, batch = scale_at(stall), batch_at(stall)
    (sale,) = sales_of(device, stall, batch, 1)
    answers = together(*[send(device, sale)] * THREADS)
    batch.refresh_from_db()
    return answers, batch


def test_one_sale_uploaded_by_many_at_once_is_recorded_once(stall):
    answers, batch = one_sale_many_times(stall)
    assert sorted(answer["result"] for answer in answers) == ["duplicate"] * (THREADS - 1) + ["recorded"]
    assert Voucher.objects.count() == 1
    assert batch.sold_kg == 10


def test_control_without_the_devices_lock_the_others_get_no_answer(stall, monkeypatch):
    monkeypatch.setattr(device_sales, "lock_device", lambda device: device)
    answers, batch = one_sale_many_times(stall)
    assert any(isinstance(answer, Exception) for answer in answers)
    assert batch.sold_kg == 10, "the constraint holds even then"


def test_messages_in_any_order_leave_no_gap_and_no_kilo_behind(stall):
    device, batch = scale_at(stall), batch_at(stall)
    sales = sales_of(device, stall, batch, 2 * THREADS)
    random.Random(7).shuffle(sales)
    answers = together(*(send(device, sale) for sale in sales))
    assert {answer["result"] for answer in answers} == {"recorded"}
    batch.refresh_from_db()
    assert (batch.sold_kg, batch.overdrawn_kg) == (20 * THREADS, 20 * THREADS - 100)
    assert sum(Decimal(answer["lines"][0]["overdrawn_kg"]) for answer in answers) == batch.overdrawn_kg
    assert not DeviceGap.objects.exists()


def scales_sell_one_batch(stall):
    batch = batch_at(stall, "40")
    devices = [scale_at(stall) for _ in range(THREADS)]
    calls = [send(device, sales_of(device, stall, batch, 1)[0]) for device in devices]
    answers = together(*calls)
    batch.refresh_from_db()
    return answers, batch


def test_many_scales_share_one_batch_exactly(stall):
    answers, batch = scales_sell_one_batch(stall)
    assert {answer["result"] for answer in answers} == {"recorded"}
    assert (batch.sold_kg, batch.overdrawn_kg, batch.kg_on_hand) == (80, 40, 0)
    assert sum("overdrawn" in answer["flags"] for answer in answers) == 4


def test_control_without_row_locks_facts_are_lost(stall, monkeypatch):
    monkeypatch.setattr(models.QuerySet, "select_for_update", lambda rows, **how: rows)
    answers, batch = scales_sell_one_batch(stall)
    assert any(isinstance(answer, Exception) for answer in answers)
    assert batch.sold_kg < 80
