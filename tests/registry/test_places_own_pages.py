"""Devices, suppliers and bases, through their pages."""

import datetime as dt
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image

from kit.ids import uuid7
from registry.roles import Role
from tests.factories.registry import (
    BaseFactory,
    CategoryFactory,
    CountyFactory,
    DeviceFactory,
    ProductFactory,
    StallFactory,
    SupplierFactory,
    account_with,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def stall():
    return StallFactory(market__wholesale=True)


@pytest.fixture
def trader(stall):
    return account_with(Role.WHOLESALER, place=stall)


@pytest.fixture
def as_trader(client, trader):
    client.force_login(trader)
    return client


def text(response):
    return response.content.decode()


# Devices


def test_a_key_is_shown_once_when_a_device_is_registered(as_trader, stall):
    form = as_trader.get(reverse("device_new")).context["form"]
    sent = {"client_key": form["client_key"].value(), "kind": "scale", "name": "一号秤", "stands": str(stall.id)}
    answer = as_trader.post(reverse("device_new"), sent)
    device = stall.devices.get()
    assert device.key in text(answer)
    assert "no-store" in answer["Cache-Control"]
    assert device.key not in text(as_trader.get(reverse("device", args=[device.id])))
    assert "一号秤" in text(as_trader.get(reverse("devices"), {"due": "1"}))
    assert "一号秤" in b"".join(as_trader.get(reverse("devices_export")).streaming_content).decode()


def test_a_device_is_keyed_anew_switched_off_and_on_and_moved(as_trader, stall):
    device = DeviceFactory(place=stall)
    old = device.key
    assert as_trader.get(reverse("device_key", args=[device.id])).status_code == 200
    page = text(as_trader.post(reverse("device_key", args=[device.id])))
    device.refresh_from_db()
    assert device.previous_key == old
    assert device.key in page
    as_trader.post(reverse("device_disable", args=[device.id]))
    as_trader.post(reverse("device_enable", args=[device.id]))
    sent = {"client_key": uuid7(), "name": "二号秤", "stands": str(stall.id), "calibrated_on": "2026-01-01"}
    as_trader.post(reverse("device_edit", args=[device.id]), sent)
    device.refresh_from_db()
    assert (device.name, device.state, device.calibrated_on) == ("二号秤", "active", dt.date(2026, 1, 1))
    sent["stands"] = str(StallFactory().id)
    assert as_trader.post(reverse("device_edit", args=[device.id]), sent).status_code == 422


def test_the_keys_of_a_scale_are_set(as_trader, stall):
    device, pepper = DeviceFactory(place=stall), ProductFactory()
    url = reverse("device_buttons", args=[device.id])
    assert as_trader.get(url).status_code == 200
    as_trader.post(url, {"key_1": "", "key_2": pepper.code})
    assert [(button.number, button.product) for button in device.buttons.all()] == [(2, pepper)]
    assert "key_6" in as_trader.get(url).context["form"].fields
    as_trader.post(url, {"key_1": ""})
    assert not device.buttons.exists()


# Suppliers and bases


def test_a_trader_keeps_suppliers(as_trader, stall):
    as_trader.post(reverse("supplier_new"), {"name": "源潭合作社", "phone": "13900008000", "address": "乐平镇"})
    (supplier,) = as_trader.get(reverse("suppliers"), {"q": "8000"}).context["page"]
    page = text(as_trader.get(reverse("supplier", args=[supplier.id])))
    assert "13900008000" in page
    as_trader.post(reverse("supplier_edit", args=[supplier.id]), {"name": "源潭蔬菜社", "phone": "13900008000"})
    assert "源潭蔬菜社" in b"".join(as_trader.get(reverse("suppliers_export")).streaming_content).decode()


def test_a_supplier_of_somebody_else_is_not_there(as_trader):
    other = SupplierFactory()
    for name in ("supplier", "supplier_edit"):
        assert as_trader.get(reverse(name, args=[other.id])).status_code == 404


def test_a_manager_sees_a_traders_supplier_masked(client, stall):
    client.force_login(account_with(Role.MARKET_MANAGER, market=stall.market))
    supplier = SupplierFactory(organisation=stall.organisation, phone="13900008000")
    url = reverse("supplier", args=[supplier.id])
    assert "13900008000" not in text(client.get(url))
    seen = client.post(reverse("supplier_look", args=[supplier.id, "phone"]), {"reason": "查供货者"})
    assert "13900008000" in text(seen)


def test_a_base_is_entered_verified_changed_and_ended(client, trader, as_trader, stall, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    county, pepper = CountyFactory(), ProductFactory()
    stall.categories.add(CategoryFactory())
    new = reverse("base_new")
    assert as_trader.get(new).status_code == 200
    wrong = as_trader.post(new, {"name": "源潭菜场", "region": "火星"})
    assert "region" in wrong.context["form"].errors
    photo = picture()
    answer = as_trader.post(new, {"name": "源潭菜场", "region": "三水", "products": [pepper.code], "contract": photo})
    base = stall.organisation.bases.get()
    assert (answer["Location"], base.region) == (reverse("base", args=[base.id]), county)
    assert as_trader.get(reverse("base_contract", args=[base.id]))["Content-Type"] == "image/jpeg"

    client.force_login(account_with(Role.MARKET_MANAGER, market=stall.market))
    assert "源潭菜场" in text(client.get(reverse("bases"), {"unverified": "1"}))
    client.post(reverse("base_verify", args=[base.id]))
    base.refresh_from_db()
    assert base.verified_at

    client.force_login(trader)
    client.post(reverse("base_edit", args=[base.id]), {"name": "源潭二场", "region": county.full_name})
    base.refresh_from_db()
    assert (base.name, base.verified_at) == ("源潭二场", None)
    client.post(reverse("base_end", args=[base.id]))
    base.refresh_from_db()
    assert base.state == "ended"
    assert "源潭二场" in b"".join(client.get(reverse("bases_export")).streaming_content).decode()


def test_somebody_elses_contract_is_not_there(as_trader):
    base = BaseFactory(contract_image="bases/x.jpg")
    assert as_trader.get(reverse("base_contract", args=[base.id])).status_code == 404


def picture():
    file = BytesIO()
    Image.new("RGB", (40, 30), "green").save(file, "PNG")
    return SimpleUploadedFile("contract.png", file.getvalue(), "image/png")


def test_counties_are_suggested_while_they_are_typed(as_trader):
    county = CountyFactory()
    page = text(as_trader.get(reverse("county_suggestions"), {"field": "region", "region": "sanshui"}))
    assert county.full_name in page
