"""Targeted sampling: the history it leans on, what may be there tomorrow, and what was done of a plan."""

from __future__ import annotations

import datetime as dt
import uuid
from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.db.models.functions import ExtractQuarter

from registry.models import Product
from traceability import sampling_rules
from traceability.evaluation_rules import CLEARED_OUTCOMES, Rate
from traceability.models import Batch, PlanLine, PositiveCase, RapidTest, Sample, TestPoint
from traceability.sampling_rules import Candidate, History, Planned
from traceability.selectors.standards import items_for

RECENT = dt.timedelta(days=14)
ITEMS = 2
FOUND = Count("pk", filter=Q(result="positive") & ~Q(cases__outcome__in=list(CLEARED_OUTCOMES)))
WHOLE_DISTRICT = {TestPoint.Kind.STATION, TestPoint.Kind.VEHICLE}


def results(district_id: str, since: dt.datetime) -> QuerySet[RapidTest]:
    """First readings that say something."""
    said = RapidTest.objects.filter(district_id=district_id, tested_at__gte=since, repeats=None)
    return said.filter(result__in=["negative", "positive", "suspect"]).exclude(sample__purpose="blind")


def history(district_id: str, since: dt.datetime) -> History:
    """Positives of tests since then. A positive that a laboratory or a repeat cleared is none."""
    tests = results(district_id, since)
    seasons = _rates(tests.annotate(quarter=ExtractQuarter("tested_at")), "product_id", "quarter")
    origins = _rates(tests.filter(batch__isnull=False), "batch__origin_region_id")
    vendors = _rates(tests.filter(organisation__isnull=False), "organisation_id")
    return History(
        overall=sum(seasons.values(), Rate()),
        products={(str(product), quarter): rate for (product, quarter), rate in seasons.items()},
        origins={str(origin): rate for (origin,), rate in origins.items()},
        vendors={str(vendor): rate for (vendor,), rate in vendors.items()},
    )


def _rates(tests, *by) -> dict[tuple[Any, ...], Rate]:
    rows = tests.values_list(*by).annotate(found=FOUND, n=Count("pk")).order_by()
    return {tuple(key): Rate(found, n) for *key, found, n in rows}


def candidates(district_id: str, points: Iterable[TestPoint], since: dt.datetime) -> dict[uuid.UUID, set[Candidate]]:
    """What lay within reach of each point since then: at its market, its own place, or, for a station or a vehicle,
    at the places of its town that no other point serves."""
    points = list(points)
    by_market = {point.market_id: point.pk for point in points if point.market_id}
    by_place = {point.place_id: point.pk for point in points if point.place_id}
    by_town = defaultdict(list)
    for point in points:
        if point.kind in WHOLE_DISTRICT:
            by_town[point.town_id].append(point.pk)
    lots = (
        Batch.objects.filter(district_id=district_id, made_at__gte=since)
        .exclude(state=Batch.State.VOID)
        .values_list("product_id", "place_id", "origin_region_id", "organisation_id", "place__market_id",
                     "place__town_id")
        .distinct()
        .order_by()
    )  # fmt: skip
    found = defaultdict(set)
    for product, place, origin, vendor, market, town in lots.iterator(chunk_size=2000):
        own = by_place.get(place) or by_market.get(market)
        for point_id in [own] if own else by_town[town]:
            found[point_id].add(Candidate(product, str(place), str(origin), str(vendor)))
    return found


def items_of(district_id: str, product_ids: Iterable[str], since: dt.datetime) -> dict[str, list[str]]:
    """The two items most worth testing of each product: most positives first, then most tested, then any meant for
    it."""
    wanted = set(product_ids)
    tested = results(district_id, since).filter(product_id__in=wanted, item__active=True)
    ranked = tested.values_list("product_id", "item_id").annotate(found=FOUND, n=Count("pk"))
    items = defaultdict(list)
    for product_id, item_id, _found, _n in ranked.order_by("-found", "-n", "item_id"):
        items[product_id].append(item_id)
    for product in Product.objects.filter(pk__in=wanted - set(items)).select_related("category"):
        items[product.pk] = [item.pk for item in items_for(product)]
    return {product_id: found[:ITEMS] for product_id, found in items.items()}


def cases_to_follow(district_id: str) -> dict[tuple[str, uuid.UUID | None], list[PositiveCase]]:
    """Cases that wait for a follow-up sample, by the market or the place where it is taken; the most pressing first."""
    waiting = PositiveCase.objects.filter(
        district_id=district_id, state__in=["disposed", "reported"], resample=None
    ).select_related("place")  # fmt: skip
    found: dict[tuple[str, uuid.UUID | None], list[PositiveCase]] = defaultdict(list)
    for case in waiting.order_by("resample_due_on", "opened_at"):
        place = case.place
        key = ("market", place.market_id) if place.market_id else ("place", place.pk)
        found[key].append(case)
    return found


def planned_points(district_id: str, day: dt.date) -> set[uuid.UUID]:
    """The points that have a plan for the day."""
    return set(PlanLine.objects.filter(district_id=district_id, day=day).values_list("point_id", flat=True))


def plan_lines(points: QuerySet[TestPoint], day: dt.date) -> QuerySet[PlanLine]:
    """The lines of a day, in the order of points and plans."""
    lines = PlanLine.objects.filter(point__in=points, day=day)
    related = ("product", "place__market", "origin_region", "point__town", "case")
    return lines.select_related(*related).order_by("point__code", "position")


def done_of(lines: Iterable[PlanLine]) -> set[uuid.UUID]:
    """The ids of the lines that tested samples of their day fulfil."""
    by = defaultdict(list)
    for line in lines:
        by[line.district_id, line.point_id, line.day].append(line)
    if not by:
        return set()
    districts, points, days = (set(each) for each in zip(*by, strict=True))
    tested = Sample.objects.filter(
        district_id__in=districts, point_id__in=points, trade_day__in=days, tests__isnull=False
    ).exclude(purpose=Sample.Purpose.BLIND)
    sampled = defaultdict(list)
    for district, point, day, product, place, _pk in tested.values_list(
        "district_id", "point_id", "trade_day", "product_id", "place_id", "pk"
    ).distinct():
        sampled[district, point, day].append((product, place))
    found = set()
    for key, own in by.items():
        wanted = [Planned(line.pk, line.product_id, line.place_id) for line in own]
        found |= sampling_rules.done(wanted, sampled[key])
    return found
