"""发布: singly, over a filtered list, by plan, from what was seen; the budget holds; what is published once is once."""

import datetime as dt

import pytest

from inspections.models import Budget, Campaign, Clue, Finding, GridPlace, Submission, Task
from inspections.refusals import BudgetSpent, CostChanged, NoPlaces
from inspections.selectors.campaigns import Terms, preview
from inspections.selectors.places_to_visit import Scope
from inspections.selectors.task_kinds import kind_in_force
from inspections.services import campaigns, cancel, plans, publish
from inspections.services.set_up import ensure_defaults
from kit import clock
from kit.ids import uuid7
from kit.refusals import Invalid, NotFound
from kit.transitions import IllegalMove
from registry.models import Notice
from registry.permissions import NotYourJob
from registry.roles import Role
from tests.factories.inspections import (
    BudgetFactory,
    ClaimFactory,
    CoordinatorFactory,
    GridFactory,
    TaskFactory,
    TaskKindFactory,
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

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def defaults():
    TownFactory()
    ensure_defaults(DISTRICT)


@pytest.fixture
def officer():
    return actor_with(Role.DISTRICT_OFFICER)


@pytest.fixture
def budget():
    return BudgetFactory(month=clock.now().date().replace(day=1), cap_fen=10_000)


def kind(code="DAILY"):
    return kind_in_force(DISTRICT, code, clock.now())


def free_for_all():
    """A kind that asks for no course."""
    return TaskKindFactory(code="ANY")


def put(officer, place=None, **changes):
    asked = {"kind": kind(), "place": place, "client_key": uuid7(), **changes}
    return publish.publish(officer, **asked)


def start(officer, **changes):
    asked = {"title": "节前检查", "kind": kind(), "scope": Scope(), "terms": Terms(), "client_key": uuid7(), **changes}
    return campaigns.start_campaign(officer, **asked)


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


# A plan


def test_a_plan_publishes_a_round_when_its_day_comes_once(officer):
    StoreFactory()
    plan = start(officer, every_days=7)
    assert plan.tasks.count() == 1
    Task.objects.update(state="accepted")
    assert plans.publish_plans() == 0
    with clock.freeze(clock.now() + dt.timedelta(days=7)):
        assert (plans.publish_plans(), plans.publish_plans()) == (1, 0)
    assert Task.objects.filter(source="plan").count() == 2


def test_a_plan_that_starts_later_waits_for_its_day(officer):
    StoreFactory()
    plan = start(officer, every_days=7, first_on=clock.now().date() + dt.timedelta(days=3))
    assert plan.tasks.count() == 0
    with clock.freeze(clock.now() + dt.timedelta(days=3)):
        assert plans.publish_plans() == 1
    assert plan.tasks.count() == 1


def test_a_plan_without_money_publishes_nothing_tells_its_maker_and_tries_again(officer):
    StoreFactory()
    today = clock.now().date()
    budget = BudgetFactory(month=today.replace(day=1), cap_fen=100)
    plan = start(officer, every_days=7, first_on=today + dt.timedelta(days=1), budget=budget)
    tomorrow = clock.now() + dt.timedelta(days=1)
    with clock.freeze(tomorrow):
        Budget.objects.update(month=tomorrow.date().replace(day=1))
        assert plans.publish_plans() == plans.publish_plans() == 0
        assert Notice.objects.filter(kind="plan_without_money", account_id=officer.account_id).count() == 1
        Budget.objects.update(cap_fen=10_000)
        assert plans.publish_plans() == 1
    assert plan.tasks.count() == 1


def test_an_ended_plan_publishes_no_more(officer):
    StoreFactory()
    plan = start(officer, every_days=7)
    campaigns.end_campaign(officer, campaign=plan)
    with clock.freeze(clock.now() + dt.timedelta(days=7)):
        assert plans.publish_plans() == 0


# Taking back


def test_the_end_of_a_campaign_frees_what_nobody_has_taken(officer, budget):
    StoreFactory(), StoreFactory()
    campaign = start(officer, budget=budget)
    taken = campaign.tasks.first()
    Task.objects.filter(pk=taken.pk).update(state="claimed")
    assert campaigns.end_campaign(officer, campaign=campaign) == 1
    assert campaigns.end_campaign(officer, campaign=campaign) == 0
    budget.refresh_from_db()
    assert budget.reserved_fen == 2600


def test_a_cancelled_task_is_taken_from_who_holds_it_with_the_reason(officer, budget):
    task = TaskFactory(kind=free_for_all(), budget=budget, price_fen=2600)
    Budget.objects.update(reserved_fen=2600)
    claim = ClaimFactory(task=task)
    cancel.cancel_task(officer, task=task, reason="店已搬走")
    cancel.cancel_task(officer, task=task, reason="店已搬走")
    claim.refresh_from_db(), budget.refresh_from_db()
    assert (claim.end_reason, budget.reserved_fen) == ("cancelled", 0)
    assert Notice.objects.get(account=claim.coordinator.account).data["reason"] == "店已搬走"


def test_a_task_that_is_handed_in_cannot_be_cancelled(officer):
    with pytest.raises(IllegalMove):
        cancel.cancel_task(officer, task=TaskFactory(state="submitted"), reason="不要了")


def test_cancelling_needs_a_reason(officer):
    with pytest.raises(Invalid):
        cancel.cancel_task(officer, task=TaskFactory(), reason=" ")


# From what was seen


def test_a_clue_is_looked_into_by_somebody_else_once(officer):
    reporter = CoordinatorFactory()
    clue = Clue.objects.create(
        district_id=DISTRICT, coordinator=reporter, place=StoreFactory(), town=reporter.town, category="other",
        text="门口有异味", at=clock.now(), client_key=uuid7(),
    )  # fmt: skip
    task = publish.publish_from_clue(officer, clue=clue)
    assert task == publish.publish_from_clue(officer, clue=clue)
    assert (task.kind.code, task.source, task.urgent, task.excluded) == ("CLUE", "report", True, [reporter.pk])


def finding():
    claim = ClaimFactory(task__kind=free_for_all())
    now = clock.now()
    submission = Submission.objects.create(
        district_id=DISTRICT, task=claim.task, claim=claim, coordinator=claim.coordinator, town=claim.town, revision=1,
        outcome="done", content_sha256="0" * 64, started_at=now, finished_at=now, received_at=now, client_key=uuid7(),
    )  # fmt: skip
    return Finding.objects.create(
        district_id=DISTRICT, task=claim.task, submission=submission, finder=claim.coordinator, place=claim.task.place,
        town=claim.town, item_code="C01", item_text="许可证公示", text="未公示", measure="deadline", due_on=now.date(),
        found_at=now,
    )  # fmt: skip


def test_a_recheck_is_not_for_the_finder_and_there_is_one_at_a_time():
    found = finding()
    task = publish.publish_recheck(found)
    assert publish.publish_recheck(found) == task
    assert (task.kind.code, task.source, task.excluded) == ("RECTIFY", "finding", [found.finder_id])
    Task.objects.filter(pk=task.pk).update(state="expired")
    assert publish.publish_recheck(found) != task


def test_a_blind_visit_is_for_inspectors_who_had_no_hand_in_it_once():
    claim = ClaimFactory(task__kind=free_for_all())
    task = publish.publish_blind(claim.task)
    assert publish.publish_blind(claim.task) == task
    assert (task.repeats, task.source, task.excluded) == (claim.task, "blind", [claim.coordinator_id])
    assert (task.kind.hidden, task.kind.kinds, task.checklist) == (True, ["district_inspector"], claim.task.checklist)
