"""Working days of the State Council's calendar, which is announced a year at a time.

A legal deadline is never guessed: past the calendar `add_working_days` refuses. Where a date is only
shown or planned with, `expected_working_day` goes on with Monday to Friday and says so.
"""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass

import chinese_calendar
from chinese_calendar.constants import holidays
from django.utils.translation import gettext_lazy as _

from kit.refusals import Conflict


class CalendarEnds(Conflict):
    code = "calendar_ends"
    message = _("The official holiday calendar for %(year)s is not installed yet, so this deadline cannot be fixed.")


@dataclass(frozen=True)
class Expected:
    """A working day, and whether the official calendar may still move it."""

    day: dt.date
    provisional: bool


def known_until() -> dt.date:
    """The last day of the installed calendar."""
    return dt.date(max(holidays).year, 12, 31)


def is_working_day(day: dt.date) -> bool:
    """Raises CalendarEnds past the installed calendar."""
    if day > known_until():
        raise CalendarEnds(year=day.year)
    return chinese_calendar.is_workday(day)


def add_working_days(day: dt.date, count: int) -> dt.date:
    """The `count`-th working day after `day`, which itself does not count (民法典 201). Raises CalendarEnds."""
    for _step in range(count):
        day = _next(day, is_working_day)
    return day


def expected_working_day(day: dt.date, count: int) -> Expected:
    """As `add_working_days`, going on with Monday to Friday where the calendar ends."""
    for _step in range(count):
        day = _next(day, _probably_works)
    return Expected(day, provisional=day > known_until())


def _next(day: dt.date, works: Callable[[dt.date], bool]) -> dt.date:
    day += dt.timedelta(days=1)
    while not works(day):
        day += dt.timedelta(days=1)
    return day


def _probably_works(day: dt.date) -> bool:
    return is_working_day(day) if day <= known_until() else day.weekday() < 5
