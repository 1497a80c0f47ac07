"""靶向抽检: a tester's plan of today and tomorrow; what was done of the plans, point by point."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass, field

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from kit import clock
from kit.refusals import NotFound
from registry.permissions import VERBS, may
from registry.web.doors import desk, see_other
from registry.web.lists import asked, page_of, select
from traceability.evaluation_rules import Rate
from traceability.models import PlanLine, TestItem, TestPoint
from traceability.selectors import sampling as selectors
from traceability.selectors.blind import sent_to
from traceability.selectors.evaluation import reach_of
from traceability.selectors.points import points_for
from traceability.services import sampling as services
from traceability.web import evaluation_words as words
from traceability.web.evaluation import as_file
from traceability.web.periods import read_day

A_DAY = dt.timedelta(days=1)


@dataclass
class PointPlan:
    """A point's plan of a day: its lines, each with whether it was done."""

    point: TestPoint
    lines: list[tuple[PlanLine, bool]] = field(default_factory=list)

    @property
    def done(self) -> Rate:
        return Rate(sum(done for _line, done in self.lines), len(self.lines))

    @property
    def tone(self) -> str:
        return "" if self.done.part == self.done.whole else "due"


def plans_of(points: QuerySet[TestPoint], day: dt.date) -> list[PointPlan]:
    lines = list(selectors.plan_lines(points, day))
    done = selectors.done_of(lines)
    found: dict[object, PointPlan] = {}
    for line in lines:
        found.setdefault(line.point_id, PointPlan(line.point)).lines.append((line, line.pk in done))
    return list(found.values())


def points_of_tester(request: HttpRequest) -> QuerySet[TestPoint]:
    """The points at which the person records tests."""
    roles = VERBS["record_test"]
    wanted = defaultdict(set)
    for scope in request.actor.with_role(*roles):
        wanted["market_id"] |= {scope.market_id} if scope.market_id else set()
        wanted["place_id"] |= {scope.place_id} if scope.place_id else set()
        if not (scope.market_id or scope.place_id):
            return points_for(request.actor)
    points = points_for(request.actor)
    return points.filter(market_id__in=wanted["market_id"]) | points.filter(place_id__in=wanted["place_id"])


@require_safe
@desk("record_test")
def plan(request: HttpRequest) -> HttpResponse:
    """What to test today and tomorrow, and samples that came from outside."""
    day = clock.now().date()
    points = points_of_tester(request)
    context = {
        "days": [(day, plans_of(points, day)), (day + A_DAY, plans_of(points, day + A_DAY))],
        "items": dict(TestItem.objects.values_list("code", "name")),
        "sent": sent_to(points),
        "now": clock.now(),
    }
    return render(request, "traceability/sampling/plan.html", context)


def done_today(request: HttpRequest) -> dict[str, object]:
    """For a tester's first page: done of planned today, and samples that wait for an answer."""
    points = points_of_tester(request)
    plans = plans_of(points, clock.now().date())
    return {"plan_done": sum((each.done for each in plans), Rate()), "sent_count": sent_to(points).count()}


@require_safe
@desk("plan_sampling", "evaluate_tests")
def overview(request: HttpRequest) -> HttpResponse:
    day = asked_day(request)
    plans = plans_asked(request, day)
    whole = sum((each.done for each in plans), Rate())
    reach = reach_of(request.actor)
    may_plan = reach is not None and may(request.actor, "plan_sampling", district=reach.district_id)
    page = page_of(request, plans)
    today = clock.now().date()
    context = {
        "day": day,
        "page": page,
        "count": len(plans),
        "whole": whole,
        "selects": [select(request, "kind", _("All kinds"), words.POINT_KINDS)],
        "keep": [("day", day.isoformat())],
        "chips": [{"label": label, "url": f"?day={each.isoformat()}", "active": each == day}
                  for each, label in near(today).items()],
        "items": dict(TestItem.objects.values_list("code", "name")),
        "query": request.GET.urlencode(),
        "searched": any(request.GET.get(name) for name in ("q", "kind")),
        "may_make": may_plan and day >= today,
    }  # fmt: skip
    return render(request, "traceability/sampling/overview.html", context)


def near(today: dt.date) -> dict[dt.date, str]:
    return {today - A_DAY: _("Yesterday"), today: _("Today"), today + A_DAY: _("Tomorrow")}


def asked_day(request: HttpRequest) -> dt.date:
    return read_day(request.GET.get("day", "")) or clock.now().date()


def plans_asked(request: HttpRequest, day: dt.date) -> list[PointPlan]:
    points = points_for(request.actor)
    if kind := asked(request, "kind", words.POINT_KINDS):
        points = points.filter(kind=kind)
    if q := asked(request, "q"):
        points = points.filter(name__icontains=q) | points.filter(code__startswith=q)
    return plans_of(points, day)


@require_safe
@desk("plan_sampling", "evaluate_tests")
def export_plans(request: HttpRequest, form: str) -> HttpResponse:
    day = asked_day(request)
    header = [_("Day"), _("Test point"), _("Kind"), _("No."), _("Product"), _("Items"), _("Where"), _("Origin"),
              _("Why"), _("Risk"), _("Reasons"), _("Seed of chance"), _("Done")]  # fmt: skip
    items = dict(TestItem.objects.values_list("code", "name"))
    rows = [
        [day, plan.point.name, words.POINT_KINDS[plan.point.kind], line.position, line.product.name,
         "、".join(items.get(code, code) for code in line.items), str(line.place or ""),
         line.origin_region.full_name if line.origin_region else "", words.PLAN_REASONS[line.reason], line.score,
         reasons(line), line.seed, done]
        for plan in plans_asked(request, day) for line, done in plan.lines
    ]  # fmt: skip
    return as_file(f"sampling-{day}", header, rows, form, _("Sampling plans"))


def reasons(line: PlanLine) -> str:
    return "; ".join(
        f"{words.ABOUT.get(each['about'], each['about'])} {each['part']}/{each['whole']} ×{each['factor']}"
        for each in line.explained
    )


@require_POST
@desk("plan_sampling")
def make(request: HttpRequest) -> HttpResponse:
    """Plans for points that have none for the day yet, at once instead of in the evening."""
    reach = reach_of(request.actor)
    day = read_day(request.POST.get("day", ""))
    if reach is None or day is None or day < clock.now().date():
        raise NotFound
    made = services.make_plans(request.actor, district_id=reach.district_id, day=day)
    if made:
        said = ngettext("%(n)d line is planned.", "%(n)d lines are planned.", made) % {"n": made}
        messages.success(request, said)
    else:
        messages.info(request, _("Every point that has goods about has its plan already."))
    return see_other(f"{reverse('sampling')}?day={day.isoformat()}")
