"""靶向抽检: tomorrow's plan of every test point, made in the evening and never made twice."""

from __future__ import annotations

import datetime as dt
import secrets
import uuid

from django.db import transaction

from kit import clock, locks
from registry.actors import Actor
from registry.models import Market
from registry.permissions import require
from traceability import sampling_rules
from traceability.models import PlanLine, TestPoint
from traceability.policies import Sampling
from traceability.sampling_rules import FALLBACK_LINES, Line
from traceability.selectors import sampling as selectors
from traceability.selectors.policies import policy

JOB = Actor(account_id=None, name="")
A_DAY = dt.timedelta(days=1)


def plan_tomorrow() -> int:
    """Plans for tomorrow in every district served; returns how many lines were made."""
    day = clock.now().date() + A_DAY
    districts = Market.objects.values_list("district_id", flat=True).distinct().order_by("district_id")
    return sum(make_plans(JOB, district_id=district_id, day=day) for district_id in districts)


def make_plans(actor, *, district_id: str, day: dt.date) -> int:
    """A plan of the day for every active point that has none yet; a point's plan is never changed afterwards."""
    if actor is not JOB:
        require(actor, "plan_sampling", district=district_id)
    at = clock.now()
    rules: Sampling = policy(district_id, "sampling", at)
    since = at - dt.timedelta(days=rules.days_looked_back)
    points = list(TestPoint.objects.filter(district_id=district_id, state=TestPoint.State.ACTIVE).order_by("code"))
    planned = selectors.planned_points(district_id, day)
    known = selectors.history(district_id, since)
    lots = selectors.candidates(district_id, points, at - selectors.RECENT)
    follow = selectors.cases_to_follow(district_id)
    chosen = {}
    for point in points:
        if point.pk not in planned:
            cases = follow.get(("market", point.market_id), []) if point.market_id else []
            cases = cases or follow.get(("place", point.place_id), [])
            seed = secrets.token_hex(16)
            lines = (point.daily_target or FALLBACK_LINES) - len(cases)
            found = sampling_rules.plan(
                lots.get(point.pk, ()), known, day=day, lines=lines, policy=rules, seed=seed
            )  # fmt: skip
            chosen[point] = (cases, found, seed)
    products = {line.candidate.product for _, found, _ in chosen.values() for line in found}
    items = selectors.items_of(district_id, products, since)
    return sum(_keep(point, day, *plan, items, at) for point, plan in chosen.items())


@transaction.atomic
def _keep(point, day, cases, lines, seed, items, at) -> int:
    locks.one_request(uuid.uuid5(point.pk, f"plan {day}"))
    if PlanLine.objects.filter(district_id=point.district_id, point=point, day=day).exists():
        return 0
    rows = [_follow_up(case) for case in cases]
    rows += [_from(line, seed, items.get(line.candidate.product, [])) for line in lines]
    PlanLine.objects.bulk_create(
        PlanLine(district_id=point.district_id, point=point, day=day, position=position, made_at=at, **row)
        for position, row in enumerate(rows, 1)
    )
    return len(rows)


def _follow_up(case):
    return {
        "reason": PlanLine.Reason.FOLLOW_UP,
        "product_id": case.product_id,
        "items": [case.item_id],
        "place_id": case.place_id,
        "case": case,
    }


def _from(line: Line, seed: str, items: list[str]):
    return {
        "reason": line.reason,
        "product_id": line.candidate.product,
        "items": items,
        "place_id": uuid.UUID(line.candidate.place),
        "origin_region_id": line.candidate.origin,
        "score": line.score,
        "explained": [
            {"about": each.about, "part": each.found.part, "whole": each.found.whole, "factor": str(each.factor)}
            for each in line.reasons
        ],
        "seed": seed if line.reason == PlanLine.Reason.RANDOM else "",
    }
