"""检测倒查的评价: what the back traces of a period say of points, markets, suppliers, bases and towns."""

from __future__ import annotations

import datetime as dt
import uuid
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count, Q
from django.utils import timezone

from registry.actors import Actor
from registry.models import Supplier
from registry.permissions import VERBS
from traceability.evaluation_rules import Finding, Rate
from traceability.models import BackTrace, BackTraceNode, PositiveCase, RapidTest, Sample, TestPoint
from traceability.selectors.back_traces import LAB_FAILED, finding_of
from traceability.selectors.ways import SupplierKey, Way, ways


@dataclass(frozen=True)
class Reach:
    """A district, and the towns of it that the reader evaluates; None: all."""

    district_id: str
    towns: frozenset[str] | None = None

    def has(self, town_id: str) -> bool:
        return self.towns is None or town_id in self.towns


def reach_of(actor: Actor) -> Reach | None:
    """The first district the actor evaluates tests in."""
    scopes = actor.with_role(*VERBS["evaluate_tests"])
    if not scopes:
        return None
    here = [scope for scope in scopes if scope.district_id == scopes[0].district_id]
    towns = None if any(scope.town_id is None for scope in here) else frozenset(str(s.town_id) for s in here)
    return Reach(here[0].district_id, towns)


def midnight(day: dt.date) -> dt.datetime:
    return timezone.make_aware(dt.datetime.combine(day, dt.time()))


def month_after(day: dt.date) -> dt.date:
    return (day.replace(day=28) + dt.timedelta(days=4)).replace(day=1)


def month_bounds(month: dt.date) -> tuple[dt.datetime, dt.datetime]:
    """From the first moment of the month of this day to the first of the next."""
    return midnight(month.replace(day=1)), midnight(month_after(month))


def year_before(day: dt.date) -> tuple[dt.datetime, dt.datetime]:
    """The 365 days that end with this day."""
    return midnight(day - dt.timedelta(days=364)), midnight(day + dt.timedelta(days=1))


@dataclass(frozen=True, kw_only=True)
class Fact:
    """One back trace as the sums see it. `downstream`: found at a store, or failed by a laboratory."""

    trace_id: uuid.UUID
    case_id: uuid.UUID
    town_id: str
    on: dt.date
    finding: Finding
    downstream: bool
    at_store: bool
    upstream_tested: bool
    broken: bool
    locate_ms: int
    markets: frozenset[uuid.UUID]
    points: frozenset[uuid.UUID]
    missed_markets: frozenset[uuid.UUID]
    missed_points: frozenset[uuid.UUID]
    supplier: SupplierKey | None
    base_id: uuid.UUID | None


def facts(reach: Reach, since: dt.datetime, until: dt.datetime) -> list[Fact]:
    """The traces of positives found from `since` up to `until` that still stand (a cleared one says nothing)."""
    found = BackTrace.objects.filter(
        district_id=reach.district_id, case__opened_at__gte=since, case__opened_at__lt=until
    ).select_related("case__place")
    if reach.towns is not None:
        found = found.filter(town_id__in=reach.towns)
    traces = list(found.annotate(lab_failed=LAB_FAILED))
    nodes = defaultdict(list)
    for node in BackTraceNode.objects.filter(district_id=reach.district_id, trace__in=traces):
        nodes[node.trace_id].append(node)
    suppliers = Supplier.objects.filter(district_id=reach.district_id).only("name", "phone_index")
    known = suppliers.in_bulk({trace.supplier_id for trace in traces if trace.supplier_id})
    made = [_fact(trace, nodes[trace.pk], known.get(trace.supplier_id)) for trace in traces]
    return [fact for fact in made if fact.finding != Finding.CLEARED]


def _fact(trace, nodes, supplier) -> Fact:
    at_store = trace.case.place.kind == "store"
    stands = finding_of(trace)
    return Fact(
        trace_id=trace.pk,
        case_id=trace.case_id,
        town_id=trace.town_id,
        on=timezone.localtime(trace.case.opened_at).date(),
        finding=stands,
        downstream=at_store or stands == Finding.LAB_FAIL,
        at_store=at_store,
        upstream_tested=trace.upstream_tested,
        broken=trace.broken,
        locate_ms=trace.locate_ms,
        markets=frozenset(node.market_id for node in nodes if node.market_id),
        points=frozenset(node.point_id for node in nodes if node.point_id),
        missed_markets=frozenset(node.market_id for node in nodes if node.market_id and node.missed),
        missed_points=frozenset(node.point_id for node in nodes if node.point_id and node.missed),
        supplier=(supplier.name, supplier.phone_index or "") if supplier else None,
        base_id=trace.base_id,
    )


@dataclass
class Tally:
    """Sums of one point, market, supplier, base or town."""

    tests: int = 0
    broken_tests: int = 0
    positives: int = 0
    untested: int = 0
    missed: int = 0
    locate_ms: list[int] = field(default_factory=list)

    @property
    def miss_rate(self) -> Rate:
        """A positive is itself a result that passed: there are never fewer results than positives."""
        return Rate(self.missed, max(self.tests, self.positives))

    @property
    def untested_rate(self) -> Rate:
        return Rate(self.untested, self.positives)

    @property
    def broken_rate(self) -> Rate:
        return Rate(self.broken_tests, self.tests)

    @property
    def positive_rate(self) -> Rate:
        return Rate(self.positives, self.tests)


@dataclass(frozen=True)
class Downstream:
    """What was found downstream in a period: the ways of all results, and the traces of the positives."""

    ways: list[Way]
    facts: list[Fact]

    def tally(
        self, of_way: Callable[[Way], Iterable[Any]], of_fact: Callable[[Fact], Iterable[Any]],
        missed_of: Callable[[Fact], Collection[Any]],
    ) -> dict[Any, Tally]:  # fmt: skip
        sums: dict[Any, Tally] = defaultdict(Tally)
        for way in self.ways:
            for key in of_way(way):
                sums[key].tests += way.tests
                sums[key].broken_tests += way.tests * way.broken
        for fact in self.facts:
            if fact.downstream:
                for key in of_fact(fact):
                    _add(sums[key], fact, missed=key in missed_of(fact))
        return dict(sums)

    def by_town(self) -> dict[str, Tally]:
        return self.tally(
            lambda way: [way.town_id], lambda fact: [fact.town_id],
            lambda fact: [fact.town_id] if fact.missed_points else (),
        )  # fmt: skip

    def whole(self) -> Tally:
        found = self.tally(lambda way: [""], lambda fact: [""], lambda fact: [""] if fact.missed_points else ())
        return found.get("", Tally())

    def by_market(self) -> dict[uuid.UUID, Tally]:
        return self.tally(lambda way: way.markets, lambda fact: fact.markets, lambda fact: fact.missed_markets)

    def by_point(self, at_market: dict[uuid.UUID, uuid.UUID]) -> dict[uuid.UUID, Tally]:
        def passed(way: Way) -> list[uuid.UUID]:
            return [at_market[market] for market in way.markets if market in at_market]

        return self.tally(passed, lambda fact: fact.points, lambda fact: fact.missed_points)

    def by_supplier(self) -> dict[SupplierKey, Tally]:
        return self.tally(
            lambda way: [way.supplier] if way.supplier else [], lambda fact: [fact.supplier] if fact.supplier else [],
            lambda fact: [fact.supplier] if fact.missed_points else (),
        )  # fmt: skip

    def by_base(self) -> dict[uuid.UUID, Tally]:
        return self.tally(
            lambda way: [way.base_id] if way.base_id else [], lambda fact: [fact.base_id] if fact.base_id else [],
            lambda fact: [fact.base_id] if fact.missed_points else (),
        )  # fmt: skip


def _add(tally: Tally, fact: Fact, *, missed: bool) -> None:
    tally.positives += 1
    tally.untested += not fact.upstream_tested
    tally.missed += missed
    tally.locate_ms.append(fact.locate_ms)
    if not fact.at_store:  # its own test is no result at a store, so it is counted here
        tally.tests += 1
        tally.broken_tests += fact.broken


def downstream(reach: Reach, since: dt.datetime, until: dt.datetime) -> Downstream:
    found = [way for way in ways(reach.district_id, since, until) if reach.has(way.town_id)]
    return Downstream(found, facts(reach, since, until))


def points_at_markets(district_id: str) -> dict[uuid.UUID, uuid.UUID]:
    """The active point of each market that has one."""
    points = TestPoint.objects.filter(district_id=district_id, state=TestPoint.State.ACTIVE, market__isnull=False)
    return dict(points.values_list("market_id", "pk"))


def miss_rates(district_id: str, since: dt.datetime, until: dt.datetime) -> dict[uuid.UUID, Rate]:
    """By point, of the whole district."""
    found = downstream(Reach(district_id), since, until).by_point(points_at_markets(district_id))
    return {point_id: tally.miss_rate for point_id, tally in found.items()}


@dataclass(frozen=True)
class Own:
    """What a point itself recorded: how timely, how well tied to goods, and what a laboratory said of it."""

    tests: int = 0
    positives: int = 0
    timely: Rate = field(default_factory=Rate)
    linked: Rate = field(default_factory=Rate)
    cleared: Rate = field(default_factory=Rate)


def own_figures(district_id: str, since: dt.datetime, until: dt.datetime) -> dict[uuid.UUID, Own]:
    tests = _by_point(
        RapidTest.objects.filter(district_id=district_id, tested_at__gte=since, tested_at__lt=until),
        n=Count("pk"), late=Count("pk", filter=Q(late=True)), positives=Count("pk", filter=Q(result="positive")),
    )  # fmt: skip
    samples = _by_point(
        Sample.objects.filter(district_id=district_id, sampled_at__gte=since, sampled_at__lt=until).exclude(
            purpose=Sample.Purpose.BLIND
        ),
        n=Count("pk"), linked=Count("pk", filter=~Q(link=Sample.Link.NONE)),
    )  # fmt: skip
    decided = Count("pk", filter=Q(lab_reports__isnull=False), distinct=True)
    cleared = Count("pk", filter=Q(lab_reports__passed=True), distinct=True)
    cases = _by_point(
        PositiveCase.objects.filter(district_id=district_id, opened_at__gte=since, opened_at__lt=until),
        n=decided, cleared=cleared,
    )  # fmt: skip
    none: dict[str, int] = defaultdict(int)
    return {
        point_id: Own(
            tests=tests.get(point_id, none)["n"],
            positives=tests.get(point_id, none)["positives"],
            timely=Rate(*_less(tests.get(point_id, none), "late")),
            linked=Rate(samples.get(point_id, none)["linked"], samples.get(point_id, none)["n"]),
            cleared=Rate(cases.get(point_id, none)["cleared"], cases.get(point_id, none)["n"]),
        )
        for point_id in {*tests, *samples, *cases}
    }


def _by_point(rows, **counts) -> dict[uuid.UUID, dict[str, int]]:
    return {row["point_id"]: row for row in rows.values("point_id").annotate(**counts).order_by()}


def _less(row, name) -> tuple[int, int]:
    return row["n"] - row[name], row["n"]
