"""The desk of co-management on a phone: every page keeps inside the screen, and axe finds nothing serious on it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator

import pytest
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Page

from inspections.models import Campaign, Checklist, Conflict, Course, GridMember, GridPlace, Task
from inspections.selectors.campaigns import Terms
from inspections.selectors.places_to_visit import Scope
from inspections.selectors.task_kinds import kind_in_force
from inspections.services import campaigns, checklists, exams
from inspections.services.set_up import ensure_defaults
from kit import clock
from kit.ids import uuid7
from registry.models import Account
from registry.roles import Role
from registry.selectors.actors import actor_for
from tests.browser.conftest import PHONE
from tests.factories.inspections import BudgetFactory, CoordinatorFactory, GridFactory, TeamFactory
from tests.factories.registry import DISTRICT, MarketFactory, StallFactory, StoreFactory, TownFactory, account_with

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def officer() -> Account:
    return account_with(Role.DISTRICT_OFFICER, account__name="何局")


@pytest.fixture
def coordinator(officer):
    """A town with a market, a grid, a team, a coordinator, a campaign and a checklist being drafted."""
    town, actor = TownFactory(), actor_for(officer)
    ensure_defaults(DISTRICT)
    market = MarketFactory(town=town)
    stores = [StoreFactory(name="金凤饭店"), *(StallFactory(market=market) for _ in range(3))]
    grid, team = GridFactory(name="文锋网格"), TeamFactory(name="巡查一队")
    person = CoordinatorFactory(
        account__name="李协管", team=team, bank_consent_at=clock.now(), bank_name="农业银行三水支行",
        bank_account="6228480000000000018", location_consent_at=clock.now(),
    )  # fmt: skip
    GridMember.objects.create(district_id=DISTRICT, grid=grid, coordinator=person)
    GridPlace.objects.create(district_id=DISTRICT, grid=grid, place=stores[0], street="文锋西路")
    Conflict.objects.create(
        district_id=DISTRICT, coordinator=person, place=stores[0], reason="弟弟的店", declared_at=clock.now(),
        declared_by=person.account,
    )  # fmt: skip
    line = BudgetFactory(month=clock.now().date().replace(day=1))
    kind = kind_in_force(DISTRICT, "DAILY", clock.now())
    campaigns.start_campaign(
        actor, title="节前检查", kind=kind, scope=Scope(), budget=line, client_key=uuid7(),
        terms=Terms(grade="c", brief="看进货凭证和冷柜"), due_on=clock.now().date() + dt.timedelta(days=5),
    )  # fmt: skip
    checklists.draft_from(actor, checklist=Checklist.objects.get(code="stall"))
    course = Course.objects.get(code="basic")
    wrong = [0] * len(course.questions)
    exams.take_exam(actor_for(person.account), coordinator=person, course=course, answers=wrong, client_key=uuid7())
    return person


def for_the_officer(person) -> Iterator[tuple[str, str]]:
    task, campaign, grid = Task.objects.first(), Campaign.objects.get(), person.grids.get().grid
    draft = Checklist.objects.get(state="draft")
    plain = ("work_home", "coordinators", "coordinator_new", "teams", "team_new", "grids", "grid_new", "courses")
    rules = ("checklists", "task_kinds", "budgets", "budget_new", "work_rules", "course_new", "task_kind_new")
    for name in (*plain, *rules, "work_tasks", "work_task_new", "campaigns", "campaign_new"):
        yield name, reverse(name)
    for name in ("coordinator", "coordinator_edit", "coordinator_pause", "coordinator_leave", "coordinator_conflict"):
        yield name, reverse(name, args=[person.pk])
    for name in ("grid", "grid_people", "grid_places"):
        yield name, reverse(name, args=[grid.pk])
    yield from ((name, reverse(name, args=["basic"])) for name in ("course", "course_edit"))
    yield from ((name, reverse(name, args=["DAILY"])) for name in ("task_kind", "task_kind_edit"))
    yield from ((name, reverse(name, args=[draft.pk])) for name in ("checklist", "checklist_publish"))
    yield "checklist_item", reverse("checklist_item", args=[draft.items.first().pk])
    yield "work_rule", reverse("work_rule", args=["grabbing"])
    yield from ((name, reverse(name, args=[task.pk])) for name in ("work_task", "work_task_cancel"))
    yield from ((name, reverse(name, args=[campaign.pk])) for name in ("campaign", "campaign_end"))
    yield "work_task_form", reverse("work_task_new", query={"place": task.place_id})
    asked = {"title": "宣传周", "kind": kind_in_force(DISTRICT, "SPECIAL", clock.now()).pk, "grade": "b"}
    yield "campaign_figures", reverse("campaign_new", query=asked)


def for_oneself(person) -> Iterator[tuple[str, str]]:
    for name in ("my_work", "my_bank", "my_bank_withdraw", "my_conflict", "training"):
        yield name, reverse(name)
    yield "training_course", reverse("training_course", args=["sampling"])
    yield "training_waits", reverse("training_course", args=["basic"])
    yield "training_result", reverse("training_result", args=[person.exams.get().pk])


def signed_in(page: Page, site: str, account: Account) -> None:
    client = Client()
    client.force_login(account, backend="registry.backends.NameOrPhone")
    page.context.add_cookies([{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": site}])


def wrong_on(page: Page, axe: Callable[[Page], list[str]]) -> list[str]:
    width = page.evaluate("document.documentElement.scrollWidth")
    return ([f"{width} px wide"] if width > PHONE["width"] else []) + axe(page)


@pytest.mark.slow
@pytest.mark.parametrize("whose", ["officer", "coordinator"])
def test_every_page_keeps_inside_the_phone_and_is_accessible(page, site, axe, officer, coordinator, whose):
    theirs = whose == "officer"
    signed_in(page, site, officer if theirs else coordinator.account)
    found = {}
    for name, address in (for_the_officer if theirs else for_oneself)(coordinator):
        assert page.goto(site + address).status == 200, name
        if wrong := wrong_on(page, axe):
            found[name] = wrong
    assert found == {}
