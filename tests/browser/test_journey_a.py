"""Journey A on phones, by taps: from signing in at the wholesale market to the shopper's scan at noon."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from kit.qr_photos import decode_photo
from registry.roles import Role
from tests.browser.phone import Phone
from tests.factories.registry import CountyFactory, MarketFactory, ProductFactory, StallFactory, account_with
from tests.factories.traceability import BatchFactory, VoucherFactory, WholesaleStallFactory
from traceability.models import Batch, Declaration, Voucher

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def town(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"
    ProductFactory(), CountyFactory()
    wholesale = WholesaleStallFactory(market=MarketFactory(wholesale=True, name="百旺城批发市场"), stall_no="B12")
    retail = StallFactory(market__name="河口农贸市场", stall_no="A07", name="旺记蔬菜")
    return SimpleNamespace(
        wholesale=wholesale,
        retail=retail,
        trader=account_with(Role.WHOLESALER, place=wholesale),
        clerk=account_with(Role.MARKET_MANAGER, market=wholesale.market),
        vendor=account_with(Role.VENDOR, place=retail),
    )


@pytest.fixture
def paper(tmp_path) -> Path:
    """A photo as a phone takes it."""
    Image.effect_noise((1800, 2400), 60).convert("RGB").save(tmp_path / "paper.jpg", quality=85)
    return tmp_path / "paper.jpg"


def declare_first(trader: Phone, paper: Path) -> None:
    """Nothing is known of this trader yet: product, quantity, county and supplier are written once."""
    trader.go("a[href='/desk/wholesale/declare']:visible")
    trader.page.locator("input[name=find]").fill("lj")
    trader.go(trader.page.locator("#found a.tile"))
    trader.page.locator("input[name=quantity]").fill("480")
    trader.page.locator("input[name=origin_text]").fill("三水")
    trader.tap(trader.page.locator("#origins-found label.tile"))
    trader.page.locator("input[name=supplier_name]").fill("乐平蔬菜合作社")
    trader.page.locator("input[name=supplier_phone]").fill("13800138000")
    trader.photograph("papers-0-photo", paper)
    trader.photograph("papers-1-photo", paper)
    trader.go("button[form=declaration]")


def declare_again(trader: Phone, paper: Path) -> None:
    trader.open("/desk/wholesale")
    trader.taps = 0
    trader.go("a[href='/desk/wholesale/declare']:visible")
    trader.go("a[href*='again=']")
    trader.photograph("papers-0-photo", paper)
    trader.photograph("papers-1-photo", paper)
    trader.go("button[form=declaration]")


def admit(clerk: Phone) -> None:
    """From the first page to the queue; one tap a declaration, and the page stays."""
    clerk.go("a.primary[href='/desk/market/gate']")
    waiting = clerk.page.locator("#list form[hx-post] button")
    while count := waiting.count():
        clerk.tap(waiting)
        expect(waiting).to_have_count(count - 1)
    assert clerk.page.locator("#list [role=status]").count()
    clerk.look()


def sell(trader: Phone) -> Voucher:
    """Buyer, product, weight by the pad, issue; the slip stays on the screen for the buyer's camera."""
    trader.open("/desk/wholesale")
    trader.taps = 0
    trader.go("a.primary[href='/desk/wholesale/sell']")
    trader.page.locator("main input[name=q]").fill("A07")
    trader.go("#found a.title")
    trader.go("a.tile[href*='product=']")
    pad = trader.page.locator("[data-pad]")
    trader.tap(pad.get_by_role("button", name="+10"))
    trader.tap(pad.get_by_role("button", name="+10"))
    trader.page.locator("input[name=price]").fill("3.5")
    trader.go("button[form=weigh]")
    trader.go("button[form=issue]")
    return Voucher.objects.latest("sold_at")


def scanned(page: Page) -> str:
    """What a camera reads on the screen."""
    (address,) = decode_photo(page.locator(".code-block svg").screenshot())
    return address


@pytest.mark.slow
def test_one_day_of_peppers_on_four_phones(phone, town, paper):
    trader, clerk = phone(town.trader), phone(town.clerk)
    declare_first(trader, paper)
    trader.sees("480")
    declare_again(trader, paper)
    assert trader.taps <= 3, "the same as last time, two photos, declare"
    assert list(Declaration.objects.values_list("gate_outcome", "supplier__name")) == [("admit", "乐平蔬菜合作社")] * 2

    admit(clerk)
    assert clerk.taps == 3, "to the gate, and one for each"
    assert Batch.objects.filter(state="admitted", place=town.wholesale).count() == 2
    trader.open("/desk/batches")
    trader.go("a[href^='/desk/batches/']:visible")
    trader.go("a[href$='/label']")
    expect(trader.page.locator("main img[src$='label.svg']")).to_be_visible()
    assert trader.page.evaluate("document.querySelector('main img').naturalWidth") > 0

    voucher = sell(trader)
    assert trader.taps <= 7
    slip = scanned(trader.page)
    assert slip == f"{trader.site}/v/{voucher.token}"

    vendor = phone()
    vendor.open(slip)
    vendor.go("a[href^='/desk/open/']")
    vendor.sign_in(town.vendor)
    assert f"/desk/take-in/{voucher.token}" in vendor.page.url, "signing in leads back to the goods"
    vendor.go("button[form=whole]")
    assert vendor.taps == 1, "taken in with one tap, nothing typed"
    expect(vendor.page.locator("a[href^='/desk/intakes/']")).to_be_visible()

    shopper = phone()
    strangers_pages(shopper, town, voucher)


def strangers_pages(shopper: Phone, town: SimpleNamespace, voucher: Voucher) -> None:
    """Stall, batch and slip: each one request, of this server, without script and cookie."""
    shopper.open(f"/s/{town.retail.token}")
    shopper.sees("旺记蔬菜")
    shopper.go("a.title[href^='/b/']")
    for place in ("三水区", "百旺城批发市场", "河口农贸市场"):
        shopper.sees(place)
    shopper.open(f"/v/{voucher.token}")
    shopper.sees("70")
    shopper.open(f"/b/{voucher.lines.get().batch.token}")
    assert len(shopper.asked) == 4
    assert all(url.startswith(shopper.site) for url in shopper.asked)
    assert shopper.page.context.cookies() == []
    assert shopper.page.locator("script").count() == 0


def test_refusing_a_part_and_voiding_a_slip(phone, town):
    """What goes wrong is put right on the phone too, with the consequences in numbers before it is done."""
    batch = BatchFactory(place=town.wholesale)
    refused, mistaken = (VoucherFactory(batch=batch, buyer=town.retail, weight_kg=20) for _ in range(2))

    vendor = phone(town.vendor)
    vendor.go(f"a[href='/desk/take-in/{refused.token}']")
    vendor.tap("main details.more summary")
    vendor.page.locator("input[name=accept_1]").fill("18")
    vendor.tap(vendor.page.locator("label.tile", has=vendor.page.locator("input[value='变质']")))
    vendor.go("main details.more form button:not([type=button])")
    vendor.sees("变质")

    trader = phone(town.trader)
    trader.open(f"/desk/vouchers/{mistaken.pk}")
    trader.tap("a.danger")
    dialog = trader.page.locator("dialog[open]")
    expect(dialog).to_contain_text("20")
    trader.look()
    dialog.locator("input[name=reason]").fill("称错了")
    trader.go(dialog.locator("button.danger"))
    trader.sees("称错了")
    batch.refresh_from_db()
    assert batch.kg_on_hand == 82
