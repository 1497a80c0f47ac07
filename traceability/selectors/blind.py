"""Blind samples: who is due one, who answered how, and how far the readings of a point agree."""

from __future__ import annotations

import datetime as dt
import uuid
from collections import defaultdict
from dataclasses import dataclass

from django.db.models import Count, F, Q, QuerySet

from kit import clock, codes
from kit.refusals import NotFound
from registry.actors import Actor
from traceability.blind_rules import Agreement, Need, agreement, need
from traceability.evaluation_rules import Rate
from traceability.models import BlindSample, RapidTest, TestPoint
from traceability.selectors.evaluation import miss_rates, year_before

PAIRS = 5
RECENT = dt.timedelta(days=90)


@dataclass(frozen=True)
class Due:
    """A point, what the rule asks for, how many are planned in its months, and of what it usually tests."""

    point: TestPoint
    need: Need
    miss: Rate
    planned: int
    earlier: int
    pairs: list[tuple[str, str]]

    @property
    def reason(self) -> str:
        """As kept with the sample: why, the rate it was measured by, how many in how many months."""
        return f"{self.need.why} {self.miss.part}/{self.miss.whole} {self.need.count}/{self.need.months}"


def due_points(district_id: str, today: dt.date) -> list[Due]:
    """Every active point that tested something in the last 90 days."""
    points = TestPoint.objects.filter(district_id=district_id, state=TestPoint.State.ACTIVE).order_by("code")
    miss = miss_rates(district_id, *year_before(today))
    pairs = _usual_pairs(district_id)
    planned = defaultdict(list)
    standing = BlindSample.objects.filter(district_id=district_id).exclude(state=BlindSample.State.VOID)
    for point_id, day in standing.values_list("point_id", "planned_for"):
        planned[point_id].append(day)
    found = []
    for point in points:
        if point.pk in pairs:
            rate = miss.get(point.pk, Rate())
            wanted = need(rate)
            since = _first_of(today, wanted.months)
            inside = sum(day >= since for day in planned[point.pk])
            found.append(Due(point, wanted, rate, inside, len(planned[point.pk]) - inside, pairs[point.pk]))
    return found


def _first_of(today: dt.date, months: int) -> dt.date:
    number = today.year * 12 + today.month - months
    return dt.date(number // 12, number % 12 + 1, 1)


def _usual_pairs(district_id):
    tested = (
        RapidTest.objects.filter(district_id=district_id, tested_at__gte=clock.now() - RECENT)
        .exclude(sample__purpose="blind")
        .values("point_id", "item_id", "product_id")
        .annotate(n=Count("pk"))
        .order_by("-n", "item_id", "product_id")
    )
    found = defaultdict(list)
    for row in tested.iterator(chunk_size=2000):
        if len(found[row["point_id"]]) < PAIRS:
            found[row["point_id"]].append((row["item_id"], row["product_id"]))
    return found


def blind_samples_for(actor: Actor) -> QuerySet[BlindSample]:
    """Every blind sample within reach, those still to do first."""
    found = BlindSample.objects.visible_to(actor)
    related = ("point__town", "item", "product", "sample", "test", "planned_by")
    return found.select_related(*related).order_by(F("answered_at").desc(nulls_first=True), "planned_for", "id")


def blind_sample_for(actor: Actor, blind_id: uuid.UUID) -> BlindSample:
    """Raises NotFound for a missing one and for one out of reach alike."""
    found = blind_samples_for(actor).filter(pk=blind_id).first()
    if found is None:
        raise NotFound
    return found


def narrowed(found: QuerySet[BlindSample], *, q: str = "", state: str = "") -> QuerySet[BlindSample]:
    """`q`: part of a point's, product's or item's name, or a label. `state`: of the sample, `late` or `wrong`."""
    if q:
        sought = Q(point__name__icontains=q) | Q(product__name__icontains=q) | Q(item__name__icontains=q)
        if label := codes.read_typed_code(q):
            sought |= Q(sample__label=label)
        found = found.filter(sought)
    match state:
        case "":
            return found
        case "late":
            return found.filter(state=BlindSample.State.SENT, answer_due_at__lt=clock.now())
        case "wrong":
            return found.filter(agreed=False)
    return found.filter(state=state)


def blind_agreement(district_id: str, since: dt.datetime, until: dt.datetime) -> dict[uuid.UUID, Agreement]:
    """By point: how its answers agree with what was in the samples."""
    answered = BlindSample.objects.filter(
        district_id=district_id, state=BlindSample.State.ANSWERED, answered_at__gte=since, answered_at__lt=until
    )
    return _by_point(answered.values_list("point_id", "expected", "test__result"))


def duplicate_agreement(district_id: str, since: dt.datetime, until: dt.datetime) -> dict[uuid.UUID, Agreement]:
    """By point: how a second person's reading of the same sample and item agrees with the first."""
    repeats = RapidTest.objects.filter(
        district_id=district_id, tested_at__gte=since, tested_at__lt=until, repeats__isnull=False, same_person=False
    )
    return _by_point(repeats.values_list("point_id", "repeats__result", "result"))


def _by_point(rows):
    pairs = defaultdict(list)
    for point_id, first, second in rows:
        pairs[point_id].append((first, second))
    return {point_id: agreement(found) for point_id, found in pairs.items()}


def sent_to(points: QuerySet[TestPoint]) -> QuerySet[BlindSample]:
    """Samples on their way to these points, or there and not yet answered."""
    waiting = BlindSample.objects.filter(point__in=points, state=BlindSample.State.SENT)
    return waiting.select_related("sample", "product", "item", "point").order_by("answer_due_at")
