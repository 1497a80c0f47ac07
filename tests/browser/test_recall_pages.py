"""Recalls and lineages on a phone and a desk: what is asked in three taps, and a drawing that stays in its frame."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from registry.roles import Role
from tests.browser.conftest import DESK
from tests.factories.registry import PASSWORD, ProductFactory, account_with
from tests.factories.traceability import RecallFactory
from tests.traceability.goods import batch_at
from tests.traceability.trade import trade
from traceability.models import Recall, RecallNotice

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def goods():
    return trade(product=ProductFactory(name="线椒"))


def test_a_wholesaler_reads_the_numbers_and_recalls(phone, goods):
    person = account_with(Role.WHOLESALER, place=goods.batch.place)
    trader = phone(person)
    trader.open(f"/desk/batches/{goods.batch.pk}/lineage")
    trader.go("a.primary[href*='/desk/recalls/new']")
    trader.sees("100")
    trader.page.locator("input[name=reason]").fill("快检阳性")
    trader.go("button.danger[form=recall]")
    recall = Recall.objects.get()
    trader.sees("快检阳性")
    expect(trader.page.locator("#list tbody tr")).to_have_count(6)
    assert recall.hold_id is not None


def test_a_stallholder_answers_in_three_taps(phone, goods):
    recall = RecallFactory(batch=goods.batch)
    stall = phone(account_with(Role.VENDOR, place=goods.stall.place))
    stall.open("/desk/stall")
    stall.go("a[href*='/desk/recalls/notices/']")
    stall.taps = 0
    stall.tap(stall.page.locator("[data-pad] button", has_text="20"))
    stall.tap("label.tile")
    stall.go("button[form=answer]")
    assert stall.taps == 3
    notice = RecallNotice.objects.get(recall=recall, place_id=goods.stall.place_id)
    assert (notice.found_kg, notice.done) == (20, "set_aside")


def test_every_page_of_a_recall_fits_a_phone(phone, goods):
    recall = RecallFactory(batch=goods.batch)
    officer = phone(account_with(Role.DISTRICT_OFFICER, district_id="440607"))
    for address in (
        "/desk/recalls",
        f"/desk/recalls/{recall.pk}",
        f"/desk/recalls/new?batch={goods.second_tier.pk}",
        f"/desk/batches/{goods.canteen.pk}/lineage",
    ):
        officer.open(address)


def test_a_wide_drawing_scrolls_in_its_own_frame(open_page, site, goods):
    for number in range(30):
        batch_at(goods.stall.place, str(number + 1), parent_id=goods.batch.pk, source_district_id="440607")
    desk = open_page(viewport=DESK)
    desk.goto(f"{site}/signin")
    person = account_with(Role.DISTRICT_OFFICER, district_id="440607")
    desk.locator("input[name=username]").first.fill(person.username)
    desk.locator("input[name=password]").first.fill(PASSWORD)
    desk.locator("form[action='/signin'] button.primary").click()
    desk.goto(f"{site}/desk/batches/{goods.batch.pk}/lineage")
    assert desk.evaluate("document.documentElement.scrollWidth") <= DESK["width"]
    assert desk.locator("svg.lineage a").count() > 30
    assert desk.locator("svg.lineage").evaluate("svg => getComputedStyle(svg).color") != "rgb(0, 0, 0)"
