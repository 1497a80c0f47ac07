"""The evaluation, a tester's plan and the public board fit a phone and pass axe; the screen's board fits a wall."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page

from kit import clock
from registry.roles import Role
from tests.factories.registry import PASSWORD, account_with
from tests.factories.traceability import BatchFactory, RapidTestFactory, officer
from tests.traceability.evaluated import Way, by_hand, carbofuran, traced, way
from traceability.services.blind import plan_by_rule
from traceability.services.sampling import make_plans

pytestmark = [pytest.mark.django_db(transaction=True)]
WALL = {"width": 1920, "height": 1080}


@pytest.fixture
def goods() -> Way:
    """A miss, a broken way back, an unconfirmed positive at the market, a plan of today."""
    goods = way()
    goods.tested_upstream()
    traced(goods.found())
    traced(by_hand(goods.canteen, goods.market_point).found())
    RapidTestFactory(batch=BatchFactory(place=goods.batch.place), item=carbofuran(), result="positive")
    plan_by_rule(officer(), district_id="440607")
    make_plans(officer(), district_id="440607", day=clock.now().date())
    return goods


def sign_in(page: Page, site: str, role: Role, **scope) -> None:
    account = account_with(role, **scope)
    page.goto(f"{site}/signin")
    page.locator("input[name=username]").first.fill(account.username)
    page.locator("input[name=password]").first.fill(PASSWORD)
    page.locator("input[name=password]").first.press("Enter")
    page.wait_for_url("**/desk/**")


def fits(page: Page, axe, url: str) -> None:
    assert page.goto(url).status == 200, url
    assert page.evaluate("document.documentElement.scrollWidth") <= page.viewport_size["width"], url
    assert axe(page) == [], url


def test_an_officer_reads_the_evaluation_on_a_phone(goods, site, page, axe):
    sign_in(page, site, Role.DISTRICT_OFFICER, district_id="440607")
    trace = goods.child.cases.get().back_traces.get()
    for path in (
        "evaluation", "evaluation/by/points", "evaluation/by/markets", "evaluation/by/suppliers", "evaluation/traces",
        f"evaluation/traces/{trace.pk}", f"evaluation/points/{goods.market_point.pk}", "evaluation/blind",
        "evaluation/blind/new", "sampling",
    ):  # fmt: skip
        fits(page, axe, f"{site}/desk/{path}")


def test_a_tester_opens_why_a_line_is_planned(goods, site, page, axe):
    sign_in(page, site, Role.TESTER, market=goods.batch.place.market)
    fits(page, axe, f"{site}/desk/tests/plan")
    line = page.locator("details.why").first
    line.locator("summary").click()
    assert "×" in line.inner_text()


def test_the_board_fits_a_phone_and_a_wall(goods, site, page, open_page, axe):
    board = f"{site}/board/{goods.batch.place.market_id}"
    fits(page, axe, board)
    fits(page, axe, f"{site}/board")
    wall = open_page(WALL)
    fits(wall, axe, f"{board}?screen=1")
    assert wall.evaluate("document.documentElement.scrollHeight") <= WALL["height"]
