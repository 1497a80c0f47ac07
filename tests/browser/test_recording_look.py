"""A morning of tests on a phone: samples ticked, strips pressed, a positive asked about, the label looked at."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from registry.roles import Role
from tests.browser.conftest import DESK, PHONE
from tests.browser.test_cases_look import fits, sign_in
from tests.factories.cases import picture
from tests.factories.registry import ProductFactory, account_with
from tests.factories.testing import TestKitFactory, point_at
from tests.factories.traceability import BatchFactory
from tests.traceability.instruments import detail, enzyme_item, instrument_at, message, sample_of, upload
from traceability.models import Hold, InstrumentReading, RapidTest, Sample

pytestmark = [pytest.mark.django_db(transaction=True)]


@pytest.fixture
def batch():
    enzyme_item()
    return BatchFactory()


@pytest.fixture
def tester(batch):
    point_at(batch.place)
    return account_with(Role.TESTER, market=batch.place.market)


def test_samples_are_ticked_and_read_without_leaving_the_grid(open_page, site, axe, batch, tester, tmp_path):
    BatchFactory(place=batch.place, product=ProductFactory(code="12002", name="茄子"))
    TestKitFactory(point=point_at(batch.place), item=enzyme_item())
    page = open_page(PHONE)
    sign_in(page, site, tester)
    page.goto(f"{site}/desk/samples/new?place={batch.place_id}&next=morning")
    assert fits(page)
    assert axe(page) == []
    for tile in page.locator("label.tile").all():
        tile.click()
    page.click(".actions button.primary")
    page.wait_for_url("**/desk/tests/morning*")
    assert fits(page)
    assert axe(page) == []
    rows = page.locator("ul.rows > li[id^=row-]")
    assert rows.count() == 2
    rows.first.locator("button[value=negative]").click()
    expect(rows).to_have_count(1)
    assert RapidTest.objects.get().result == "negative"
    photo = tmp_path / "strip.jpg"
    photo.write_bytes(picture().content)
    rows.first.locator("details summary").click()
    rows.first.locator("[name=photo]").set_input_files(photo)
    expect(rows.first.locator("[data-photo] output")).not_to_be_empty()
    rows.first.locator("button[value=positive]").click()
    page.wait_for_selector("#dialog form.confirm")
    assert "100" in page.locator(".consequences").inner_text()
    page.click("form.confirm button.primary")
    page.wait_for_url("**/desk/tests/morning*")
    page.wait_for_selector(".note-box")
    assert RapidTest.objects.get(result="positive").strip_image
    assert Hold.objects.count() == 1


@pytest.mark.parametrize("viewport", [PHONE, DESK], ids=["phone", "desk"])
def test_every_page_of_recording_fits(open_page, site, axe, batch, tester, viewport):
    sample = sample_of(batch)
    device = instrument_at(sample.point)
    upload(device, message(device, detail("A1", "旧标签", 12.5), detail("A2", sample.label, 12.5)))
    reading = InstrumentReading.objects.get(system_code="A1")
    page = open_page(viewport)
    sign_in(page, site, tester)
    label = Sample.objects.get(pk=sample.pk).label
    for address in (
        "/desk/tests", "/desk/samples", f"/desk/samples/{label}", f"/desk/samples/{label}/test", "/desk/samples/new",
        "/desk/tests/morning", "/desk/tests/sheets", "/desk/readings", f"/desk/readings/{reading.pk}",
        f"/desk/tests/new?batch={batch.token}", "/desk/tests/all", "/desk/demo/instrument",
    ):  # fmt: skip
        page.goto(site + address)
        assert fits(page), address
        assert axe(page) == [], address
