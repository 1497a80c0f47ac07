"""What the ways back say of points, markets, suppliers, bases and towns."""

from __future__ import annotations

import datetime as dt

import pytest

from kit import clock
from kit.ids import uuid7
from registry.models import Market
from registry.roles import Role
from tests.factories.registry import BaseFactory, StoreFactory, TownFactory, actor_with
from tests.factories.traceability import DAWN, TODAY, RapidTestFactory
from tests.traceability.evaluated import by_hand, carbofuran, traced, way
from traceability.evaluation_rules import Rate
from traceability.judging import Reading
from traceability.models import Declaration, LabReport, PositiveCase
from traceability.selectors.evaluation import (
    Reach,
    downstream,
    miss_rates,
    month_bounds,
    own_figures,
    points_at_markets,
    reach_of,
    year_before,
)
from traceability.services.record_test import Entry, record

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("dawn")]
DISTRICT = "440607"


def found(reach=None):
    return downstream(reach or Reach(DISTRICT), *month_bounds(TODAY))


def by_point(reach=None):
    return found(reach).by_point(points_at_markets(DISTRICT))


def test_a_district_without_tests_has_no_figures():
    assert found().whole().miss_rate.percent is None
    assert by_point() == {}


def test_the_miss_rate_of_a_point_is_of_all_results_that_came_by_it():
    goods = way()
    goods.tested_upstream()
    for _ in range(3):
        goods.found(result="negative")
    traced(goods.found())
    tally = by_point()[goods.market_point.pk]
    assert tally.miss_rate == Rate(1, 4)
    assert found().by_market()[goods.batch.place.market_id].miss_rate == Rate(1, 4)


def test_results_of_other_goods_are_no_results_of_this_point():
    goods, others = way(), way()
    others.found(result="negative")
    goods.found(result="negative")
    assert {tally.tests for tally in by_point().values()} == {1}


def test_invalid_results_and_second_strips_do_not_count():
    goods = way()
    first = goods.found(result="negative")
    goods.found(result="invalid")
    record(
        goods.tester, sample=first.sample, client_key=uuid7(),
        entry=Entry(item=carbofuran(), reading=Reading(said="negative"), repeats=first),
    )  # fmt: skip
    assert by_point()[goods.market_point.pk].tests == 1


def test_untested_upstream_is_counted_of_the_positives():
    goods = way()
    traced(goods.found())
    tested = way(canteen=goods.canteen, market=goods.batch.place.market)
    tested.tested_upstream()
    traced(tested.found())
    assert found().by_market()[goods.batch.place.market_id].untested_rate == Rate(1, 2)


def test_broken_links_are_counted_of_all_records():
    goods = way()
    goods.found(result="negative")
    hand = by_hand(goods.canteen, goods.market_point)
    hand.found(result="negative")
    assert found().whole().broken_rate == Rate(1, 2)
    assert found().by_town()[goods.canteen.town_id].broken_rate == Rate(1, 2)


def test_what_a_trader_wrote_down_by_hand_counts_against_the_supplier_it_names():
    goods = way()
    goods.found(result="negative")
    hand = by_hand(goods.canteen, goods.market_point)
    hand.found(result="negative")
    tallies = found().by_supplier()
    assert sum(tally.broken_rate.part for tally in tallies.values()) == 1
    assert sum(tally.tests for tally in tallies.values()) == 2


def test_bases_are_found_through_the_declaration():
    goods = way()
    base = BaseFactory(organisation=goods.batch.organisation)
    Declaration.objects.filter(pk=goods.batch.declaration_id).update(base=base)
    traced(goods.found())
    assert found().by_base()[base.pk].positives == 1


def test_a_positive_cleared_by_the_laboratory_says_nothing_of_the_point():
    goods = way()
    goods.tested_upstream()
    case = traced(goods.found()).case
    PositiveCase.objects.filter(pk=case.pk).update(state="closed", outcome="cleared_by_lab", closed_at=DAWN)
    assert by_point()[goods.market_point.pk].miss_rate == Rate(0, 1)


def lab(case, *, passed):
    LabReport.objects.create(
        district_id=case.district_id, case=case, laboratory="佛山市食品检验院", report_no="1", method="GB 23200.112",
        passed=passed, issued_on=TODAY, recorded_at=DAWN, recorded_by_id=actor_with(Role.DISTRICT_OFFICER).account_id,
    )  # fmt: skip


def test_a_markets_own_positive_counts_downstream_only_when_a_laboratory_failed_it():
    goods = way()
    test = goods.tested_upstream(result="positive")
    trace = traced(test)
    assert found().whole().positives == 0
    lab(trace.case, passed=False)
    assert found().whole().positives == 1
    assert found().whole().tests == 1


def test_a_town_officer_counts_his_town_alone():
    goods = way()
    traced(goods.found())
    here = reach_of(actor_with(Role.TOWN_OFFICER, town=goods.canteen.town))
    elsewhere = reach_of(actor_with(Role.TOWN_OFFICER, town=TownFactory(code="440607103", name="乐平镇")))
    assert found(here).whole().positives == 1
    assert found(elsewhere).whole().positives == 0
    assert reach_of(actor_with(Role.VENDOR, place=StoreFactory())) is None


def test_another_month_is_another_count():
    goods = way()
    traced(goods.found())
    assert downstream(Reach(DISTRICT), *month_bounds(dt.date(2026, 10, 5))).whole().tests == 0
    assert miss_rates(DISTRICT, *year_before(TODAY))[goods.market_point.pk] == Rate(0, 1)


def test_a_point_answers_for_how_soon_and_how_well_it_records():
    goods = way()
    goods.tested_upstream()
    RapidTestFactory(batch=goods.batch, tested_at=DAWN)
    with clock.freeze(DAWN + dt.timedelta(days=2)):
        RapidTestFactory(batch=goods.batch, tested_at=DAWN)
    own = own_figures(DISTRICT, *month_bounds(TODAY))[goods.market_point.pk]
    assert (own.timely, own.linked, own.cleared) == (Rate(2, 3), Rate(3, 3), Rate(0, 0))


def test_a_point_answers_for_positives_the_laboratory_cleared():
    goods = way()
    lab(goods.tested_upstream(result="positive").cases.get(), passed=True)
    assert own_figures(DISTRICT, *month_bounds(TODAY))[goods.market_point.pk].cleared == Rate(1, 1)


def test_the_count_takes_the_same_queries_for_one_town_and_for_many(django_assert_max_num_queries):
    goods = way()
    for _ in range(4):
        traced(way(canteen=goods.canteen, market=Market.objects.first()).found())
    with django_assert_max_num_queries(4):
        found().whole()
