"""An officer's desk of co-management: its first page, and its people, through the pages."""

import datetime as dt

import pytest

from inspections.models import (
    Checklist,
    Conflict,
    Coordinator,
    Grid,
    TaskKind,
    Team,
)
from kit import clock
from registry.models import PrivateView
from registry.roles import Role
from tests.factories.inspections import ClaimFactory, CoordinatorFactory, TaskFactory
from tests.factories.registry import (
    DISTRICT,
    GrantFactory,
    OrganisationFactory,
    OtherTownFactory,
    StoreFactory,
)
from tests.inspections.desk import post, text, url

pytestmark = pytest.mark.django_db


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
