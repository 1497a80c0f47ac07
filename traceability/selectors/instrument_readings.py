"""Instruments: the point one stands at, what it sent, and what waits for somebody."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from kit.refusals import NotFound
from registry.actors import Actor
from registry.models import Device
from traceability.models import InstrumentReading, PointInstrument, RapidTest, ReadingTie, Sample, TestItem, TestPoint

_TIED = ReadingTie.objects.filter(district_id=OuterRef("district_id"), reading_id=OuterRef("pk"))


def point_of(device: Device) -> TestPoint | None:
    """The open point an instrument was placed at; without one, that of the place or market it stands at."""
    placed = (
        PointInstrument.objects.filter(district_id=device.district_id, device=device, removed_at=None)
        .select_related("point__market", "point__place")
        .first()
    )
    if placed is not None:
        return placed.point if placed.point.state == TestPoint.State.ACTIVE else None
    near = Q(place=device.place_id, place__isnull=False) | Q(market=device.market_id, market__isnull=False)
    points = TestPoint.objects.filter(near, district_id=device.district_id, state=TestPoint.State.ACTIVE)
    return points.select_related("market", "place").order_by("market").first()


def first_positive(sample: Sample, item: TestItem) -> RapidTest | None:
    """The positive of an item on a sample that a further reading repeats."""
    found = RapidTest.objects.filter(
        district_id=sample.district_id, sample=sample, item=item, repeats=None, result=RapidTest.Result.POSITIVE
    )
    return found.order_by("tested_at", "id").first()


def readings_for(actor: Actor) -> QuerySet[InstrumentReading]:
    """What the instruments of the points within reach sent, the latest first; each `tied` or not."""
    points = TestPoint.objects.visible_to(actor)
    placed = PointInstrument.objects.filter(point__in=points.values("pk"), removed_at=None).values("device_id")
    standing = Q(device__place__in=points.filter(place__isnull=False).values("place_id")) | Q(
        device__market__in=points.filter(market__isnull=False).values("market_id")
    )
    return (
        InstrumentReading.objects.filter(Q(device__in=placed) | standing, device__kind=Device.Kind.INSTRUMENT)
        .select_related("device", "test__item", "test__product", "test__place__market")
        .annotate(tied=Exists(_TIED))
        .order_by("-received_at", "-id")
    )


def waiting(readings: QuerySet[InstrumentReading]) -> QuerySet[InstrumentReading]:
    """Those that could not be booked and that nobody has dealt with."""
    return readings.filter(tied=False).exclude(problem="")


def narrowed(
    readings: QuerySet[InstrumentReading], *, q: str = "", problem: str = "", since: dt.date | None = None,
    until: dt.date | None = None,
) -> QuerySet[InstrumentReading]:  # fmt: skip
    """`q` is part of the system code, of the sample's number as sent, or of the instrument's name."""
    if q:
        readings = readings.filter(
            Q(system_code__icontains=q) | Q(content__sample__icontains=q) | Q(device__name__icontains=q)
        )
    if problem:
        readings = readings.filter(problem=problem)
    if since:
        readings = readings.filter(received_at__date__gte=since)
    if until:
        readings = readings.filter(received_at__date__lte=until)
    return readings


def reading_for(actor: Actor, reading_id: UUID) -> InstrumentReading:
    """Raises NotFound for a missing one and for one out of reach alike."""
    found = readings_for(actor).filter(pk=reading_id).first()
    if found is None:
        raise NotFound
    return found
