"""How closely a test speaks of goods: this very batch, the same source, or not at all."""

import datetime as dt

import pytest

from kit import clock, public_codes
from tests.factories.registry import ProductFactory, SupplierFactory
from tests.factories.traceability import (
    BatchFactory,
    IntakeFactory,
    RapidTestFactory,
    VoucherFactory,
    WholesaleStallFactory,
)
from traceability.selectors import prints
from traceability.selectors.public_batch import batch_page
from traceability.selectors.public_codes import follow
from traceability.selectors.test_levels import NOT_TESTED, SAME_SOURCE, THIS_BATCH, levels, results_about

pytestmark = pytest.mark.django_db


def level(batch):
    return levels([batch])[batch.pk]


def brought_by(name, place, **fields):
    return BatchFactory(place=place, supplier=SupplierFactory(organisation=place.organisation, name=name), **fields)


def two_of_one_supplier(**second):
    """Two stalls of one market, each with a batch from the cooperative."""
    here = WholesaleStallFactory()
    there = WholesaleStallFactory(market=here.market)
    return brought_by("乐平蔬菜合作社", here), brought_by("乐平蔬菜合作社", there, **second)


def test_its_own_test_speaks_of_this_batch():
    batch = RapidTestFactory().batch
    assert level(batch) == THIS_BATCH


def test_nothing_tested_is_said_to_be_so():
    assert level(BatchFactory()) == NOT_TESTED


def test_the_batch_it_came_from_is_the_same_source():
    child = IntakeFactory().batch
    RapidTestFactory(batch=type(child).objects.get(pk=child.parent_id))
    assert level(child) == SAME_SOURCE


def test_a_neighbour_of_the_same_supplier_product_origin_and_day_lends_its_not_detected():
    first, second = two_of_one_supplier()
    RapidTestFactory(batch=first)
    assert level(second) == SAME_SOURCE
    (found,) = results_about([second.pk])[second.pk]
    assert found["borrowed"]
    assert found["result"] == "negative"


def test_a_suspicion_is_not_borrowed():
    first, second = two_of_one_supplier()
    RapidTestFactory(batch=first, positive=True)
    assert level(second) == NOT_TESTED


def test_another_product_or_supplier_lends_nothing():
    first, second = two_of_one_supplier(product=ProductFactory(code="12002", name="茄子"))
    RapidTestFactory(batch=first)
    other = BatchFactory()
    assert level(second) == level(other) == NOT_TESTED


def test_another_day_lends_nothing():
    first, second = two_of_one_supplier()
    type(second).objects.filter(pk=second.pk).update(trade_day=first.trade_day - dt.timedelta(days=1))
    RapidTestFactory(batch=first)
    assert level(second) == NOT_TESTED


def page_of(batch):
    return batch_page(follow("b", batch.token), clock.now())


def test_the_public_page_names_the_level_of_each_test():
    first, second = two_of_one_supplier()
    RapidTestFactory(batch=first)
    assert [test.level for test in page_of(first).tests] == ["this_batch"]
    assert [test.level for test in page_of(second).tests] == ["same_source"]


def test_a_borrowed_test_is_never_the_green_verdict(client):
    first, second = two_of_one_supplier()
    RapidTestFactory(batch=first)
    own, borrowed = (client.get(f"/b/{batch.token}").content.decode() for batch in (first, second))
    assert 'class="verdict ok' in own
    assert 'class="verdict ok' not in borrowed
    assert "same source" in borrowed or "同源" in borrowed


def test_a_neighbours_page_turns_with_the_test():
    first, second = two_of_one_supplier()
    version = public_codes.look_up(second.token).version
    RapidTestFactory(batch=first)
    assert public_codes.look_up(second.token).version > version


def test_the_slip_says_whose_test_it_is():
    first, second = two_of_one_supplier()
    RapidTestFactory(batch=first)
    own, borrowed = (prints.slip_of(VoucherFactory(batch=batch)).lines[0].test for batch in (first, second))
    assert own.startswith("未检出")
    assert borrowed.startswith("同源批次未检出")
    assert prints.test_words(()) == ""


@pytest.mark.parametrize("kind", ["batch", "stall"])
def test_a_public_page_with_tests_costs_at_most_four_queries(client, kind, django_assert_max_num_queries):
    _first, second = two_of_one_supplier()
    RapidTestFactory(batch=second)
    token = {"batch": second.token, "stall": second.place.token}[kind]
    with django_assert_max_num_queries(4):
        assert client.get(f"/{kind[0]}/{token}").status_code == 200
