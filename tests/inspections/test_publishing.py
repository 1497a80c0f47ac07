"""发布: singly and over a filtered list; the budget holds; what is published once is once."""

import datetime as dt

import pytest

from inspections.models import Campaign, GridPlace, Task
from inspections.refusals import BudgetSpent, CostChanged, NoPlaces
from inspections.selectors.campaigns import Terms, preview
from inspections.selectors.places_to_visit import Scope
from kit import clock
from kit.ids import uuid7
from kit.refusals import Invalid, NotFound
from registry.permissions import NotYourJob
from registry.roles import Role
from tests.factories.inspections import (
    BudgetFactory,
    GridFactory,
    TaskFactory,
)
from tests.factories.registry import (
    DISTRICT,
    ElsewhereFactory,
    MarketFactory,
    OtherTownFactory,
    StallFactory,
    StoreFactory,
    TownFactory,
    actor_with,
)
from tests.inspections.desk import kind
from tests.inspections.published import put, start

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("defaults")]


@pytest.fixture
def officer(district_officer):
    return district_officer


# One task


def test_a_task_is_open_with_its_price_its_checklist_and_its_time(officer):
    task = put(officer, StallFactory(market=MarketFactory()))
    assert (task.state, task.price_fen, task.checklist.code) == ("open", 2600, "stall")
    assert task.due_at == task.published_at + dt.timedelta(hours=72)
    assert task.town_first_until == task.published_at + dt.timedelta(minutes=30)


@pytest.mark.parametrize(
    ("business", "code"),
    [("school_canteen", "catering"), ("workshop", "workshop"), ("supermarket", "shop"), ("snack_shop", "catering")],
)
def test_the_checklist_follows_from_the_business(officer, business, code):
    assert put(officer, StoreFactory(business_type=business)).checklist.code == code


def test_a_task_without_a_place_is_for_a_town(officer):
    task = put(officer, town=TownFactory(), kind=kind("PROMO"))
    assert (task.place, task.checklist.code) == (None, "promotion")


def test_sent_twice_it_is_one_task_and_is_paid_for_once(officer, budget):
    key, place = uuid7(), StoreFactory()
    assert put(officer, place, client_key=key, budget=budget) == put(officer, place, client_key=key, budget=budget)
    budget.refresh_from_db()
    assert (Task.objects.count(), budget.reserved_fen) == (1, 2600)


def test_the_budget_line_says_what_is_left_and_reserves_nothing_more(officer):
    budget = BudgetFactory(cap_fen=5000)
    put(officer, StoreFactory(), budget=budget)
    with pytest.raises(BudgetSpent) as refusal:
        put(officer, StoreFactory(), budget=budget)
    assert (refusal.value.data["left"], refusal.value.data["needed"]) == ("24.00", "26.00")
    budget.refresh_from_db()
    assert (budget.reserved_fen, Task.objects.count()) == (2600, 1)


def test_a_town_officer_publishes_in_the_own_town_alone():
    officer = actor_with(Role.TOWN_OFFICER, town=TownFactory())
    assert put(officer, StoreFactory()).state == "open"
    with pytest.raises(NotFound):
        put(officer, StoreFactory(town=OtherTownFactory()))


@pytest.mark.parametrize("role", [Role.COORDINATOR, Role.REVIEWER, Role.FINANCE, Role.AUDITOR, Role.SUPPORT])
def test_nobody_but_officers_publishes(role):
    with pytest.raises(NotYourJob):
        put(actor_with(role), StoreFactory())


def test_another_districts_kind_and_town_do_not_meet(officer):
    with pytest.raises(NotFound):
        put(officer, town=ElsewhereFactory())


def test_a_closed_place_and_a_time_that_is_over_are_refused_together(officer):
    place = StoreFactory(state="closed")
    with pytest.raises(Invalid) as refusal:
        put(officer, place, due_at=clock.now() - dt.timedelta(hours=1))
    assert set(refusal.value.fields) == {"place", "due_at"}


def test_far_from_the_middle_of_town_pays_for_the_way(officer):
    for _ in range(9):
        StoreFactory(latitude="23.150000", longitude="112.890000")
    far = StoreFactory(latitude="23.400000", longitude="112.890000")
    assert put(officer, far).price_fen == 3100


# Over a list


def test_a_campaign_publishes_at_every_place_of_its_scope(officer, budget):
    market = MarketFactory()
    stalls = [StallFactory(market=market) for _ in range(3)]
    StoreFactory()
    campaign = start(officer, scope=Scope(market=str(market.pk)), budget=budget)
    assert {task.place_id for task in campaign.tasks.all()} == {stall.pk for stall in stalls}
    budget.refresh_from_db()
    assert budget.reserved_fen == 7800


def test_the_preview_says_what_the_campaign_then_costs(officer):
    for _ in range(3):
        StoreFactory()
    TaskFactory(place=StoreFactory(), kind=kind())
    seen = preview(officer, kind(), Scope(), Terms(grade="c"), clock.now())
    assert (seen.count, seen.going_on, seen.cost_fen, seen.by_price) == (3, 1, 3 * 3380, [(3380, 3)])
    campaign = start(officer, terms=Terms(grade="c"), most_fen=seen.cost_fen)
    assert sum(campaign.tasks.values_list("price_fen", flat=True)) == seen.cost_fen


def test_it_is_not_started_when_it_would_cost_more_than_was_seen(officer):
    StoreFactory()
    with pytest.raises(CostChanged):
        start(officer, most_fen=2599)
    assert Campaign.objects.count() == Task.objects.count() == 0


def test_when_the_line_does_not_cover_all_nothing_is_published(officer):
    budget = BudgetFactory(cap_fen=5000)
    StoreFactory(), StoreFactory()
    with pytest.raises(BudgetSpent):
        start(officer, budget=budget)
    budget.refresh_from_db()
    assert (budget.reserved_fen, Task.objects.count(), Campaign.objects.count()) == (0, 0, 0)


def test_confirmed_twice_it_is_one_campaign(officer):
    StoreFactory()
    key = uuid7()
    assert start(officer, client_key=key) == start(officer, client_key=key)
    assert Task.objects.count() == 1


def test_a_place_where_the_same_is_going_on_is_left_out(officer):
    StoreFactory()
    start(officer)
    with pytest.raises(NoPlaces):
        start(officer)


def test_a_place_visited_lately_is_left_out(officer):
    lately, long_ago = StoreFactory(), StoreFactory()
    now = clock.now()
    for place, days in ((lately, 10), (long_ago, 40)):
        TaskFactory(place=place, kind=kind(), state="accepted", submitted_at=now - dt.timedelta(days=days))
    campaign = start(officer, scope=Scope(unvisited_days=30))
    assert [task.place_id for task in campaign.tasks.all()] == [long_ago.pk]


def test_scope_by_town_business_and_grid(officer):
    school = StoreFactory(business_type="school_canteen")
    StoreFactory(business_type="snack_shop"), StoreFactory(town=OtherTownFactory(), business_type="school_canteen")
    grid = GridFactory()
    GridPlace.objects.create(district_id=DISTRICT, grid=grid, place=school)
    for scope in (Scope(town=school.town_id, business_type="school_canteen"), Scope(grid=str(grid.pk))):
        assert preview(officer, kind(), scope, Terms(), clock.now()).count == 1


def test_a_town_officer_names_the_own_town():
    officer = actor_with(Role.TOWN_OFFICER, town=TownFactory())
    StoreFactory(), StoreFactory(town=OtherTownFactory())
    with pytest.raises(NotFound):
        start(officer)
    assert start(officer, scope=Scope(town=TownFactory().pk)).tasks.count() == 1


def test_what_lies_on_one_street_is_a_bundle(officer):
    grid = GridFactory()
    one, two, alone = StoreFactory(), StoreFactory(), StoreFactory()
    for place, street in ((one, "文锋西路"), (two, "文锋西路"), (alone, "健力宝路")):
        GridPlace.objects.create(district_id=DISTRICT, grid=grid, place=place, street=street)
    tasks = {task.place_id: task for task in start(officer).tasks.all()}
    assert tasks[one.pk].bundle == tasks[two.pk].bundle is not None
    assert tasks[alone.pk].bundle is None
    assert tasks[one.pk].grid_id == grid.pk


def test_a_market_of_a_thousand_stalls_takes_a_handful_of_statements(officer, django_assert_max_num_queries):
    market = MarketFactory()
    place = StallFactory(market=market)
    rows = [{name: getattr(place, name) for name in ("district_id", "kind", "town_id", "market_id", "organisation_id")}
            for _ in range(1000)]  # fmt: skip
    type(place).objects.bulk_create(
        [type(place)(**row, stall_no=f"X{n}", token=f"T{n:016d}", typed_code=f"{n:010d}") for n, row in enumerate(rows)]
    )
    with django_assert_max_num_queries(30):
        campaign = start(officer, scope=Scope(market=str(market.pk)))
    assert campaign.tasks.count() == 1001
