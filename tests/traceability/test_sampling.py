"""Tomorrow's plan of a point: follow-ups first, chance, then worth; made once; done is counted from tests."""

from __future__ import annotations

import datetime as dt

import pytest

from kit import clock
from kit.refusals import NotFound
from registry.models import Product
from registry.permissions import NotYourJob
from registry.roles import Role
from tests.factories.registry import CategoryFactory, StoreFactory, actor_with
from tests.factories.testing import point_at
from tests.factories.traceability import DAWN, TODAY, BatchFactory, HandIntakeFactory, RapidTestFactory, officer
from tests.traceability.evaluated import carbofuran, traced, way
from traceability.models import PlanLine, PositiveCase, TestPoint
from traceability.selectors.points import points_for
from traceability.selectors.sampling import done_of, history, plan_lines
from traceability.services.sampling import make_plans, plan_tomorrow

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("dawn")]
TOMORROW = TODAY + dt.timedelta(days=1)


def product(number: int) -> Product:
    return Product.objects.create(
        code=f"129{number:02d}",
        category=CategoryFactory(),
        name=f"菜{number}",
        name_en=f"Green {number}",
        pinyin="cai",
        initials="c",
        shelf_days=5,
    )


@pytest.fixture
def point():
    """A canteen's point whose canteen took in eight products."""
    canteen = StoreFactory()
    for number in range(8):
        HandIntakeFactory(place=canteen, product=product(number))
    made = point_at(canteen)
    TestPoint.objects.filter(pk=made.pk).update(daily_target=5)
    made.refresh_from_db()
    return made


def plan(actor=None, day=TOMORROW):
    return make_plans(actor or officer(), district_id="440607", day=day)


def test_a_plan_has_as_many_lines_as_the_point_tests_a_day(point):
    assert plan() == 5
    lines = list(PlanLine.objects.filter(point=point, day=TOMORROW))
    assert [line.position for line in lines] == [1, 2, 3, 4, 5]
    assert [line.reason for line in lines] == ["random", "risk", "risk", "risk", "risk"]


def test_what_chance_drew_keeps_its_seed_for_whoever_checks(point):
    plan()
    assert [bool(line.seed) for line in PlanLine.objects.all()] == [True, False, False, False, False]


def test_every_line_says_why(point):
    plan()
    assert [reason["about"] for reason in PlanLine.objects.first().explained] == ["product", "origin", "vendor"]


def test_a_plan_is_made_once(point):
    plan()
    before = list(PlanLine.objects.values_list("pk", "product_id"))
    assert plan() == 0
    assert plan_tomorrow() == 0
    assert list(PlanLine.objects.values_list("pk", "product_id")) == before


def test_what_was_found_before_comes_first(point):
    goods = Product.objects.get(code="12903")
    keeper = actor_with(Role.STORE_MANAGER, place=point.place)
    for batch in point.place.batches.all():
        result = "positive" if batch.product == goods else "negative"
        RapidTestFactory(batch=batch, point=point, item=carbofuran(), result=result, actor=keeper)
    plan()
    line = PlanLine.objects.get(product=goods)
    assert line.items == ["CARBO"]
    assert line.reason == "random" or line.position == 2
    assert (line.explained[0]["part"], line.explained[0]["whole"]) == (1, 1)
    assert line.score > max(PlanLine.objects.exclude(pk=line.pk).values_list("score", flat=True))


def test_a_positive_that_was_cleared_is_no_history(point):
    goods = way()
    case = traced(goods.found()).case
    PositiveCase.objects.filter(pk=case.pk).update(state="closed", outcome="cleared_by_lab", closed_at=DAWN)
    found = history("440607", DAWN - dt.timedelta(days=1))
    assert (found.overall.part, found.overall.whole) == (0, 1)


def test_open_cases_are_followed_up_first():
    goods = way()
    TestPoint.objects.filter(pk=goods.canteen_point.pk).update(daily_target=3)
    case = traced(goods.found()).case
    PositiveCase.objects.filter(pk=case.pk).update(state="reported", resample_due_on=TODAY + dt.timedelta(days=3))
    plan()
    first = PlanLine.objects.filter(point=goods.canteen_point).first()
    assert (first.reason, first.case, first.place_id, first.items) == ("follow_up", case, goods.canteen.pk, ["CARBO"])


def test_a_markets_point_looks_at_what_its_stalls_hold(point):
    batch = BatchFactory()
    serving = point_at(batch.place)
    plan()
    line = PlanLine.objects.get(point=serving)
    assert (line.product_id, line.place_id, line.origin_region_id) == (
        batch.product_id, batch.place_id, batch.origin_region_id,
    )  # fmt: skip


def test_a_station_looks_at_places_no_other_point_serves(point):
    alone = HandIntakeFactory(place=StoreFactory(name="德记茶餐厅")).place
    station = TestPoint.objects.create(
        district_id="440607", kind="station", code="900001", name="西南所", town=alone.town,
        organisation=alone.organisation, opened_on=TODAY,
    )  # fmt: skip
    plan()
    assert set(PlanLine.objects.filter(point=station).values_list("place_id", flat=True)) == {alone.pk}


def test_a_point_with_nothing_about_has_no_plan():
    point_at(StoreFactory())
    assert plan() == 0


def test_only_the_district_makes_plans(point):
    with pytest.raises(NotYourJob):
        plan(actor_with(Role.STORE_MANAGER, place=point.place))
    with pytest.raises(NotFound):
        plan(officer("440605"))


def test_done_is_counted_from_the_tests_of_the_day(point):
    plan()
    points = points_for(officer())
    line = plan_lines(points, TOMORROW)[0]
    assert done_of(plan_lines(points, TOMORROW)) == set()
    with clock.freeze(DAWN + dt.timedelta(days=1)):
        RapidTestFactory(
            batch=point.place.batches.get(product=line.product), point=point, item=carbofuran(),
            actor=actor_with(Role.STORE_MANAGER, place=point.place),
        )  # fmt: skip
    assert done_of(plan_lines(points, TOMORROW)) == {line.pk}
