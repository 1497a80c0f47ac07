"""A canteen's positive is walked back to who brought the goods, and to what was tested of them on the way."""

from __future__ import annotations

import datetime as dt

import pytest

from kit import clock, worker
from kit.models import OutboxJob
from registry.roles import Role
from tests.factories.registry import StoreFactory, actor_with
from tests.factories.testing import TestItemFactory
from tests.factories.traceability import DAWN, BatchFactory, RapidTestFactory
from tests.traceability.evaluated import by_hand, carbofuran, traced, way
from traceability.models import BackTrace
from traceability.selectors.back_traces import traces_for
from traceability.services.back_trace import trace_back, trace_missing

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("dawn")]


def test_the_way_back_names_market_supplier_and_every_place_between():
    goods = way()
    trace = traced(goods.found())
    declaration = goods.batch.declaration
    assert (trace.market_id, trace.supplier_id) == (declaration.market_id, declaration.supplier_id)
    assert [(node.batch_id, node.place_id) for node in trace.nodes.all()] == [(goods.batch.pk, goods.batch.place_id)]
    assert not trace.broken
    assert trace.town_id == goods.canteen.town_id


def test_a_market_that_tested_the_same_item_and_found_nothing_missed_it():
    goods = way()
    upstream = goods.tested_upstream()
    node = traced(goods.found()).nodes.get()
    assert (node.tested, node.missed, node.test_id, node.point_id) == (True, True, upstream.pk, goods.market_point.pk)


def test_another_item_of_the_group_is_a_test_but_no_miss():
    goods = way()
    goods.tested_upstream(TestItemFactory(code="CHLOR"))
    trace = traced(goods.found())
    assert trace.upstream_tested
    assert not trace.nodes.get().missed


def test_another_group_says_nothing():
    goods = way()
    goods.tested_upstream(TestItemFactory(code="CAP", group="veterinary"))
    trace = traced(goods.found())
    assert not trace.upstream_tested
    assert trace.nodes.get().point_id == goods.market_point.pk


def test_a_test_of_the_same_source_is_named_as_such():
    goods = way()
    sibling = BatchFactory(place=goods.batch.place, supplier=goods.batch.declaration.supplier)
    RapidTestFactory(batch=sibling, item=carbofuran())
    node = traced(goods.found()).nodes.get()
    assert (node.tested, node.missed, node.level) == (True, False, "source")


def test_goods_written_down_by_hand_lead_nowhere():
    goods = way()
    trace = traced(by_hand(goods.canteen, goods.market_point).found())
    assert trace.broken
    assert not trace.upstream_tested
    assert trace.nodes.count() == 0


def test_the_time_it_took_runs_from_the_finding():
    goods = way()
    test = goods.found()
    with clock.freeze(DAWN + dt.timedelta(seconds=3)):
        assert 3000 <= traced(test).locate_ms < 4000


def test_it_may_run_twice():
    test = way().found()
    assert traced(test) == traced(test)
    assert BackTrace.objects.count() == 1


def test_a_case_that_is_not_there_is_no_error():
    assert trace_back(case_id="0198c0de-0000-7000-8000-000000000000", district_id="440607") is None


def test_recording_the_positive_asks_for_the_way_back():
    test = way().found()
    job = OutboxJob.objects.get(name="traceability.back_trace")
    worker.run(job.id)
    assert BackTrace.objects.get().case.test == test


def test_a_lost_job_is_found_again():
    way().found()
    with clock.freeze(DAWN + dt.timedelta(minutes=10)):
        assert trace_missing() == 1
        assert trace_missing() == 0


def test_officers_see_the_traces_of_their_town_alone():
    goods = way()
    traced(goods.found())
    town, other = goods.canteen.town, StoreFactory(town__code="440607103", town__name="乐平镇").town
    assert traces_for(actor_with(Role.TOWN_OFFICER, town=town)).count() == 1
    assert traces_for(actor_with(Role.TOWN_OFFICER, town=other)).count() == 0
    assert traces_for(actor_with(Role.DISTRICT_OFFICER, district_id="440607")).count() == 1
    assert traces_for(actor_with(Role.STORE_MANAGER, place=goods.canteen)).count() == 0
