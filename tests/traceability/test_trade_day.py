"""Trade days: a night market's day does not end at midnight."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kit.tradeday import CHINA, trade_day, trade_day_bounds

MIDNIGHT = dt.time(0, 0)
EVENING = dt.time(20, 0)
SMALL_HOURS = dt.time(4, 0)
NOON = dt.time(12, 0)


def naive(text):
    return dt.datetime.fromisoformat(text)


def at(text):
    return naive(text).replace(tzinfo=CHINA)


@pytest.mark.parametrize(
    ("starts_at", "moment", "day"),
    [
        (MIDNIGHT, "2026-11-22 00:00", "2026-11-22"),
        (MIDNIGHT, "2026-11-22 23:59:59.999999", "2026-11-22"),
        (EVENING, "2026-11-21 19:59:59.999999", "2026-11-21"),
        (EVENING, "2026-11-21 20:00", "2026-11-22"),
        (EVENING, "2026-11-22 02:30", "2026-11-22"),
        (EVENING, "2026-11-22 19:59:59.999999", "2026-11-22"),
        (EVENING, "2026-12-31 20:00", "2027-01-01"),
        (EVENING, "2028-02-28 21:00", "2028-02-29"),
        (SMALL_HOURS, "2026-11-22 03:59:59", "2026-11-21"),
        (SMALL_HOURS, "2026-11-22 04:00", "2026-11-22"),
        (SMALL_HOURS, "2026-11-23 03:59:59", "2026-11-22"),
        (NOON, "2026-11-21 12:00", "2026-11-22"),
        (NOON, "2026-11-22 11:59:59", "2026-11-22"),
        (dt.time(11, 59, 59), "2026-11-22 11:59:59", "2026-11-22"),
    ],
)
def test_a_moment_belongs_to_the_trade_day_that_holds_it(starts_at, moment, day):
    assert trade_day(at(moment), starts_at) == dt.date.fromisoformat(day)


def test_the_same_moment_in_another_zone_belongs_to_the_same_trade_day():
    assert trade_day(dt.datetime(2026, 11, 21, 12, 0, tzinfo=dt.UTC), EVENING) == dt.date(2026, 11, 22)
    assert trade_day(dt.datetime(2026, 11, 21, 11, 59, tzinfo=dt.UTC), EVENING) == dt.date(2026, 11, 21)


def test_a_moment_without_a_zone_is_refused():
    with pytest.raises(ValueError, match="aware"):
        trade_day(naive("2026-11-22 02:30"), EVENING)


@pytest.mark.parametrize(
    ("starts_at", "start", "end"),
    [
        (MIDNIGHT, "2026-11-22 00:00", "2026-11-23 00:00"),
        (EVENING, "2026-11-21 20:00", "2026-11-22 20:00"),
        (SMALL_HOURS, "2026-11-22 04:00", "2026-11-23 04:00"),
    ],
)
def test_the_bounds_of_a_trade_day(starts_at, start, end):
    assert trade_day_bounds(dt.date(2026, 11, 22), starts_at) == (at(start), at(end))


@given(
    st.datetimes(naive("2000-01-01"), naive("2100-01-01"), timezones=st.just(CHINA)),
    st.times(),
)
def test_every_moment_lies_within_the_bounds_of_its_day_and_of_no_other(moment, starts_at):
    day = trade_day(moment, starts_at)
    start, end = trade_day_bounds(day, starts_at)
    assert start <= moment < end
    assert trade_day_bounds(day + dt.timedelta(days=1), starts_at)[0] == end
    assert trade_day(start, starts_at) == day
