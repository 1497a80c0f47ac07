"""An officer's desk of co-management, as it is used: through its pages."""

import datetime as dt
import re

import pytest
from django.urls import reverse

from inspections.models import (
    Budget,
    Campaign,
    Checklist,
    Conflict,
    Coordinator,
    Grid,
    Task,
    TaskKind,
    Team,
    WorkPolicy,
)
from inspections.selectors.policies import policy
from inspections.services.set_up import ensure_defaults
from kit import clock
from kit.ids import uuid7
from registry.models import PrivateView
from registry.roles import Role
from tests.factories.inspections import BudgetFactory, ClaimFactory, CoordinatorFactory, TaskFactory
from tests.factories.registry import (
    DISTRICT,
    GrantFactory,
    MarketFactory,
    OrganisationFactory,
    OtherTownFactory,
    StallFactory,
    StoreFactory,
    TownFactory,
    account_with,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def town():
    return TownFactory()


@pytest.fixture
def as_officer(client):
    client.force_login(account_with(Role.DISTRICT_OFFICER))
    return client


@pytest.fixture
def as_town_officer(client, town):
    client.force_login(account_with(Role.TOWN_OFFICER, town=town))
    return client


def text(response):
    if response.streaming:
        return b"".join(response.streaming_content).decode()
    return response.content.decode()


def url(name, *args, **query):
    return reverse(name, args=args, query=query)


def post(client, address, **data):
    return client.post(address, {"client_key": str(uuid7()), **data})


def kind(code="DAILY"):
    ensure_defaults(DISTRICT)
    return TaskKind.objects.get(code=code)


# The first page


def test_the_first_look_writes_what_the_district_starts_with(as_officer):
    assert as_officer.get(url("work_home")).status_code == 200
    as_officer.get(url("work_home"))
    assert TaskKind.objects.count() == 9
    assert Checklist.objects.filter(code="stall", state="published").get().items.filter(key=True).count() == 4


def test_figures_lead_to_the_tasks_they_count(as_officer):
    late = TaskFactory(due_at=clock.now() - dt.timedelta(hours=1))
    page = text(as_officer.get(url("work_home")))
    assert "?state=overdue" in page
    assert str(late.pk) in text(as_officer.get(url("work_tasks", state="overdue")))


# People


def test_somebody_with_the_role_is_put_on_the_list(as_officer, town):
    account = GrantFactory(role=Role.COORDINATOR, district_id=DISTRICT, account__name="李协管").account
    page = as_officer.get(url("coordinator_new"))
    assert f"?account={account.pk}" in text(page)
    asked = {"kind": "coordinator", "town": town.pk, "level": "2", "team": "", "pay_eligible": "on"}
    response = post(as_officer, url("coordinator_new", account=account.pk), **asked)
    made = Coordinator.objects.get(account=account)
    assert response.url == url("coordinator", made.pk)
    assert (made.level, made.town, made.pay_eligible) == (2, town, True)
    assert post(as_officer, url("coordinator_new", account=account.pk), **asked).url == url("coordinator", made.pk)
    assert Coordinator.objects.count() == 1


def test_what_was_typed_stays_when_the_town_is_missing(as_officer):
    account = GrantFactory(role=Role.COORDINATOR, district_id=DISTRICT).account
    response = post(as_officer, url("coordinator_new", account=account.pk), kind="coordinator", level="4", town="")
    assert response.status_code == 422
    assert '<option value="4" selected>' in text(response)


def test_the_list_is_searched_narrowed_and_exported(as_officer):
    CoordinatorFactory(account__name="张三丰", level=3)
    CoordinatorFactory(account__name="李四", level=1)
    found = text(as_officer.get(url("coordinators", q="张三", level=3)))
    assert "张三丰" in found
    assert "李四" not in found
    assert "张三丰" not in text(as_officer.get(url("coordinators", q="没有")))
    exported = text(as_officer.get(url("coordinators_export", level=1)))
    assert "李四" in exported
    assert "张三丰" not in exported


def test_a_town_officer_sees_the_own_people_alone(as_town_officer):
    theirs = CoordinatorFactory(town=OtherTownFactory())
    assert as_town_officer.get(url("coordinator", theirs.pk)).status_code == 404
    assert as_town_officer.get(url("coordinator", CoordinatorFactory().pk)).status_code == 200


def test_paused_until_a_day_and_back_again(as_officer):
    person = CoordinatorFactory()
    until = clock.now().date() + dt.timedelta(days=3)
    assert post(as_officer, url("coordinator_pause", person.pk), until="2020-01-01").status_code == 422
    as_officer.post(url("coordinator_pause", person.pk), {"until": until.isoformat()})
    assert until.isoformat() in text(as_officer.get(url("coordinator", person.pk)))
    as_officer.post(url("coordinator_resume", person.pk))
    person.refresh_from_db()
    assert (person.state, person.paused_until) == ("active", None)


def test_who_holds_a_task_does_not_leave(as_officer):
    claim = ClaimFactory()
    refused = as_officer.post(url("coordinator_leave", claim.coordinator_id))
    assert refused.status_code == 409
    claim.coordinator.refresh_from_db()
    assert claim.coordinator.state == "active"


def test_a_place_to_stay_away_from_is_chosen_and_ended(as_officer):
    person, place = CoordinatorFactory(), StoreFactory(name="老王饭店")
    assert f"?place={place.pk}" in text(as_officer.get(url("coordinator_conflict", person.pk, q="老王")))
    address = url("coordinator_conflict", person.pk, place=place.pk)
    post(as_officer, address, reason="弟弟的店")
    post(as_officer, address, reason="弟弟的店")
    conflict = Conflict.objects.get()
    assert "弟弟的店" in text(as_officer.get(url("coordinator", person.pk)))
    as_officer.post(url("coordinator_conflict_end", person.pk, conflict.pk))
    assert "弟弟的店" not in text(as_officer.get(url("coordinator", person.pk)))


def test_a_bank_account_is_masked_and_each_look_is_recorded_with_its_reason(as_officer):
    person = CoordinatorFactory(
        bank_consent_at=clock.now(), bank_name="农业银行三水支行", bank_account="6228480000000000018"
    )
    page = text(as_officer.get(url("coordinator", person.pk)))
    assert "****0018" in page
    assert "6228480000000000018" not in page
    see = url("coordinator_look", person.pk, "bank_account")
    assert as_officer.post(see, {"reason": ""}).status_code == 422
    assert "6228480000000000018" in text(as_officer.post(see, {"reason": "核对退票"}))
    view = PrivateView.objects.get()
    assert (view.field, view.reason, view.subject_kind) == ("bank_account", "核对退票", "coordinator")


def test_a_team_of_a_contractor(as_officer, town):
    contractor = OrganisationFactory(kind="enterprise", name="佛山职业技术学院")
    asked = {"name": "巡查一队", "organisation": contractor.pk, "town": ""}
    assert post(as_officer, url("team_new"), **asked).status_code == 303
    team = Team.objects.get()
    other = {**asked, "town": town.pk}
    assert post(as_officer, url("team_new"), **other).status_code == 422, "the name is taken"
    post(as_officer, url("team", team.pk), **other)
    team.refresh_from_db()
    assert (team.town, team.active) == (town, False)
    assert "佛山职业技术学院" in text(as_officer.get(url("teams_export")))


def test_a_grid_gets_its_people_and_its_streets(as_officer, town):
    post(as_officer, url("grid_new"), town=town.pk, name="第一网格")
    grid = Grid.objects.get()
    person, stranger = CoordinatorFactory(), CoordinatorFactory(town=OtherTownFactory())
    assert post(as_officer, url("grid_people", grid.pk), people=[stranger.pk]).status_code == 422
    post(as_officer, url("grid_people", grid.pk), people=[person.pk])
    places = [StoreFactory() for _ in range(3)]
    page = text(as_officer.get(url("grid_places", grid.pk)))
    assert all(str(place.pk) in page for place in places)
    post(as_officer, url("grid_places", grid.pk), places=[place.pk for place in places], street="文锋西路")
    as_officer.post(url("grid_place_out", grid.pk, places[0].pk))
    assert grid.places.filter(street="文锋西路").count() == 2
    assert person.account.name in text(as_officer.get(url("grid", grid.pk)))


# Publishing


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


# Rules


def filled(page):
    """What stands in the form of a page."""
    form = page.context["form"]
    return {name: form[name].value() for name in form.fields if form[name].value() is not None}


def test_a_checklist_is_drafted_changed_and_put_to_use(as_officer):
    ensure_defaults(DISTRICT)
    used = Checklist.objects.get(code="stall")
    response = as_officer.post(url("checklist_draft", used.pk))
    assert as_officer.post(url("checklist_draft", used.pk)).url == response.url, "one draft at a time"
    draft = Checklist.objects.get(code="stall", version=2)
    new = {"code": "S15", "text": "公示价格", "evidence": "photo", "measures": "补贴价签"}
    post(as_officer, url("checklist_item_new", draft.pk), **new)
    post(as_officer, url("checklist_item_new", draft.pk), **new)
    added = draft.items.get(code="S15")
    assert post(as_officer, url("checklist_item_new", draft.pk), **{**new, "text": "别的"}).status_code == 422
    as_officer.post(url("checklist_item_move", added.pk), {"to": "up"})
    post(as_officer, url("checklist_item", added.pk), **{**new, "key": "on"})
    as_officer.post(url("checklist_item_remove", draft.items.get(code="S05").pk))
    post(as_officer, url("checklist_describe", draft.pk), title="摊位巡查", min_photos="2")
    as_officer.post(url("checklist_publish", draft.pk))
    draft.refresh_from_db(), used.refresh_from_db()
    assert (draft.state, used.state) == ("published", "retired")
    assert [item.code for item in draft.items.all()][-2:] == ["S15", "S14"]
    assert [item.position for item in draft.items.all()] == list(range(1, 15))
    assert used.items.count() == 14, "the version before it is as it was"
    assert post(as_officer, url("checklist_item_new", draft.pk), **new).status_code == 409
    assert "公示价格" in text(as_officer.get(url("checklist_export", draft.pk)))


def test_a_new_price_holds_from_its_day_and_old_tasks_keep_theirs(as_officer):
    place = StoreFactory()
    present = kind()
    post(as_officer, url("work_task_new", place=place.pk), kind=present.pk, grade="a")
    tomorrow = clock.now().date() + dt.timedelta(days=1)
    asked = {
        "name": "日常协管", "group": "supervision", "base_fen": "30", "unseen_fen": "8", "hours": "72", "minutes": "20",
        "min_stay_minutes": "8", "min_level": "1", "course_code": "basic", "checklist_codes": ["stall", "catering"],
        "effective_from": tomorrow.isoformat(),
    }  # fmt: skip
    assert post(as_officer, url("task_kind_edit", "DAILY"), **{**asked, "base_fen": "5"}).status_code == 422
    assert post(as_officer, url("task_kind_edit", "DAILY"), **asked).status_code == 303
    assert post(as_officer, url("task_kind_edit", "DAILY"), **asked).status_code == 303
    assert TaskKind.objects.filter(code="DAILY").count() == 2, "the same once more is no version"
    with clock.freeze(clock.now() + dt.timedelta(days=2)):
        later = TaskKind.objects.get(code="DAILY", version=2)
        post(as_officer, url("work_task_new", place=StoreFactory().pk), kind=later.pk, grade="a")
    assert sorted(Task.objects.values_list("price_fen", flat=True)) == [2600, 3000]


def test_a_budget_line_is_opened_and_never_cut_below_what_is_reserved(as_officer):
    assert post(as_officer, url("budget_new"), name="日常协管", month="2026-11", cap_fen="100").status_code == 303
    line = Budget.objects.get()
    Budget.objects.update(reserved_fen=5000)
    assert post(as_officer, url("budget", line.pk), cap_fen="49.99").status_code == 422
    assert post(as_officer, url("budget", line.pk), cap_fen="50").status_code == 303
    assert "50.00" in text(as_officer.get(url("budgets_export")))


def test_a_rule_changes_with_a_reason_within_its_bounds(as_officer):
    asked = filled(as_officer.get(url("work_rule", "grabbing")))
    post(as_officer, url("work_rule", "grabbing"), **{**asked, "open_claims": 5, "note": "人手增加"})
    assert policy(DISTRICT, "grabbing", clock.now()).open_claims == 5
    wrong = {**asked, "open_claims": 0, "note": "试"}
    assert post(as_officer, url("work_rule", "grabbing"), **wrong).status_code == 422
    assert post(as_officer, url("work_rule", "grabbing"), **{**asked, "note": ""}).status_code == 422
    assert WorkPolicy.objects.count() == 1
    assert "人手增加" in text(as_officer.get(url("work_rule", "grabbing")))


def test_weights_that_do_not_make_a_hundred_are_refused(as_officer):
    asked = filled(as_officer.get(url("work_rule", "assessing")))
    response = post(as_officer, url("work_rule", "assessing"), **{**asked, "completed": 30, "note": "更看重完成"})
    assert response.status_code == 422
    assert WorkPolicy.objects.count() == 0


@pytest.mark.parametrize("name", ["checklists", "task_kinds", "work_rules", "budget_new"])
def test_rules_are_for_the_district(as_town_officer, name):
    assert as_town_officer.get(url(name)).status_code == 403
