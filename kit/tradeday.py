"""Trade days: a day that need not begin at midnight.

A trade day is 24 hours of wall-clock time, from `starts_at` (included) to the next `starts_at`
(excluded). It is named after the calendar date that holds most of it:

    starts_at   the trade day 11-22 runs
    00:00       11-22 00:00 - 11-23 00:00    the calendar day
    04:00       11-22 04:00 - 11-23 04:00    the small hours belong to the day before
    20:00       11-21 20:00 - 11-22 20:00    the evening belongs to the day after
    12:00       11-21 12:00 - 11-22 12:00    at a tie, the day after
"""

import datetime as dt
from zoneinfo import ZoneInfo

CHINA = ZoneInfo("Asia/Shanghai")
_NOON = dt.time(12, 0)


def trade_day(moment: dt.datetime, starts_at: dt.time, tz: dt.tzinfo = CHINA) -> dt.date:
    """The trade day that holds an aware `moment`. Raises ValueError for a naive one."""
    if moment.utcoffset() is None:
        raise ValueError("a trade day needs an aware moment")
    wall = moment.astimezone(tz).replace(tzinfo=None)
    return (wall - _shift(starts_at)).date()


def trade_day_bounds(day: dt.date, starts_at: dt.time, tz: dt.tzinfo = CHINA) -> tuple[dt.datetime, dt.datetime]:
    """Start (included) and end (excluded) of the trade day `day`, as aware moments."""
    midnight = dt.datetime.combine(day, dt.time(0, 0))
    start = midnight + _shift(starts_at)
    return start.replace(tzinfo=tz), (start + dt.timedelta(days=1)).replace(tzinfo=tz)


def _shift(starts_at: dt.time) -> dt.timedelta:
    """How far the trade day starts from its calendar date's midnight: -12 h up to, not including, 12 h."""
    after_midnight = dt.timedelta(
        hours=starts_at.hour,
        minutes=starts_at.minute,
        seconds=starts_at.second,
        microseconds=starts_at.microsecond,
    )
    return after_midnight if starts_at < _NOON else after_midnight - dt.timedelta(days=1)
