"""Samples: what was taken, of which goods, and what is still to be read on it."""

from __future__ import annotations

import datetime as dt

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from kit import codes
from kit.refusals import NotFound
from registry.actors import Actor
from registry.models import Place
from traceability.models import Batch, RapidTest, Sample, TestItem, TestPoint
from traceability.selectors.days import trade_day_at


def samples_for(actor: Actor) -> QuerySet[Sample]:
    """The samples of points within reach and of one's own goods, the latest first; each with its number of `tested`."""
    points = TestPoint.objects.visible_to(actor).values("pk")
    found = Sample.objects.filter(Q(point__in=points) | Sample.objects.reached_by(actor))
    return (
        found.select_related(
            "point", "place__market", "organisation", "product__category", "batch__place__market", "sampled_by"
        )
        .annotate(tested=Count("tests"))
        .order_by("-sampled_at", "-id")
    )


def sample_called(actor: Actor, label: str) -> Sample:
    """The sample of a label as printed or typed. Raises NotFound for a missing one and for one out of reach alike."""
    code = codes.read_typed_code(label)
    found = samples_for(actor).filter(label=code).first() if code else None
    if found is None:
        raise NotFound
    return found


def narrowed(
    samples: QuerySet[Sample], *, q: str = "", purpose: str = "", link: str = "", since: dt.date | None = None,
    until: dt.date | None = None,
) -> QuerySet[Sample]:  # fmt: skip
    """`q` is a label, part of a product's or place's name, a product's initials, or a stall number."""
    if q:
        called = (
            Q(product__name__icontains=q)
            | Q(product__initials__startswith=q.lower())
            | Q(place__name__icontains=q)
            | Q(place__stall_no__iexact=q)
        )
        if label := codes.read_typed_code(q):
            called |= Q(label=label)
        samples = samples.filter(called)
    exact = {"purpose": purpose, "link": link}
    samples = samples.filter(**{name: value for name, value in exact.items() if value})
    if since:
        samples = samples.filter(sampled_at__date__gte=since)
    if until:
        samples = samples.filter(sampled_at__date__lte=until)
    return samples


def taken_at(point: TestPoint, day: dt.date) -> QuerySet[Sample]:
    """What was taken at a point on a calendar day, in the order it was taken."""
    found = Sample.objects.filter(district_id=point.district_id, point=point, sampled_at__date=day)
    return found.select_related("place__market", "product", "batch").order_by("sampled_at", "id")


def without(samples: QuerySet[Sample], item: TestItem) -> QuerySet[Sample]:
    """Those on which an item has not been read yet."""
    read = RapidTest.objects.filter(district_id=OuterRef("district_id"), sample_id=OuterRef("pk"), item=item)
    return samples.filter(~Exists(read))


def held_today(place: Place, moment: dt.datetime) -> QuerySet[Batch]:
    """What a place may hold now: batches with kilos left and within shelf life, the latest first."""
    return (
        Batch.objects.filter(
            district_id=place.district_id, place=place, organisation_id=place.organisation_id,
            expires_on__gte=trade_day_at(place, moment),
        )
        .exclude(state=Batch.State.VOID)
        .with_stock()
        .select_related("product", "origin_region", "place__market")
        .order_by("-made_at", "-id")
    )  # fmt: skip
