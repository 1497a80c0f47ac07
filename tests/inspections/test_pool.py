"""可抢: what one may take comes first, near first; what one may not is there with its reason."""

import datetime as dt

import pytest
from django.db import connection

from inspections import outlines
from inspections.models import Claim, Conflict, GridMember, GridPlace, Task
from inspections.refusals import CannotTake, TooFast
from inspections.selectors.nearby import near_first, open_tasks
from inspections.selectors.pool import Wanted, claimable, mine
from inspections.services.grab import grab, grab_bundle, won
from kit import clock
from kit.geo import distance_m
from kit.ids import uuid7
from registry.selectors.actors import actor_for
from tests.factories.inspections import ClaimFactory, CoordinatorFactory, GridFactory, TaskFactory, TaskKindFactory
from tests.factories.registry import AccountFactory, OtherTownFactory, StoreFactory
from tests.inspections.taking import lapse, stands_at, take

pytestmark = pytest.mark.django_db
HERE = (23.16, 112.90)


def task_at(north_km=None, **more):
    task = TaskFactory(**more)
    if north_km is not None:
        stands_at(task.place, HERE[0] + north_km / 111.2, HERE[1])
    return task


def pool(coordinator, **asked):
    return claimable(actor_for(coordinator.account), **asked)


def shown(coordinator, **asked):
    return [card.task.pk for card in pool(coordinator, **asked).cards]


class TestOrder:
    def test_near_first_from_where_one_stands(self):
        far, near, middle = task_at(9), task_at(1), task_at(4)
        assert shown(CoordinatorFactory(), position=HERE) == [near.pk, middle.pk, far.pk]

    def test_the_distance_is_that_on_the_ground(self):
        task_at(4)
        (card,) = pool(CoordinatorFactory(), position=HERE).cards
        assert card.distance_m == pytest.approx(4000, rel=0.01)

    def test_without_a_position_from_the_middle_of_ones_grid(self):
        coordinator = CoordinatorFactory()
        near, far = task_at(12), task_at(1)
        grid = GridFactory(town=coordinator.town)
        GridMember.objects.create(district_id="440607", grid=grid, coordinator=coordinator)
        GridPlace.objects.create(district_id="440607", grid=grid, place=near.place)
        assert shown(coordinator) == [near.pk, far.pk]

    def test_without_any_position_the_own_town_first_then_the_most_urgent(self):
        elsewhere = TaskFactory(place__town=OtherTownFactory())
        late = TaskFactory(due_at=clock.now() + dt.timedelta(hours=9))
        soon = TaskFactory(due_at=clock.now() + dt.timedelta(hours=2))
        assert shown(CoordinatorFactory()) == [soon.pk, late.pk, elsewhere.pk]

    def test_what_one_may_not_take_comes_last_with_the_rule(self):
        coordinator = CoordinatorFactory()
        near, far = task_at(1), task_at(9)
        Conflict.objects.create(
            district_id="440607", coordinator=coordinator, place=near.place, reason="亲属",
            declared_at=clock.now(), declared_by=coordinator.account,
        )  # fmt: skip
        found = pool(coordinator, position=HERE)
        assert [(card.task.pk, card.why) for card in found.cards] == [(far.pk, None), (near.pk, "conflict")]
        assert [card.task.pk for card in found.free] == [far.pk]


class TestWhatIsThere:
    def test_neither_taken_nor_over_nor_of_another_district_nor_given_to_another(self):
        coordinator = CoordinatorFactory()
        ClaimFactory()
        TaskFactory(due_at=clock.now())
        TaskFactory(assigned_to=CoordinatorFactory())
        TaskFactory(district_id="440605", place__district_id="440605")
        mine_to_accept = TaskFactory(assigned_to=coordinator)
        assert shown(coordinator) == [mine_to_accept.pk]

    def test_hidden_visits_are_seen_by_inspectors_only(self):
        hidden = TaskFactory(kind=TaskKindFactory(code="BLIND", hidden=True))
        assert shown(CoordinatorFactory()) == []
        assert shown(CoordinatorFactory(inspector=True)) == [hidden.pk]

    def test_who_is_no_coordinator_has_no_pool(self):
        actor = actor_for(AccountFactory())
        assert (claimable(actor), mine(actor)) == (None, None)

    @pytest.mark.parametrize(
        ("wanted", "found"),
        [
            (Wanted(kind="PROMO"), {"promo"}),
            (Wanted(town="440607103"), {"elsewhere"}),
            (Wanted(pay_fen=3000), {"dear"}),
            (Wanted(within_m=1500), {"near"}),
            (Wanted(text="云顶"), {"named"}),
            (Wanted(kind="PROMO", pay_fen=3000), set()),
        ],
    )
    def test_it_is_narrowed_by_kind_town_pay_distance_and_name(self, wanted, found):
        tasks = {
            "promo": task_at(5, kind=TaskKindFactory(code="PROMO")),
            "elsewhere": task_at(5, place__town=OtherTownFactory()),
            "dear": task_at(5, price_fen=3000),
            "near": task_at(1),
            "named": task_at(5, place__name="云顶酒家"),
        }
        assert set(shown(CoordinatorFactory(), position=HERE, wanted=wanted)) == {tasks[name].pk for name in found}


class TestLosers:
    def lose(self, task, coordinator):
        with pytest.raises(CannotTake) as refusal:
            take(coordinator, task)
        return refusal.value.code, refusal.value.data["alternatives"]

    def test_up_to_three_near_the_lost_one_which_one_may_take(self):
        lost = take(CoordinatorFactory(), task_at(0)).task
        near = [task_at(n) for n in (1, 2, 3, 4)]
        task_at(0.5, min_level=5)
        assert self.lose(lost, CoordinatorFactory()) == ("taken", [str(task.pk) for task in near[:3]])

    def test_who_may_take_nothing_is_offered_nothing(self):
        task_at(1)
        assert self.lose(task_at(0), CoordinatorFactory(state="paused")) == ("not_active", [])


class TestStreets:
    def street(self, count, **more):
        bundle = uuid7()
        return bundle, [TaskFactory(bundle=bundle, place__town=OtherTownFactory(), **more) for _ in range(count)]

    def grab(self, coordinator, bundle):
        return grab_bundle(actor_for(coordinator.account), bundle=bundle, district_id="440607", client_key=uuid7())

    def test_a_street_is_offered_as_one_up_to_the_quota(self):
        bundle, _tasks = self.street(4)
        (street,) = pool(CoordinatorFactory()).streets
        assert (street.bundle, len(street.cards), street.takes) == (bundle, 4, 3)
        assert street.price_fen == 3 * 2600

    def test_each_task_is_answered_and_the_quota_holds(self):
        bundle, _tasks = self.street(4)
        coordinator = CoordinatorFactory()
        answers = self.grab(coordinator, bundle)
        assert [answer.refusal and answer.refusal.code for answer in answers] == [None, None, None, "quota"]
        assert (won(answers), Claim.objects.count()) == (3, 3)

    def test_what_another_holds_is_answered_too(self):
        bundle, tasks = self.street(2)
        take(CoordinatorFactory(town=OtherTownFactory()), tasks[0])
        answers = self.grab(CoordinatorFactory(town=OtherTownFactory()), bundle)
        assert {answer.task.pk: answer.claim is not None for answer in answers} == {
            tasks[0].pk: False, tasks[1].pk: True,
        }  # fmt: skip

    def test_pressed_twice_it_is_taken_once(self):
        bundle, _tasks = self.street(2)
        coordinator, key = CoordinatorFactory(), uuid7()
        actor = actor_for(coordinator.account)
        for _ in range(2):
            answers = grab_bundle(actor, bundle=bundle, district_id="440607", client_key=key)
            assert won(answers) == 2
        assert Claim.objects.count() == 2


class TestPace:
    def test_a_second_tap_within_a_second_is_refused_and_written_down(self):
        coordinator = CoordinatorFactory()
        actor = actor_for(coordinator.account)
        first, second = TaskFactory(), TaskFactory()
        grab(actor, task_id=first.pk, district_id="440607", client_key=uuid7())
        with pytest.raises(TooFast):
            grab(actor, task_id=second.pk, district_id="440607", client_key=uuid7())
        assert list(coordinator.attempts.order_by("pk").values_list("outcome", flat=True)) == ["won", "too_fast"]

    def test_the_same_tap_sent_again_is_the_same_claim(self):
        actor, task, key = actor_for(CoordinatorFactory().account), TaskFactory(), uuid7()
        claims = {grab(actor, task_id=task.pk, district_id="440607", client_key=key).pk for _ in range(3)}
        assert len(claims) == 1


class TestMine:
    def test_what_one_holds_the_first_to_end_first_and_what_was_given(self):
        coordinator = CoordinatorFactory()
        late = take(coordinator, TaskFactory())
        soon = take(coordinator, TaskFactory(due_at=clock.now() + dt.timedelta(hours=1)))
        gone = take(coordinator, TaskFactory())
        lapse(gone)
        given = TaskFactory(assigned_to=coordinator)
        found = mine(actor_for(coordinator.account))
        assert ([claim.pk for claim in found.held], [task.pk for task in found.given]) == (
            [soon.pk, late.pk], [given.pk],
        )  # fmt: skip

    def test_what_was_handed_in_waits_for_review(self):
        claim = ClaimFactory()
        Claim.objects.update(released_at=clock.now(), end_reason="submitted")
        Task.objects.update(state="submitted")
        assert [each.pk for each in mine(actor_for(claim.coordinator.account)).sent] == [claim.pk]


def test_among_many_tasks_the_pool_is_found_by_its_index():
    store = StoreFactory()
    TaskFactory.create_batch(3, place=store)
    first = Task.objects.first()
    Task.objects.bulk_create([copy_of(first, state="accepted", decided_at=clock.now()) for _ in range(3000)])
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE inspections_task")
    coordinator = CoordinatorFactory()
    tasks = near_first(open_tasks(coordinator, clock.now()), HERE, coordinator.town_id)
    plan = tasks.explain()
    assert "Seq Scan on inspections_task " not in plan, plan
    assert "task_pool_by_town" in plan or "task_open_by_due" in plan, plan


def copy_of(task, **changes):
    fields = {field.attname: getattr(task, field.attname) for field in Task._meta.concrete_fields}
    return Task(**{**fields, "id": uuid7(), "client_key": uuid7(), **changes})


def test_a_degree_is_as_long_as_the_globe_makes_it():
    assert distance_m((23, 113), (24, 113)) == pytest.approx(111_195, rel=1e-4)
    assert distance_m((60, 0), (60, 1)) == pytest.approx(55_597, rel=1e-3)
    assert distance_m(HERE, HERE) == 0


def test_every_town_of_the_district_has_an_outline_around_its_middle():
    for outline in outlines.TOWNS.values():
        assert outlines.contains(outline, *outlines.middle(outline))
    assert not any(outlines.contains(outline, 0, 0) for outline in outlines.TOWNS.values())
