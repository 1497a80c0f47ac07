"""Publishing, as officers do it: through the pages."""

import re

import pytest

from inspections.models import Campaign, Task
from kit import clock
from kit.ids import uuid7
from tests.factories.inspections import BudgetFactory, ClaimFactory, TaskFactory
from tests.factories.registry import (
    MarketFactory,
    OtherTownFactory,
    StallFactory,
    StoreFactory,
)
from tests.inspections.desk import kind, post, text, url

pytestmark = pytest.mark.django_db


def test_a_task_is_published_at_a_place_found_by_name(as_officer):
    place = StoreFactory(name="金凤饭店")
    assert f"?place={place.pk}" in text(as_officer.get(url("work_task_new", q="金凤")))
    response = post(as_officer, url("work_task_new", place=place.pk), kind=kind().pk, grade="c", brief="看冰柜")
    task = Task.objects.get()
    assert response.url == url("work_task", task.pk)
    assert (task.price_fen, task.brief, task.state) == (3380, "看冰柜", "open")
    page = text(as_officer.get(url("work_task", task.pk)))
    assert "× 130 %" in page
    assert "¥33.80" in page


def test_pressed_twice_it_is_published_once(as_officer):
    asked = {"client_key": str(uuid7()), "kind": kind().pk, "grade": "a"}
    address = url("work_task_new", place=StoreFactory().pk)
    assert as_officer.post(address, asked).url == as_officer.post(address, asked).url
    assert Task.objects.count() == 1


def test_a_spent_line_is_said_at_its_field_and_what_was_typed_stays(as_officer):
    line = BudgetFactory(month=clock.now().date().replace(day=1), cap_fen=1000)
    address = url("work_task_new", place=StoreFactory().pk)
    response = post(as_officer, address, kind=kind().pk, grade="a", budget=line.pk, brief="看冰柜")
    assert response.status_code == 422
    assert "26.00" in text(response)
    assert "看冰柜" in text(response)


def test_without_a_place_publicity_alone_is_published(as_officer, town):
    address = url("work_task_new", town=town.pk)
    assert post(as_officer, address, kind=kind().pk, grade="a").status_code == 422
    assert post(as_officer, address, kind=kind("PROMO").pk, grade="a").status_code == 303
    assert Task.objects.get().place is None


def test_a_town_officer_finds_no_place_of_another_town(as_town_officer):
    theirs = StoreFactory(town=OtherTownFactory(), name="别镇饭店")
    assert "别镇饭店" not in text(as_town_officer.get(url("work_task_new")))
    assert as_town_officer.get(url("work_task_new", place=theirs.pk)).status_code == 404


def test_a_campaign_shows_its_cost_before_it_is_published(as_officer):
    market = MarketFactory()
    for _ in range(3):
        StallFactory(market=market)
    line = BudgetFactory(month=clock.now().date().replace(day=1))
    asked = {"title": "节前检查", "kind": kind().pk, "market": market.pk, "grade": "a", "budget": line.pk}
    page = text(as_officer.get(url("campaign_new", **asked)))
    assert "¥78.00" in page
    assert Task.objects.count() == 0
    hidden = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', page))
    assert hidden["seen_fen"] == "7800"
    response = as_officer.post(url("campaign_new"), hidden)
    again = as_officer.post(url("campaign_new"), hidden)
    campaign = Campaign.objects.get()
    assert response.url == again.url == url("campaign", campaign.pk)
    line.refresh_from_db()
    assert (campaign.tasks.count(), line.reserved_fen) == (3, 7800)


def test_a_campaign_that_grew_dearer_asks_again(as_officer):
    StoreFactory()
    asked = {"title": "节前检查", "kind": kind().pk, "grade": "a", "seen_fen": "2599"}
    response = post(as_officer, url("campaign_new"), **asked)
    assert response.status_code == 409
    assert Task.objects.count() == 0


def test_a_wrong_choice_comes_back_with_what_was_typed(as_officer):
    response = as_officer.get(url("campaign_new", title="节前检查", kind="", grade="a"))
    assert response.status_code == 422
    assert "节前检查" in text(response)


def test_a_campaign_ends(as_officer):
    StoreFactory()
    post(as_officer, url("campaign_new"), title="节前检查", kind=kind().pk, grade="a")
    campaign = Campaign.objects.get()
    assert as_officer.get(url("campaign_end", campaign.pk)).status_code == 200
    as_officer.post(url("campaign_end", campaign.pk))
    assert Task.objects.get().state == "cancelled"
    assert "节前检查" in text(as_officer.get(url("campaigns", state="ended")))
    assert "节前检查" in text(as_officer.get(url("campaigns_export")))


def test_tasks_are_searched_by_place_and_person_and_exported(as_officer):
    claim = ClaimFactory(task__place__name="金凤饭店", coordinator__account__name="李协管")
    TaskFactory(place__name="银河酒楼")
    for q in ("金凤", "李协管"):
        found = text(as_officer.get(url("work_tasks", q=q)))
        assert "金凤饭店" in found
        assert "银河酒楼" not in found
    exported = text(as_officer.get(url("work_tasks_export", person=claim.coordinator_id)))
    assert "李协管" in exported
    assert "银河酒楼" not in exported


def test_the_story_of_a_task_says_who_took_it_and_why_it_was_cancelled(as_officer):
    claim = ClaimFactory(coordinator__account__name="李协管")
    address = url("work_task_cancel", claim.task_id)
    assert as_officer.post(address, {"reason": ""}).status_code == 422
    assert as_officer.post(address, {"reason": "店已搬走"}).url == url("work_task", claim.task_id)
    page = text(as_officer.get(url("work_task", claim.task_id)))
    assert "李协管" in page
    assert "店已搬走" in page
