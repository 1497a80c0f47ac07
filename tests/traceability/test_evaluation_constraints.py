"""What the database itself refuses of back traces, blind samples and plans."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction

from kit.ids import uuid7
from tests.factories.registry import ProductFactory
from tests.factories.traceability import DAWN, TODAY, officer
from tests.traceability.evaluated import carbofuran, traced, way
from traceability.models import BackTrace, BackTraceNode, BlindSample, PlanLine
from traceability.services.blind import plan_blind, send_blind

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("dawn")]


@pytest.fixture
def goods():
    return way()


def refused(constraint, act):
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        act()


def again(row, **changes):
    """The same row once more under another id."""
    fields = {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields}
    return type(row).objects.create(**fields | {"id": uuid7()} | changes)


def blind(point):
    return plan_blind(
        officer(), point=point, item=carbofuran(), product=ProductFactory(), expected="negative", planned_for=TODAY,
        client_key=uuid7(),
    )  # fmt: skip


def test_a_case_is_traced_once(goods):
    trace = traced(goods.found())
    refused("back_trace_once_a_case", lambda: again(trace))
    refused("back_trace_node_once", lambda: again(trace.nodes.get()))


def test_who_missed_had_tested(goods):
    node = traced(goods.found()).nodes.get()
    refused("back_trace_missed_was_tested", lambda: again(node, position=9, tested=False, missed=True))
    assert BackTrace.objects.count() == BackTraceNode.objects.count() == 1


def test_a_blind_sample_is_one_sample_with_one_key(goods):
    sent = send_blind(officer(), blind=blind(goods.market_point))
    refused("blind_sample_client_key_once", lambda: again(sent, sample_id=None, state="planned"))
    refused("blind_sample_is_one_sample", lambda: again(sent, client_key=uuid7()))


@pytest.mark.parametrize(
    ("constraint", "changes"),
    [
        ("blind_sample_sent_has_sample", {"state": "sent"}),
        ("blind_sample_answer_is_a_test", {"agreed": True}),
        ("blind_sample_void_has_reason", {"state": "void"}),
    ],
)
def test_a_blind_sample_has_what_its_state_says(goods, constraint, changes):
    made = blind(goods.market_point)
    refused(constraint, lambda: BlindSample.objects.filter(pk=made.pk).update(**changes))


def test_a_plan_has_each_place_in_its_order_once(goods):
    line = PlanLine.objects.create(
        district_id="440607", point=goods.market_point, day=TODAY, position=1, reason="risk",
        product=goods.batch.product, made_at=DAWN,
    )  # fmt: skip
    refused("plan_line_once", lambda: again(line))
