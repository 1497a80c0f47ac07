"""The way back from a positive: the batches it came through, and what was tested of them there."""

from __future__ import annotations

import datetime as dt
import uuid
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q, QuerySet

from kit.refusals import NotFound
from registry.actors import Actor
from traceability.evaluation_rules import BATCH, SOURCE, Finding, Upstream, finding
from traceability.models import BackTrace, Batch, Intake, LabReport, PositiveCase, RapidTest, TestPoint
from traceability.selectors.lineage import way_to

LAB_FAILED = Exists(
    LabReport.objects.filter(district_id=OuterRef("case__district_id"), case_id=OuterRef("case_id"), passed=False)
)


@dataclass(frozen=True)
class Root:
    """Where a way back ends: the declaration's market, supplier and base, or what was written by hand."""

    declaration_id: uuid.UUID | None = None
    intake_source: str = ""
    market_id: uuid.UUID | None = None
    supplier_id: uuid.UUID | None = None
    base_id: uuid.UUID | None = None


def way_back(batch: Batch) -> list[Batch]:
    """From this batch to the first one known, itself included, nearest first."""
    return way_to(batch.pk, Batch.objects.select_related("place", "declaration"))[::-1]


def root_of(way: Sequence[Batch]) -> Root:
    first = way[-1]
    if first.declaration is not None:
        declaration = first.declaration
        return Root(first.declaration_id, "", declaration.market_id, declaration.supplier_id, declaration.base_id)
    intake = Intake.objects.filter(district_id=first.district_id, batch_id=first.pk).order_by("-taken_at").first()
    markets = [batch.place.market_id for batch in way if batch.place.market_id]
    market_id = markets[-1] if markets else None
    return Root(None, intake.source if intake else "", market_id, intake.supplier_id if intake else None)


def tests_at(batches: Sequence[Batch], until: dt.datetime) -> dict[uuid.UUID, list[Upstream]]:
    """What was tested of each of these batches, and of others of the same source: same holder, product, trade day
    and supplier or upstream batch."""
    of = {batch.pk: (batch.pk, BATCH) for batch in batches}
    for batch in batches:
        of |= {pk: (batch.pk, SOURCE) for pk in _same_source(batch) if pk not in of}
    found = defaultdict(list)
    tests = RapidTest.objects.filter(batch_id__in=list(of), tested_at__lte=until).exclude(sample__purpose="blind")
    for pk, batch_id, item, group, result, at in tests.values_list(
        "pk", "batch_id", "item_id", "item__group", "result", "tested_at"
    ):
        node, level = of[batch_id]
        found[node].append(
            Upstream(test_id=pk, item=item, group=group, result=result, tested_at=at, level=level)
        )  # fmt: skip
    return found


def _same_source(batch: Batch) -> list[uuid.UUID]:
    same = Q(pk__in=[])
    if batch.declaration is not None and batch.declaration.supplier_id:
        same |= Q(declaration__supplier_id=batch.declaration.supplier_id)
    if batch.parent_id:
        same |= Q(parent_id=batch.parent_id)
    siblings = Batch.objects.filter(
        same, district_id=batch.district_id, place_id=batch.place_id, organisation_id=batch.organisation_id,
        product_id=batch.product_id, trade_day=batch.trade_day,
    )  # fmt: skip
    return list(siblings.exclude(pk=batch.pk).values_list("pk", flat=True))


def points_at(batches: Sequence[Batch]) -> dict[uuid.UUID, uuid.UUID]:
    """The active point that serves each place, its market's before its own."""
    markets = {batch.place.market_id for batch in batches if batch.place.market_id}
    places = {batch.place_id for batch in batches}
    serving = TestPoint.objects.filter(
        Q(market_id__in=markets) | Q(place_id__in=places),
        district_id__in={batch.district_id for batch in batches}, state=TestPoint.State.ACTIVE,
    )  # fmt: skip
    by = {point.market_id or point.place_id: point.pk for point in serving}
    return {
        batch.place_id: by[where]
        for batch in batches
        for where in (batch.place_id, batch.place.market_id)
        if where in by
    }


def points_of(test_ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, uuid.UUID]:
    """The point that made each test."""
    return dict(RapidTest.objects.filter(pk__in=list(test_ids)).values_list("pk", "point_id"))


def traces_for(actor: Actor) -> QuerySet[BackTrace]:
    """Every back trace within reach, the latest first, with `lab_failed`."""
    found = BackTrace.objects.visible_to(actor).annotate(lab_failed=LAB_FAILED)
    related = ("case__place__market", "case__product", "case__item", "case__point", "case__test", "town")
    return found.select_related(*related).order_by("-case__opened_at", "-id")


def trace_for(actor: Actor, trace_id: uuid.UUID) -> BackTrace:
    """Raises NotFound for a missing one and for one out of reach alike."""
    found = traces_for(actor).filter(pk=trace_id).first()
    if found is None:
        raise NotFound
    return found


def narrowed(traces: QuerySet[BackTrace], *, q: str = "", show: str = "") -> QuerySet[BackTrace]:
    """`q`: part of a product's, item's or place's name. `show`: missed, untested, broken."""
    if q:
        traces = traces.filter(
            Q(case__product__name__icontains=q)
            | Q(case__product__initials__startswith=q.lower())
            | Q(case__item__name__icontains=q)
            | Q(case__place__name__icontains=q)
        )
    match show:
        case "missed":
            traces = traces.filter(pk__in=BackTrace.objects.filter(nodes__missed=True).values("pk"))
        case "untested":
            traces = traces.filter(upstream_tested=False)
        case "broken":
            traces = traces.filter(broken=True)
    return traces


def finding_of(trace: BackTrace) -> Finding:
    case = trace.case
    return finding(
        state=case.state, outcome=case.outcome, confirmed=case.confirmed, lab_failed=trace.lab_failed
    )  # fmt: skip


def untraced(since: dt.datetime, until: dt.datetime, limit: int) -> list[PositiveCase]:
    """Cases whose way back was not written down, the oldest first."""
    cases = PositiveCase.objects.filter(opened_at__gte=since, opened_at__lte=until, back_traces=None)
    return list(cases.order_by("opened_at")[:limit])
