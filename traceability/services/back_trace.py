"""检测倒查: from a positive back to who brought the goods, and what was tested of them on the way."""

from __future__ import annotations

import datetime as dt
import time

from django.db import transaction

from kit import clock, locks
from traceability.evaluation_rules import NodeVerdict, is_broken, judge_node
from traceability.models import BackTrace, BackTraceNode, PositiveCase
from traceability.selectors import back_traces as selectors

LONGEST_MS = 2_147_483_647
SWEPT = dt.timedelta(days=30)
GRACE = dt.timedelta(minutes=2)
AT_ONCE = 200


@transaction.atomic
def trace_back(*, case_id, district_id: str) -> BackTrace | None:
    """Write down the way back of a case, once; called again, it answers what was written first.

    `locate_ms` runs from the case's opening to the end of the walk.
    """
    cases = PositiveCase.objects.filter(district_id=district_id, pk=case_id)
    case = cases.select_related("batch", "test", "product", "item", "place").first()
    if case is None:
        return None
    locks.one_request(case.pk)
    if earlier := BackTrace.objects.filter(district_id=district_id, case=case).first():
        return earlier
    started, at = time.perf_counter(), clock.now()
    way = selectors.way_back(case.batch) if case.batch else []
    verdicts = _verdicts(case, way[1:])
    root = selectors.root_of(way) if way else selectors.Root()
    spent = dt.timedelta(seconds=time.perf_counter() - started)
    trace = BackTrace.objects.create(
        district_id=district_id,
        case=case,
        traced_at=at,
        locate_ms=min((at + spent - case.opened_at) // dt.timedelta(milliseconds=1), LONGEST_MS),
        broken=is_broken(has_declaration=root.declaration_id is not None, intake_source=root.intake_source),
        upstream_tested=any(verdict.tested for verdict in verdicts),
        town_id=case.place.town_id,
        market_id=root.market_id,
        supplier_id=root.supplier_id,
        base_id=root.base_id,
    )
    _write_nodes(trace, way[1:], verdicts)
    return trace


def _verdicts(case, upstream) -> list[NodeVerdict]:
    positive_at = case.test.tested_at
    tests = selectors.tests_at(upstream, positive_at)
    return [
        judge_node(
            tests.get(batch.pk, ()), item=case.item_id, group=case.item.group, positive_at=positive_at,
            shelf_days=case.product.shelf_days,
        )
        for batch in upstream
    ]  # fmt: skip


def _write_nodes(trace, upstream, verdicts):
    serving = selectors.points_at(upstream)
    made_by = selectors.points_of(verdict.test_id for verdict in verdicts if verdict.test_id)
    BackTraceNode.objects.bulk_create(
        BackTraceNode(
            district_id=trace.district_id,
            trace=trace,
            position=position,
            batch_id=batch.pk,
            place_id=batch.place_id,
            market_id=batch.place.market_id,
            point_id=made_by.get(verdict.test_id) or serving.get(batch.place_id),
            test_id=verdict.test_id,
            level=verdict.level,
            tested=verdict.tested,
            missed=verdict.missed,
        )
        for position, (batch, verdict) in enumerate(zip(upstream, verdicts, strict=True), 1)
    )


def trace_missing() -> int:
    """Trace the cases whose job was lost; returns how many."""
    now = clock.now()
    cases = selectors.untraced(now - SWEPT, now - GRACE, AT_ONCE)
    for case in cases:
        trace_back(case_id=case.pk, district_id=case.district_id)
    return len(cases)
