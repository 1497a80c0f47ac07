"""Which days a list or a printed ledger is about."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.http import HttpRequest
from django.utils.dateparse import parse_date
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from registry.web.lists import asked, select

DAYS: dict[str, str | Promise] = {
    "today": _("Today"),
    "yesterday": _("Yesterday"),
    "7": _("Last 7 days"),
    "30": _("Last 30 days"),
    "183": _("Last 6 months"),
}


@dataclass(frozen=True)
class Period:
    """First and last day, both included; None where there is no limit."""

    since: dt.date | None = None
    until: dt.date | None = None


def asked_period(request: HttpRequest, today: dt.date) -> Period:
    """The period asked for by `?days=`, or by `?since=` and `?until=`."""
    match asked(request, "days", DAYS):
        case "today":
            return Period(today, today)
        case "yesterday":
            day = today - dt.timedelta(days=1)
            return Period(day, day)
        case "":
            return Period(read_day(request.GET.get("since", "")), read_day(request.GET.get("until", "")))
        case days:
            return Period(today - dt.timedelta(days=int(days) - 1), today)


def read_day(text: str) -> dt.date | None:
    try:
        return parse_date(text)
    except ValueError:
        return None


def days_select(request: HttpRequest, everything: str) -> dict[str, object]:
    return select(request, "days", everything, DAYS)
