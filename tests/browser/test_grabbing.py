"""Taking tasks on a phone: one tap, an answer in its place, the way there; with and without JavaScript."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from inspections.models import Claim
from registry.models import Account
from tests.factories.inspections import CoordinatorFactory, TaskFactory
from tests.factories.registry import PASSWORD
from tests.inspections.taking import stands_at, take

pytestmark = pytest.mark.django_db(transaction=True)
HERE = {"latitude": 23.16, "longitude": 112.88}


@pytest.fixture
def coordinator():
    found = CoordinatorFactory()
    Account.objects.filter(pk=found.account_id).update(language="en")
    return found


def task_at(north_km, name):
    task = TaskFactory(place__name=name)
    stands_at(task.place, HERE["latitude"] + north_km / 111.2, HERE["longitude"])
    return task


def signed_in(page, site, coordinator):
    page.goto(f"{site}/signin")
    page.locator("input[name=username]").first.fill(coordinator.account.username)
    page.locator("input[name=password]").first.fill(PASSWORD)
    with page.expect_navigation():
        page.locator("form[action='/signin'] button.primary").click()
    page.goto(f"{site}/desk/coordinator")
    return page


def test_one_tap_takes_a_task_and_says_until_when(page, site, axe, coordinator):
    task_at(1, "云顶酒家")
    signed_in(page, site, coordinator)
    assert axe(page) == []
    page.get_by_role("button", name="Take 云顶酒家").click()
    expect(page.get_by_text("Yours. Be there before")).to_be_visible()
    expect(page.locator("#room")).to_have_text("You may take 2 more.")
    page.locator("a.button", has_text="Mine").click()
    expect(page.get_by_text("The way there")).to_be_visible()
    assert axe(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_the_loser_finds_three_others_in_its_place(page, site, axe, coordinator):
    lost = task_at(0, "云顶酒家")
    for n in (1, 2, 3):
        task_at(n, f"附近{n}店")
    signed_in(page, site, coordinator)
    take(CoordinatorFactory(), lost)
    page.get_by_role("button", name="Take 云顶酒家").click()
    answer = page.locator("li.due")
    expect(answer).to_contain_text("Somebody else was quicker.")
    expect(answer).to_contain_text("3 more near by")
    expect(page.locator("li.due + li")).to_contain_text("附近1店")
    assert axe(page) == []


def test_sorted_from_where_one_stands_and_forgotten(open_page, site, axe, coordinator):
    task_at(9, "远店")
    task_at(1, "近店")
    page = open_page(geolocation=HERE, permissions=["geolocation"])
    signed_in(page, site, coordinator)
    page.locator("summary", has_text="Narrow, sort").click()
    page.get_by_role("button", name="From where I stand").click()
    expect(page.get_by_text("Sorted from where you stand now.")).to_be_visible()
    expect(page.locator("#list ul.rows > li").first).to_contain_text("近店")
    assert "112.88" not in page.url
    assert axe(page) == []
    page.reload()
    expect(page.get_by_text("Sorted from where you stand now.")).to_have_count(0)


def test_a_phone_that_does_not_say_where_it_is_keeps_the_list(open_page, site, coordinator):
    task_at(1, "近店")
    page = open_page(permissions=[])
    signed_in(page, site, coordinator)
    page.locator("summary", has_text="Narrow, sort").click()
    page.get_by_role("button", name="From where I stand").click()
    expect(page.locator("#toasts")).to_contain_text("The phone does not say where you are.")
    expect(page.get_by_role("button", name="Take 近店")).to_be_visible()


def test_without_javascript_one_lands_on_ones_own_tasks(open_page, site, coordinator):
    task_at(1, "云顶酒家")
    page = open_page(java_script_enabled=False)
    signed_in(page, site, coordinator)
    page.get_by_role("button", name="Take 云顶酒家").click()
    expect(page.get_by_role("heading", name="1 task in hand")).to_be_visible()
    assert Claim.objects.count() == 1
