"""Scores of points and suppliers, with all that they are made of."""

from __future__ import annotations

import datetime as dt
import uuid
from collections import defaultdict
from dataclasses import dataclass, field
from decimal import Decimal

from django.db.models import Q

from kit import clock
from registry.actors import Actor
from registry.models import Base, Market
from traceability.blind_rules import Agreement
from traceability.evaluation_rules import (
    Event,
    Finding,
    Rate,
    Score,
    SupplierVerdict,
    point_score,
    supplier_score,
)
from traceability.models import TestPoint
from traceability.policies import PointScore, SupplierScore
from traceability.selectors.blind import blind_agreement, duplicate_agreement
from traceability.selectors.evaluation import (
    Downstream,
    Own,
    Reach,
    Tally,
    downstream,
    own_figures,
    points_at_markets,
    year_before,
)
from traceability.selectors.policies import policy
from traceability.selectors.ways import SupplierKey

NO_PAIRS = Agreement(Rate(), None)
EVENTS = {Finding.LAB_FAIL: "lab_fail", Finding.CONFIRMED: "confirmed_positive"}
NOTHING_KNOWN = Decimal(101)
"""Where whatever has no score stands in a list that begins with the worst."""


@dataclass(frozen=True)
class ScoredPoint:
    """A point with what passed it, what it recorded itself, how its readings agree, and its score."""

    point: TestPoint
    tally: Tally
    own: Own
    blind: Agreement
    duplicates: Agreement
    score: Score


def scored_points(
    actor: Actor, reach: Reach, found: Downstream, *, since: dt.datetime, until: dt.datetime,
    only: uuid.UUID | None = None,
) -> list[ScoredPoint]:  # fmt: skip
    """The points within reach, and those that goods of one's stores passed; the worst first.

    Blind samples and second readings are few: they are taken of the year that ends with the period.
    """
    weights: PointScore = policy(reach.district_id, "point_score", min(until, clock.now()))
    tallies = found.by_point(points_at_markets(reach.district_id))
    year = year_before((until - dt.timedelta(days=1)).date())
    blind, duplicates = (each(reach.district_id, *year) for each in (blind_agreement, duplicate_agreement))
    own = own_figures(reach.district_id, since, until)
    seen = Q(pk__in=TestPoint.objects.visible_to(actor).values("pk"), state=TestPoint.State.ACTIVE)
    points = TestPoint.objects.filter(seen | Q(pk__in=list(tallies)), district_id=reach.district_id)
    if reach.towns is not None:
        points = points.filter(Q(town_id__in=reach.towns) | Q(pk__in=list(tallies)))
    if only is not None:
        points = points.filter(pk=only)
    scored = []
    for point in points.select_related("town", "market", "organisation").order_by("code"):
        tally, did = tallies.get(point.pk, Tally()), own.get(point.pk, Own())
        agreed = blind.get(point.pk, NO_PAIRS)
        false = tally.miss_rate + did.cleared
        score = point_score(
            blind=agreed.rate, timely=did.timely, linked=did.linked, false_results=false, weights=weights
        )
        scored.append(ScoredPoint(point, tally, did, agreed, duplicates.get(point.pk, NO_PAIRS), score))
    return sorted(scored, key=lambda each: NOTHING_KNOWN if each.score.total is None else each.score.total)


@dataclass(frozen=True)
class ScoredSupplier:
    name: str
    tally: Tally
    verdict: SupplierVerdict
    markets: list[str] = field(default_factory=list)


def scored_suppliers(reach: Reach, today: dt.date) -> list[ScoredSupplier]:
    """Suppliers of the last 365 days, the worst first; every mark with its trace."""
    rules: SupplierScore = policy(reach.district_id, "supplier_score", clock.now())
    found = downstream(reach, *year_before(today))
    tallies = found.by_supplier()
    events: dict[SupplierKey, list[Event]] = defaultdict(list)
    market_ids: dict[SupplierKey, set[uuid.UUID]] = defaultdict(set)
    for fact in found.facts:
        if fact.supplier and fact.finding in EVENTS:
            events[fact.supplier].append(Event(EVENTS[fact.finding], fact.on, fact.trace_id))
    for way in found.ways:
        if way.supplier:
            market_ids[way.supplier] |= way.markets
    names = dict(Market.objects.filter(district_id=reach.district_id).values_list("pk", "name"))
    scored = []
    for key in {*tallies, *events}:
        tally = tallies.get(key, Tally())
        verdict = supplier_score(events[key], tally.broken_rate, rules, today)
        scored.append(
            ScoredSupplier(key[0], tally, verdict, sorted(names[pk] for pk in market_ids[key] if pk in names))
        )
    return sorted(scored, key=_worst_first)


def _worst_first(supplier: ScoredSupplier):
    score = supplier.verdict.score
    return (NOTHING_KNOWN if score is None else score, -supplier.tally.tests, supplier.name)


def marked_markets(reach: Reach, found: Downstream) -> list[tuple[Market, Tally]]:
    """Markets that goods of one's stores came by; the highest rate of missed results first."""
    tallies = found.by_market()
    markets = Market.objects.filter(district_id=reach.district_id, pk__in=list(tallies)).select_related("town")
    return sorted(((market, tallies[market.pk]) for market in markets), key=_most_missed)


def marked_bases(reach: Reach, found: Downstream) -> list[tuple[Base, Tally]]:
    """Production bases that goods of one's stores came from; most positives first."""
    tallies = found.by_base()
    bases = Base.objects.filter(district_id=reach.district_id, pk__in=list(tallies))
    with_names = bases.select_related("organisation", "region")
    return sorted(((base, tallies[base.pk]) for base in with_names), key=_most_positive)


def _most_missed(row):
    _, tally = row
    return (-(tally.miss_rate.share or 0), -tally.positives, -tally.tests)


def _most_positive(row):
    _, tally = row
    return (-tally.positives, -tally.tests)
