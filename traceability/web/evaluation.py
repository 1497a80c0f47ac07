"""检测倒查评价: the month at a glance, tables with their files, a point's score part by part."""

from __future__ import annotations

import uuid
from collections import Counter

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from kit import clock, export
from kit.refusals import NotFound
from registry.permissions import VERBS
from registry.web.doors import desk
from registry.web.lists import asked, page_of
from traceability.blind_rules import need
from traceability.evaluation_rules import Rate, middle
from traceability.models import BackTraceNode
from traceability.selectors import back_traces, scores
from traceability.selectors.blind import blind_samples_for
from traceability.selectors.evaluation import Downstream, Tally, facts, miss_rates, year_before
from traceability.selectors.policies import policy
from traceability.web import evaluation_words as words
from traceability.web.evaluation_periods import Asked, asked_period, months_until, selects, towns
from traceability.web.evaluation_tables import TABLES, Row, found_of, suppliers, town_rows

A_FEW = 5


@require_safe
@desk("evaluate_tests")
def overview(request: HttpRequest) -> HttpResponse:
    period = asked_period(request)
    found = found_of(period)
    rows = town_rows(towns(request, period.reach), found.by_town())
    points = scores.scored_points(request.actor, period.reach, found, since=period.since, until=period.until)
    context = {
        "period": period,
        "selects": selects(request),
        "query": request.GET.urlencode(),
        "stats": stats(request, found.whole()),
        "towns": rows,
        "broken": [(row.name, row.cells[4].percent, "due" if row.cells[4].part else "") for row in rows
                   if row.cells[4].whole],
        "months": months(period),
        "points": [each for each in points if each.score.total is not None][:A_FEW],
        "listed": [row for row in suppliers(request, period) if row.tone][:A_FEW],
        "parts": parts(),
    }  # fmt: skip
    return render(request, "traceability/evaluation/overview.html", context)


def stats(request: HttpRequest, whole: Tally) -> list[dict[str, object]]:
    traces = reverse("evaluation_traces")
    located = middle(whole.locate_ms)
    return [
        {"label": _("Downstream results"), "figure": whole.tests, "note": _("canteens and restaurants")},
        {"label": _("Positives"), "figure": whole.positives, "url": traces},
        {"label": _("Missed upstream"), "figure": words.percent(whole.miss_rate), "url": f"{traces}?show=missed",
         "note": whole.missed, "tone": "bad" if whole.missed else ""},
        {"label": _("Untested upstream"), "figure": words.percent(whole.untested_rate),
         "url": f"{traces}?show=untested", "note": whole.untested, "tone": "due" if whole.untested else ""},
        {"label": _("Broken way back"), "figure": words.percent(whole.broken_rate), "note": whole.broken_tests},
        {"label": _("Located in (median)"), "figure": words.seconds(located)},
    ]  # fmt: skip


def months(period: Asked) -> list[tuple[str, int]]:
    """Positives downstream by month, the last twelve, oldest first."""
    found = facts(period.reach, *year_before(period.today))
    counted = Counter(words.month(fact.on) for fact in found if fact.downstream)
    return [(words.month(first), counted[words.month(first)]) for first in reversed(months_until(period.today))]


def parts() -> list[dict[str, object]]:
    """The pages of the evaluation."""
    found = [{"label": table.title, "url": reverse("evaluation_table", args=[by])} for by, table in TABLES.items()]
    found.append({"label": _("Ways back"), "url": reverse("evaluation_traces")})
    found.append({"label": _("Blind samples"), "url": reverse("blind_samples")})
    found.append({"label": _("Sampling plans"), "url": reverse("sampling")})
    return found


def policies_url(request: HttpRequest) -> str:
    """Where the weights are changed, for those who may."""
    return reverse("policies") if request.actor.has_role(*VERBS["manage_policies"]) else ""


@require_safe
@desk("evaluate_tests")
def table(request: HttpRequest, by: str) -> HttpResponse:
    period = asked_period(request)
    rows = narrowed(request, TABLES[by].rows(request, period))
    page = page_of(request, rows)
    now = clock.now()
    context = {
        "by": by,
        "table": TABLES[by],
        "columns": [label for label, _is_rate in TABLES[by].columns],
        "kicker": _("last 12 months") if by == "suppliers" else period.label,
        "page": page,
        "count": len(rows),
        "selects": selects(request) if by != "suppliers" else [s for s in selects(request) if s["name"] == "town"],
        "exports": [(form, f"{reverse('evaluation_table_export', args=[by, form])}?{request.GET.urlencode()}")
                    for form in ("csv", "xlsx")],
        "searched": bool(asked(request, "q")),
        "supplier_policy": policy(period.reach.district_id, "supplier_score", now) if by == "suppliers" else None,
        "point_policy": policy(period.reach.district_id, "point_score", now) if by == "points" else None,
        "policies_url": policies_url(request),
    }  # fmt: skip
    return render(request, "traceability/evaluation/table.html", context)


def narrowed(request: HttpRequest, rows: list[Row]) -> list[Row]:
    q = asked(request, "q").lower()
    return [row for row in rows if q in row.name.lower() or q in row.note.lower()] if q else rows


@require_safe
@desk("evaluate_tests")
def export_table(request: HttpRequest, by: str, form: str) -> HttpResponse:
    period = asked_period(request)
    rows = narrowed(request, TABLES[by].rows(request, period))
    header = TABLES[by].header(with_reasons=by == "suppliers")
    return as_file(f"evaluation-{by}-{period.label}", header, [row.filed for row in rows], form, str(TABLES[by].title))


def as_file(name: str, header, rows, form: str, sheet: str) -> HttpResponse:
    if form == "xlsx":
        return export.xlsx_response(f"{name}.xlsx", header, rows, sheet=sheet)
    return export.csv_response(f"{name}.csv", header, rows)


@require_safe
@desk("evaluate_tests")
def point(request: HttpRequest, point_id: uuid.UUID) -> HttpResponse:
    """A point's score, part by part, and what lies behind each part."""
    period = asked_period(request)
    found: Downstream = found_of(period)
    scored = scores.scored_points(
        request.actor, period.reach, found, since=period.since, until=period.until, only=point_id
    )  # fmt: skip
    if not scored:
        raise NotFound
    each = scored[0]
    missed = back_traces.traces_for(request.actor).filter(
        pk__in=BackTraceNode.objects.filter(
            district_id=period.reach.district_id, point_id=point_id, missed=True
        ).values("trace_id"),
    )  # fmt: skip
    miss = miss_rates(period.reach.district_id, *year_before(period.today)).get(point_id)
    context = {
        "period": period,
        "selects": selects(request),
        "each": each,
        "kind": words.POINT_KINDS[each.point.kind],
        "score": words.score(each.score.total),
        "parts": [
            {"label": words.PARTS[part.name], "weight": part.weight, "rate": words.rate(part.good),
             "points": words.score(part.points)}
            for part in each.score.parts
        ],
        "known_weight": each.score.known_weight,
        "miss": words.rate(each.tally.miss_rate),
        "blind": words.agreement(each.blind),
        "duplicates": words.agreement(each.duplicates),
        "rule": blind_rule(miss),
        "missed": missed[:A_FEW],
        "samples": blind_samples_for(request.actor).filter(point_id=point_id)[:A_FEW],
        "policies_url": policies_url(request),
    }  # fmt: skip
    return render(request, "traceability/evaluation/point.html", context)


def blind_rule(miss: Rate | None) -> str:
    """How often the measured miss rate asks for a blind sample, in words."""
    rate = miss or Rate()
    wanted = need(rate)
    return words.blind_reason(f"{wanted.why} {rate.part}/{rate.whole} {wanted.count}/{wanted.months}")
