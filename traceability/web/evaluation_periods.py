"""Which month, or the whole year, an evaluation is about, and for which town."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.http import HttpRequest
from django.utils.translation import gettext as _

from kit.refusals import NotFound
from registry.web.lists import asked, today
from registry.web.markets import towns_of
from traceability.selectors.evaluation import Reach, month_bounds, reach_of, year_before
from traceability.web.evaluation_words import month

YEAR = "year"
MONTHS = 12


@dataclass(frozen=True)
class Asked:
    """`first`: a day of the month asked for, or None for the last 365 days."""

    reach: Reach
    first: dt.date | None
    since: dt.datetime
    until: dt.datetime
    today: dt.date

    @property
    def label(self) -> str:
        return month(self.first) if self.first else _("last 12 months")


def months_until(day: dt.date) -> list[dt.date]:
    """The first days of the last twelve months, this one first."""
    number = day.year * 12 + day.month - 1
    return [dt.date(each // 12, each % 12 + 1, 1) for each in range(number, number - MONTHS, -1)]


def asked_period(request: HttpRequest) -> Asked:
    """Raises NotFound for somebody who evaluates nowhere."""
    reach = reach_of(request.actor)
    if reach is None:
        raise NotFound
    town = asked(request, "town", towns(request, reach))
    if town:
        reach = Reach(reach.district_id, frozenset({town}))
    day = today()
    if asked(request, "month") == YEAR:
        return Asked(reach, None, *year_before(day), day)
    known = {month(each): each for each in months_until(day)}
    first = known.get(asked(request, "month"), day.replace(day=1))
    return Asked(reach, first, *month_bounds(first), day)


def towns(request: HttpRequest, reach: Reach) -> dict[str, str]:
    return {code: name for code, name in towns_of(request).items() if reach.has(code)}


def selects(request: HttpRequest) -> list[dict[str, object]]:
    """Month and, for whom several are open, town."""
    day = today()
    options = [(month(each), month(each)) for each in months_until(day)]
    chosen = asked(request, "month") or month(day)
    months = {"name": "month", "label": _("Month"), "value": chosen, "options": [*options, (YEAR, _("Last 12 months"))]}
    reach = reach_of(request.actor)
    known = towns(request, reach) if reach else {}
    if len(known) < 2:
        return [months]
    return [
        months,
        {"name": "town", "label": _("All towns"), "value": asked(request, "town"),
         "options": [("", _("All towns")), *known.items()]},
    ]  # fmt: skip
