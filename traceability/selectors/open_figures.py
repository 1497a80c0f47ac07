"""The open figures of a district: counts, no person and no business among them."""

import datetime as dt
from dataclasses import asdict, dataclass

from django.core.cache import cache
from django.db.models import Count, Q

from registry.models import Market, Place
from traceability.models import Batch, Intake, RapidTest, Scan, Voucher

KEPT_S = 300
WEEK = dt.timedelta(days=7)


@dataclass(frozen=True)
class OpenFigures:
    """Counts now, and of the last seven days to `counted_at`."""

    markets: int
    stalls: int
    stores: int
    batches_week: int
    vouchers_week: int
    intakes_week: int
    tests_week: int
    tests_not_detected_week: int
    scans_week: int
    counted_at: dt.datetime


def open_figures(at: dt.datetime) -> OpenFigures:
    kept = cache.get("open_figures")
    if kept is None:
        kept = asdict(_count(at))
        cache.set("open_figures", kept, KEPT_S)
    return OpenFigures(**kept)


def _count(at):
    since = at - WEEK
    places = Place.objects.in_use().aggregate(
        stalls=Count("pk", filter=Q(kind="stall")), stores=Count("pk", filter=Q(kind="store"))
    )
    tests = RapidTest.objects.filter(tested_at__gte=since).exclude(result="invalid")
    tested = tests.aggregate(all=Count("pk"), negative=Count("pk", filter=Q(result="negative")))
    return OpenFigures(
        markets=Market.objects.filter(active=True).count(),
        stalls=places["stalls"],
        stores=places["stores"],
        batches_week=Batch.objects.filter(made_at__gte=since, declaration__isnull=False).count(),
        vouchers_week=Voucher.objects.filter(sold_at__gte=since, state="issued").count(),
        intakes_week=Intake.objects.filter(taken_at__gte=since, state="valid").count(),
        tests_week=tested["all"],
        tests_not_detected_week=tested["negative"],
        scans_week=Scan.objects.filter(scanned_at__gte=since).count(),
        counted_at=at,
    )
