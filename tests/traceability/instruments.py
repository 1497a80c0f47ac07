"""An instrument at a point, samples for it, and its hand: what it sends in either of the two ways."""

from __future__ import annotations

import base64
import json
from typing import Any

from django.test import Client

from kit import clock
from kit.ids import uuid7
from registry.models import Device
from registry.roles import Role
from tests.factories.registry import DeviceFactory, actor_with
from tests.factories.testing import TestItemFactory, TestLimitFactory, TestMethodFactory, point_at
from tests.factories.traceability import BatchFactory
from traceability.models import Sample, TestItem, TestLimit, TestPoint
from traceability.services.samples import Goods, take_sample

DY = "/api/v1/instruments/dy"


def enzyme_item() -> TestItem:
    """Inhibition of 50 % and more is positive. Reference data outlives a test that commits."""
    item = TestItemFactory(code="PEST_ENZ", name="有机磷和氨基甲酸酯类")
    if item.methods.exists():
        return item
    TestMethodFactory(item=item, method_no="GB/T 5009.199", principle="enzyme_inhibition", unit="%")
    TestLimitFactory(item=item, kind=TestLimit.Kind.INHIBITION, value=50, unit="%")
    return item


def instrument_at(point: TestPoint, **fields) -> Device:
    where = {"place": point.place} if point.place_id else {"place": None, "market": point.market}
    return DeviceFactory(kind=Device.Kind.INSTRUMENT, name="农残仪", serial_no="DY-3000-17", **where, **fields)


def somebody_testing_at(point: TestPoint):
    return actor_with(Role.TESTER, market=point.market)


def sample_of(batch=None, *, actor=None) -> Sample:
    batch = batch or BatchFactory()
    point = point_at(batch.place)
    goods = Goods(place=batch.place, product=batch.product, batch=batch)
    actor = actor or somebody_testing_at(point)
    return take_sample(actor, point=point, goods=goods, purpose="routine", client_key=uuid7())


def detail(code: str, sample: str, value: object = 12.5, **changes: Any) -> dict[str, Any]:
    at = f"{clock.now():%Y-%m-%d %H:%M:%S}"
    return {
        "SysCode": code,
        "sampleid": sample,
        "doublevalue": value,
        "unit": "%",
        "stringvalue": "",
        "time": at,
    } | changes


def message(device: Device, *details: dict[str, Any], **changes: Any) -> dict[str, Any]:
    return {
        "username": "lab", "itemid": "PEST_ENZ", "deviceid": device.serial_no, "totalnum": len(details),
        "longitude": 112.89, "latitude": 23.15, "Details": list(details),
    } | changes  # fmt: skip


def upload(device: Device, body: Any, *, key: str = "", client: Client | None = None):
    raw = body if isinstance(body, bytes) else json.dumps(body, ensure_ascii=False).encode()
    secret = base64.b64encode(f"{device.pk}:{key or device.key}".encode()).decode()
    return (client or Client()).post(
        DY, raw, content_type="application/json", headers={"Authorization": f"Basic {secret}"}
    )
