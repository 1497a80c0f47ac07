"""A manager's test point and the district's rules on a phone: nothing beside the screen, nothing axe finds serious."""

from __future__ import annotations

import datetime as dt

import pytest
from django.urls import reverse

from kit import clock
from kit.ids import uuid7
from registry.models import Product
from registry.roles import Role
from registry.selectors.actors import actor_for
from registry.services.load_reference import load_reference
from tests.browser.conftest import PHONE
from tests.browser.test_journey_a import Phone
from tests.factories.registry import DeviceFactory, MarketFactory, StoreFactory, account_with
from tests.factories.testing import TestKitFactory as KitFactory
from tests.factories.testing import TestPointFactory as PointFactory
from traceability.models import TestItem as Item
from traceability.services import points
from traceability.services.load_standards import load_standards

pytestmark = pytest.mark.django_db(transaction=True)
DAY = dt.timedelta(days=1)


@pytest.fixture
def phone(open_page, site, axe):
    return Phone(open_page(PHONE, has_touch=True), site, axe)


@pytest.fixture
def rules(transactional_db):
    load_reference()
    load_standards()


@pytest.fixture
def point(rules):
    return PointFactory(market=MarketFactory(name="河口农贸市场"), name="河口农贸市场快检室", daily_target=20)


def test_a_manager_lists_a_tester_and_enters_a_kit(phone, point):
    manager = account_with(Role.MARKET_MANAGER, market=point.market)
    tester = account_with(Role.TESTER, market=point.market)
    today = clock.now().date()
    device = DeviceFactory(
        at_market=True, market=point.market, kind="instrument", name="胶体金读数仪", calibration_ends_on=today + 9 * DAY
    )
    points.place_instrument(actor_for(manager), point=point, device=device, client_key=uuid7())
    item = Item.objects.get(pk="CARBO")
    KitFactory(point=point, item=item, expires_on=today - DAY, tests_total=50)
    phone.open("/signin")
    phone.sign_in(manager)
    phone.open(reverse("points"))
    phone.go("#list a.title")
    phone.go(f"a[href='{reverse('point_staff_new', args=[point.id])}']")
    phone.page.locator("select[name=account]").select_option(str(tester.id))
    phone.page.locator("input[name=trained_on]").fill((today - 30 * DAY).isoformat())
    phone.page.locator("input[name=trained_until]").fill((today + 20 * DAY).isoformat())
    phone.go("form .actions button.primary")
    phone.sees(tester.name)
    phone.go(f"a[href='{reverse('kit_new', args=[point.id])}']")
    phone.page.locator("select[name=item]").select_option("MALGR")
    phone.page.locator("input[name=brand]").fill("绿洲")
    phone.page.locator("input[name=batch_no]").fill("LZ2611")
    phone.page.locator("input[name=expires_on]").fill((today - DAY).isoformat())
    phone.go("form .actions button.primary")
    assert phone.page.locator("input[name=batch_no]").input_value() == "LZ2611"
    phone.page.locator("input[name=expires_on]").fill((today + 90 * DAY).isoformat())
    phone.go("form .actions button.primary")
    phone.sees("LZ2611")
    phone.open(reverse("kits"))


def test_an_officer_finds_a_rule_by_its_product_tries_a_reading_and_adds_a_version(phone, rules):
    StoreFactory()
    phone.open("/signin")
    phone.sign_in(account_with(Role.DISTRICT_OFFICER))
    phone.open(reverse("standards"))
    phone.open(f"{reverse('standards')}?q={Product.objects.get(name='豇豆').name}")
    phone.sees("0.02")
    phone.open(reverse("standard", args=["CARBO"]))
    phone.open(f"{reverse('standards_try')}?item=CARBO&product=豇豆&value=0.019&unit=mg/kg")
    phone.sees("GB 2763-2021")
    phone.open(reverse("standard_limit_new", args=["CYROM"]))
    phone.page.locator("input[name=product]").fill("韭菜")
    phone.page.locator("input[name=kind][value=max]").check()
    phone.page.locator("input[name=value]").fill("0.5")
    phone.page.locator("select[name=unit]").select_option("mg/kg")
    phone.page.locator("input[name=effective_from]").fill((clock.now().date() + 30 * DAY).isoformat())
    phone.page.locator("input[name=source]").fill("GB 2763-2026")
    phone.go("form .actions button.primary")
    phone.sees("GB 2763-2026")
    phone.open(reverse("point_new"))
    phone.sees("三水实验小学食堂")
