"""Legal deadlines follow the State Council's calendar and are never guessed."""

import datetime as dt

import pytest

from kit import workdays
from kit.workdays import Expected

NATIONAL_DAY_EVE = dt.date(2025, 9, 30)
LAST_KNOWN = workdays.known_until()


def test_the_day_it_starts_from_does_not_count():
    assert workdays.add_working_days(dt.date(2025, 11, 17), 1) == dt.date(2025, 11, 18)


def test_no_days_is_the_day_itself():
    assert workdays.add_working_days(dt.date(2025, 11, 22), 0) == dt.date(2025, 11, 22)


def test_a_weekend_is_skipped():
    assert workdays.add_working_days(dt.date(2025, 11, 21), 1) == dt.date(2025, 11, 24)


def test_national_day_is_skipped_and_the_sunday_worked_for_it_is_counted():
    assert workdays.add_working_days(dt.date(2025, 9, 26), 1) == dt.date(2025, 9, 28)
    assert workdays.add_working_days(NATIONAL_DAY_EVE, 1) == dt.date(2025, 10, 9)


def test_past_the_announced_calendar_a_deadline_is_refused():
    with pytest.raises(workdays.CalendarEnds) as refusal:
        workdays.add_working_days(LAST_KNOWN, 1)
    assert refusal.value.data == {"year": LAST_KNOWN.year + 1}


def test_past_the_announced_calendar_an_expected_day_says_that_it_may_move():
    start = LAST_KNOWN + dt.timedelta(days=30)
    expected = workdays.expected_working_day(start, 5)
    assert expected.provisional
    assert expected.day.weekday() < 5


def test_within_the_calendar_an_expected_day_is_the_legal_one():
    assert workdays.expected_working_day(NATIONAL_DAY_EVE, 1) == Expected(dt.date(2025, 10, 9), provisional=False)
