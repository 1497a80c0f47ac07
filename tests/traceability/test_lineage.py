"""Lineages: whatever the trade, the reach equals a naive walk, and every kilogram is in one place."""

import random
from decimal import Decimal

import pytest

from kit import clock
from tests.factories.registry import MarketFactory, StallFactory
from tests.factories.traceability import BatchFactory, IntakeFactory, VoucherFactory, WholesaleStallFactory
from tests.traceability.trade import trade
from traceability.models import Batch
from traceability.recall_scope import scope_of
from traceability.selectors.lineage import ancestors, flow_of, lineage_of, with_descendants
from traceability.services.write_off import write_off

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("dawn")]


def naive_walk(start):
    """Down the lineage, one batch and one query at a time."""
    found, todo = set(), [start]
    while todo:
        batch_id = todo.pop()
        found.add(batch_id)
        todo += Batch.objects.filter(parent_id=batch_id).exclude(state="void").values_list("pk", flat=True)
    return found


def random_trade(chance):
    """A wholesale batch and twelve sales of it or of what came from it, some taken in, some refused in part."""
    market, retail = MarketFactory(wholesale=True), MarketFactory()
    root = BatchFactory(place=WholesaleStallFactory(market=market))
    sellers = [root]
    for _ in range(12):
        batch = chance.choice(sellers)
        batch.refresh_from_db()
        weight_kg = min(Decimal(chance.randint(1, 9)), batch.kg_on_hand)
        if weight_kg <= 0:
            continue
        if chance.random() < 0.2:
            VoucherFactory(batch=batch, walk_in=True, weight_kg=weight_kg)
            continue
        deeper = chance.random() < 0.6
        place = WholesaleStallFactory(market=market) if deeper else StallFactory(market=retail)
        voucher = VoucherFactory(batch=batch, buyer=place, weight_kg=weight_kg)
        if chance.random() < 0.8:
            child = IntakeFactory(voucher=voucher).batch
            sellers += [child] if deeper else []
    return root, sellers


@pytest.mark.parametrize("seed", range(6))
def test_the_reach_equals_a_naive_walk_and_every_kilogram_is_in_one_place(seed):
    root, sellers = random_trade(random.Random(seed))
    for batch in sellers:
        wanted = naive_walk(batch.pk)
        assert set(with_descendants([batch.pk])) == wanted
        assert {flow.id for flow in flow_of(batch.pk)} == wanted
        scope = scope_of(lineage_of(batch.pk), clock.now())
        assert {each.node.id for each in scope.below} == wanted
        assert scope.totals.placed_kg == scope.totals.received_kg
        assert sum(holder.received_kg for holder in scope.holders) == sum(
            (each.node.admitted_kg for each in scope.below), scope.totals.waiting_kg + scope.totals.walk_in_kg
        )
    assert root.pk in set(with_descendants([each.pk for each in sellers]))


def test_the_way_back_names_every_ancestor_nearest_first():
    goods = trade()
    assert ancestors(goods.canteen.pk) == [goods.second_tier.pk, goods.batch.pk]
    graph = lineage_of(goods.canteen.pk)
    assert [node.id for node in graph.way] == [goods.batch.pk, goods.second_tier.pk, goods.canteen.pk]
    assert [node.step for node in graph.way] == ["wholesale", "second_tier", "retail"]


def test_an_ancestors_sales_to_others_are_no_part_of_a_lineage():
    goods = trade()
    graph = lineage_of(goods.canteen.pk)
    assert set(graph.nodes) == {goods.batch.pk, goods.second_tier.pk, goods.canteen.pk}
    assert {line.batch_id for line in graph.lines} == {goods.batch.pk, goods.second_tier.pk}
    assert list(graph.open_lines()) == []


def test_lines_say_what_went_and_who_has_not_taken_in():
    goods = trade()
    graph = lineage_of(goods.batch.pk)
    assert {(child.id, line.weight_kg) for _, child, line in graph.edges()} == {
        (goods.second_tier.pk, 30), (goods.stall.pk, 20), (goods.canteen.pk, 8),
    }  # fmt: skip
    assert {line.voucher_id for line in graph.open_lines()} == {goods.waiting.pk, goods.walk_in.pk}


def test_holds_and_tests_are_on_the_nodes():
    from tests.factories.traceability import RapidTestFactory

    goods = trade()
    RapidTestFactory(batch=goods.stall, positive=True)
    node = lineage_of(goods.stall.pk).nodes[goods.stall.pk]
    assert node.held_since == clock.now()
    assert node.results == ["positive"]


def test_what_was_written_off_is_gone_and_not_on_hand():
    from tests.factories.traceability import keeper

    goods = trade()
    stall = goods.fresh(goods.stall)
    write_off(keeper(stall.place), batch=stall, kind="disposed", weight_kg=Decimal(3), client_key=stall.pk)
    totals = scope_of(lineage_of(goods.batch.pk), clock.now()).totals
    assert (totals.gone_kg, totals.placed_kg) == (3, totals.received_kg)


def test_a_lineage_costs_the_same_few_queries_however_far_it_reaches(django_assert_num_queries):
    goods = trade()
    for batch in (goods.batch, goods.stall):
        with django_assert_num_queries(5):
            lineage_of(batch.pk)
