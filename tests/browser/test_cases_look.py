"""Positives in a browser: a stallholder's phone and a manager's desk, nothing sideways, nothing too small."""

from __future__ import annotations

import pytest

from registry.roles import Role
from tests.browser.conftest import DESK, PHONE
from tests.factories import cases as made
from tests.factories.registry import DISTRICT, PASSWORD, account_with
from tests.factories.traceability import BatchFactory, WholesaleStallFactory

pytestmark = [pytest.mark.django_db(transaction=True)]


def sign_in(page, site, account):
    page.goto(f"{site}/signin")
    page.fill("[name=username]", account.username)
    page.fill("[name=password]", PASSWORD)
    page.click("form button.primary")
    page.wait_for_url("**/desk/**")


def fits(page) -> bool:
    return page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_a_stallholder_answers_on_the_phone(open_page, site, axe):
    place = WholesaleStallFactory()
    case = made.positive(BatchFactory(place=place), code="CARBO", name="克百威")
    page = open_page(PHONE)
    sign_in(page, site, account_with(Role.WHOLESALER, place=place))
    for address in ("/desk/cases", f"/desk/cases/{case.pk}", f"/desk/cases/{case.pk}/answer"):
        page.goto(site + address)
        assert fits(page), address
        assert axe(page) == [], address
    page.locator("label.tile").nth(1).click()
    page.fill("[name=reason]", "这批菜有合格证")
    page.click(".actions button.primary")
    page.wait_for_url(f"**/desk/cases/{case.pk}")
    assert made.fresh(case).state == "objected"


def test_disposing_with_photos_from_the_phone(open_page, site, tmp_path):
    place = WholesaleStallFactory()
    case = made.accepted(made.positive(BatchFactory(place=place)))
    photo = tmp_path / "photo.jpg"
    photo.write_bytes(made.picture().content)
    page = open_page(PHONE)
    sign_in(page, site, account_with(Role.WHOLESALER, place=place))
    page.goto(f"{site}/desk/cases/{case.pk}/dispose")
    page.locator("label.tile").first.click()
    page.fill("[name=witnesses]", "王强")
    for name in ("before", "after"):
        page.set_input_files(f"[name={name}]", photo)
    page.click(".actions button.primary")
    page.wait_for_url(f"**/desk/cases/{case.pk}")
    assert made.fresh(case).state == "disposed"


@pytest.mark.parametrize("viewport", [PHONE, DESK], ids=["phone", "desk"])
def test_a_closed_story_and_the_rules_fit(open_page, site, axe, viewport):
    place = WholesaleStallFactory()
    case = made.reported_by_lab(made.sealed(made.objected(made.positive(BatchFactory(place=place)))), passed=True)
    page = open_page(viewport)
    sign_in(page, site, account_with(Role.DISTRICT_OFFICER, district_id=DISTRICT))
    for address in (
        f"/desk/cases/{case.pk}",
        "/desk/policies",
        "/desk/policies/hold_reach",
        "/desk/policies/case_clocks",
    ):
        page.goto(site + address)
        assert fits(page), address
        assert axe(page) == [], address
