"""检测倒查评价月报: a month of every town as a sheet, and as paper with charts."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.views.decorators.http import require_safe

from kit import clock
from registry.web.doors import desk
from traceability.evaluation_rules import middle
from traceability.print.evaluation import Figures, PaperPoint, PaperSupplier, Report, report_pdf
from traceability.selectors import scores
from traceability.selectors.evaluation import Downstream, Tally
from traceability.web import evaluation_words as words
from traceability.web.evaluation import as_file, months
from traceability.web.evaluation_periods import Asked, asked_period, towns
from traceability.web.evaluation_tables import TOWNS, found_of, suppliers, town_rows
from traceability.web.vouchers import as_file as paper_file

POINTS = 20


@require_safe
@desk("evaluate_tests")
def report(request: HttpRequest, form: str) -> HttpResponse:
    period = asked_period(request)
    found = found_of(period)
    name = f"evaluation-{period.first:%Y-%m}" if period.first else "evaluation-12-months"
    if form == "pdf":
        with translation.override("zh-hans"):
            printed = report_pdf(paper(request, period, found))
        return paper_file(printed, "application/pdf", f"{name}.pdf", inline=True)
    rows = town_rows(towns(request, period.reach), found.by_town())
    return as_file(name, TOWNS.header(with_reasons=False), [row.filed for row in rows], form, str(TOWNS.title))


def paper(request: HttpRequest, period: Asked, found: Downstream) -> Report:
    names = towns(request, period.reach)
    by_town = found.by_town()
    points = scores.scored_points(request.actor, period.reach, found, since=period.since, until=period.until)
    return Report(
        period=f"{period.first:%Y年%m月}" if period.first else "近12个月",
        reach="、".join(names.values()),
        printed_at=clock.now(),
        whole=figures("合计", found.whole()),
        towns=tuple(figures(name, by_town.get(code, Tally())) for code, name in names.items()),
        months=tuple(months(period)),
        points=tuple(
            PaperPoint(each.point.name, each.score.total, each.own.tests, each.tally.miss_rate, each.blind.rate)
            for each in points if each.score.total is not None
        )[:POINTS],
        suppliers=tuple(
            PaperSupplier(
                row.name, row.cells[0], "红" if row.tone == words.TONES["red"] else "黄",
                tuple(f"-{each.points} {each.text}" for each in row.reasons),
            )
            for row in suppliers(request, period) if row.tone
        ),
    )  # fmt: skip


def figures(name: str, tally: Tally) -> Figures:
    return Figures(
        name=name, tests=tally.tests, positives=tally.positives, missed=tally.miss_rate, untested=tally.untested_rate,
        broken=tally.broken_rate, located_s=middle(tally.locate_ms),
    )  # fmt: skip
