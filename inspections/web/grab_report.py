"""Who takes tasks: attempts, wins, how soon after publishing, and taking that no thumb makes."""

from __future__ import annotations

import datetime as dt

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_safe

from inspections.grab_patterns import INSTANT_MS, Sign
from inspections.selectors.grab_report import Line, grab_report
from inspections.selectors.kinds import towns
from kit import clock, export
from registry.web.doors import desk
from registry.web.lists import A_PAGE, asked, export_url, select

DAYS = {"1": 1, "7": 7, "30": 30}
SIGNS: dict[Sign, str | Promise] = {
    Sign.INSTANT: gettext_lazy("within half a second of publishing"),
    Sign.HASTY: gettext_lazy("more than one a second"),
    Sign.STEADY: gettext_lazy("at equal intervals"),
}


@require_safe
@desk("supervise_work")
def index(request: HttpRequest) -> HttpResponse:
    lines, days = asked_for(request)
    page = Paginator(lines, A_PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "rows": [(line, said(line)) for line in page],
        "count": len(lines),
        "chips": [
            {
                "label": ngettext("%(n)d day", "%(n)d days", each) % {"n": each},
                "url": f"?days={key}",
                "active": each == days,
            }
            for key, each in DAYS.items()
        ],
        "keep": [("days", days)],
        "selects": [
            select(request, "town", _("All towns"), town_names(request)),
            select(request, "signs", _("With and without signs"), {"yes": _("With signs only")}),
        ],
        "export_url": export_url(request, "grab_report_export"),
        "searched": any(asked(request, name) for name in ("q", "town", "signs")),
    }
    return render(request, "inspections/grabbing/report.html", context)


def town_names(request: HttpRequest) -> dict[str, str]:
    return {town.code: town.name for district in request.actor.districts for town in towns(district)}


def asked_for(request: HttpRequest) -> tuple[list[Line], int]:
    days = DAYS[asked(request, "days", DAYS) or "7"]
    lines = grab_report(
        request.actor,
        since=clock.now() - dt.timedelta(days=days),
        text=asked(request, "q"),
        town=asked(request, "town"),
        only_signs=asked(request, "signs") == "yes",
    )
    return lines, days


def said(line: Line) -> list[str]:
    """Each sign with its number: a question to ask the person, no verdict."""
    numbers = {
        Sign.INSTANT: line.pattern.instant, Sign.HASTY: line.pattern.hasty, Sign.STEADY: line.pattern.steady,
    }  # fmt: skip
    return [f"{SIGNS[sign]} ×{numbers[sign]}" for sign in line.pattern.signs]


@require_safe
@desk("supervise_work")
def export_csv(request: HttpRequest) -> HttpResponse:
    header = [_("Full name"), _("Town"), _("Attempts"), _("Won"), _("Lost"), _("Median, s after publishing"),
              _("Quickest, s"), _("Within %(n)d ms") % {"n": INSTANT_MS}, _("Less than a second apart"),
              _("Equal intervals in a row"), _("Signs")]  # fmt: skip
    # Not as they are sent: by then nobody's language is in force.
    rows = [[
        line.person.account.name, line.person.town.name if line.person.town else "", each.attempts, each.won,
        each.lost, each.median_s, each.quickest_s, each.instant, each.hasty, each.steady, "; ".join(said(line)),
    ] for line in asked_for(request)[0] for each in [line.pattern]]  # fmt: skip
    return export.csv_response("grabs.csv", header, rows)
