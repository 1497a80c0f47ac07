"""The public board of a market, and the monthly figures of the district."""

from __future__ import annotations

import datetime as dt
import hashlib
import uuid
from collections import defaultdict
from decimal import Decimal

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import CharField, Count, F, OuterRef, Q, Subquery, Sum, Value
from django.db.models.functions import Cast, Coalesce, Concat, TruncMonth
from django.utils import timezone

from kit import tradeday
from registry.models import Market
from traceability.case_rules import Standing
from traceability.evaluation_rules import CLEARED_OUTCOMES
from traceability.models import Disposal, HoldItem, PositiveCase, RapidTest, TestPoint
from traceability.public_boards import (
    CLEARED,
    NAMED,
    NOT_DETECTED,
    UNDER_REVIEW,
    BoardCase,
    BoardMonth,
    BoardPage,
    BoardPoints,
    BoardSample,
    DistrictBoard,
    handling,
)
from traceability.selectors.cases import standing

SHOWN = 40
RECENT = dt.timedelta(days=30)
MONTHS = 12
STILL = ~Q(cases__outcome__in=list(CLEARED_OUTCOMES))
POSITIVE = Count("pk", filter=Q(result="positive") & STILL)
SAID = ("negative", "positive", "suspect", "undecided")


def board_market(market_id: uuid.UUID, at: dt.datetime) -> Market | None:
    """The open market with `held` (batches paused in it now), `told` (how its cases of thirty days stand) and its
    latest test: what its board depends on, in one query."""
    held = HoldItem.objects.filter(
        district_id=OuterRef("district_id"), batch__place__market_id=OuterRef("pk"), released_at=None
    )
    cases = PositiveCase.objects.filter(
        district_id=OuterRef("district_id"), place__market_id=OuterRef("pk"), opened_at__gte=at - RECENT
    ).order_by("pk")
    text = Concat(
        Cast("pk", CharField()), F("state"), F("outcome"), Coalesce(Cast("confirmed", CharField()), Value("")),
        output_field=CharField(),
    )  # fmt: skip
    latest = RapidTest.objects.filter(district_id=OuterRef("district_id"), point__market_id=OuterRef("pk"))
    return (
        Market.objects.filter(active=True)
        .annotate(
            held=ArraySubquery(held.order_by("batch_id").values("batch_id").distinct()),
            told=ArraySubquery(cases.values_list(text)),
            latest=Subquery(latest.order_by("-tested_at").values("pk")[:1]),
        )
        .filter(pk=market_id)
        .first()
    )


def board_key(market: Market, language: str, form: str, minute: str) -> str:
    """The name under which a drawn board may be kept: it changes with holds, cases and tests."""
    seen = f"{market.held}{market.told}{market.latest}"
    return f"board:{market.pk}:{hashlib.sha256(seen.encode()).hexdigest()[:16]}:{language}:{form}:{minute}"


def board_page(market: Market, at: dt.datetime) -> BoardPage:
    day = tradeday.trade_day(at, market.trade_day_starts_at)
    samples, tests = _samples(market, *tradeday.trade_day_bounds(day, market.trade_day_starts_at), at)
    return BoardPage(
        market_id=str(market.pk),
        market=market.name,
        address=market.address,
        phone=market.complaint_phone,
        safety_director=market.safety_director,
        safety_officer=market.safety_officer,
        day=day,
        samples_today=len(samples),
        tests_today=tests,
        not_detected_today=sum(sample.result == NOT_DETECTED for sample in samples),
        held=len(market.held),
        samples=tuple(samples[:SHOWN]),
        cases=_cases(market, at),
        months=_months(market.district_id, at, 2, market_id=market.pk),
        drawn_at=at,
    )


def _samples(market, since, until, at) -> tuple[list[BoardSample], int]:
    """The samples of a trade day, the latest first, and how many results they have."""
    tests = (
        RapidTest.objects.filter(
            Q(repeats=None) | Q(cases__isnull=False), district_id=market.district_id, place__market_id=market.pk,
            tested_at__gte=since, tested_at__lt=until, result__in=SAID,
        )
        .exclude(sample__purpose="blind")
        .order_by("-tested_at", "-pk")
    )  # fmt: skip
    rows = tests.values_list(
        "sample_id", "product__name", "product__name_en", "place__stall_no", "item__name", "result", "tested_at",
        "cases__state", "cases__branch", "cases__confirmed", "cases__objection_due_at", "cases__outcome",
    )  # fmt: skip
    by_sample = defaultdict(list)
    for row in rows:
        by_sample[row[0]].append(row)
    return [_sample(found, at) for found in by_sample.values()], sum(map(len, by_sample.values()))


def _sample(rows, at) -> BoardSample:
    """Of two readings of one item, the worse one counts."""
    results: dict[str, str] = {}
    for _, _, _, _, item, result, _, *case in rows:
        if result == "positive" and case[0]:
            said = handling(Standing(*case), at)
        else:
            said = NOT_DETECTED if result == "negative" else UNDER_REVIEW
        results[item] = min(said, results.get(item, said), key=_ORDER.index)
    worst = min(results.values(), key=_ORDER.index)
    shown = [item for item, result in results.items() if result == worst] if worst in {*NAMED, NOT_DETECTED} else []
    _, product, product_en, stall_no, _, _, tested_at, *_case = rows[0]
    return BoardSample(product, product_en, stall_no, tuple(sorted(shown)), worst, timezone.localtime(tested_at))


_ORDER = ["lab_fail", "confirmed", "disposed", "paused", UNDER_REVIEW, CLEARED, NOT_DETECTED]


def _cases(market, at) -> tuple[BoardCase, ...]:
    kilos = (
        Disposal.objects.filter(district_id=OuterRef("district_id"), case_id=OuterRef("pk"))
        .order_by()
        .values("case_id")
        .annotate(kg=Sum("weight_kg"))
        .values("kg")
    )
    cases = PositiveCase.objects.filter(
        district_id=market.district_id, place__market_id=market.pk, opened_at__gte=at - RECENT
    ).annotate(kg=Subquery(kilos))
    shown = []
    for case in cases.select_related("product", "item", "place").order_by("-opened_at"):
        stands = handling(standing(case), at)
        told = stands in NAMED or (stands == CLEARED and case.published_at is not None)
        shown.append(
            BoardCase(
                product=case.product.name,
                product_en=case.product.name_en,
                stall_no=case.place.stall_no,
                item=case.item.name if told else "",
                handling=stands,
                found_on=timezone.localtime(case.opened_at).date(),
                disposed_kg=case.kg,
            )
        )
    return tuple(shown)


def _months(district_id: str, at: dt.datetime, count: int, *, market_id=None) -> tuple[BoardMonth, ...]:
    """The last `count` months, this one first; months without tests are there too."""
    firsts = [_month_before(at, back) for back in range(count)]
    tests = RapidTest.objects.filter(district_id=district_id, tested_at__gte=firsts[-1], repeats=None)
    disposed = Disposal.objects.filter(district_id=district_id, done_at__gte=firsts[-1])
    if market_id is not None:
        tests = tests.filter(place__market_id=market_id)
        disposed = disposed.filter(case__place__market_id=market_id)
    counted = {
        timezone.localtime(row["month"]).date(): row
        for row in tests.filter(result__in=SAID)
        .exclude(sample__purpose="blind")
        .annotate(month=TruncMonth("tested_at"))
        .values("month")
        .annotate(tests=Count("pk"), samples=Count("sample_id", distinct=True), positives=POSITIVE)
        .order_by()
    }
    kilos = {
        timezone.localtime(month).date(): kg
        for month, kg in disposed.annotate(month=TruncMonth("done_at"))
        .values_list("month")
        .annotate(kg=Sum("weight_kg"))
        .order_by()
    }
    nothing = {"tests": 0, "samples": 0, "positives": 0}
    found = []
    for first in firsts:
        row = counted.get(first.date(), nothing)
        found.append(
            BoardMonth(
                f"{first:%Y-%m}", row["samples"], row["tests"], row["positives"], kilos.get(first.date(), Decimal(0))
            )
        )
    return tuple(found)


def _month_before(at: dt.datetime, back: int) -> dt.datetime:
    number = at.year * 12 + at.month - 1 - back
    return at.replace(year=number // 12, month=number % 12 + 1, day=1, hour=0, minute=0, second=0, microsecond=0)


def district_board(district_id: str, at: dt.datetime) -> DistrictBoard:
    """Twelve months of every test of the district, this month by kind of point, and its markets."""
    firsts = _month_before(at, 0)
    rows = (
        RapidTest.objects.filter(district_id=district_id, tested_at__gte=firsts, repeats=None, result__in=SAID)
        .exclude(sample__purpose="blind")
        .values_list("point__kind")
        .annotate(tests=Count("pk"), positives=POSITIVE)
        .order_by()
    )
    by_kind = {kind: (tests, positives) for kind, tests, positives in rows}
    points = TestPoint.objects.filter(district_id=district_id, state="active").values_list("kind")
    kinds = [
        BoardPoints(kind, n, *by_kind.get(kind, (0, 0))) for kind, n in points.annotate(n=Count("pk")).order_by("kind")
    ]
    markets = Market.objects.filter(district_id=district_id, active=True).order_by("town_id", "name")
    return DistrictBoard(
        months=_months(district_id, at, MONTHS),
        kinds=tuple(kinds),
        markets=tuple((str(pk), name) for pk, name in markets.values_list("pk", "name")),
        counted_at=at,
    )


def first_district() -> str | None:
    """The district served: the one of most markets."""
    found = Market.objects.values_list("district_id").annotate(n=Count("pk")).order_by("-n").first()
    return found[0] if found else None
