"""What a day of history holds: how much is brought, sold, taken in and tested, by weekday and season."""

import datetime as dt
from dataclasses import dataclass, fields

from django.utils import timezone

from kit import workdays

CHINA = timezone.get_fixed_timezone(480)
HOLIDAYS = frozenset({2, 7, 8})
"""Months in which schools are closed for the most part."""


@dataclass(frozen=True)
class Volume:
    """A day's numbers at scale 1: the pilot's district (30,000 intakes a month at 20 markets, 700,000 tests a year)."""

    declarations: float = 150
    vouchers: float = 2000
    stall_intakes: float = 400
    canteen_intakes: float = 180
    canteen_samples: float = 720
    market_samples: float = 640
    regulator_samples: float = 60

    def times(self, factor: float) -> "Volume":
        return Volume(*(getattr(self, each.name) * factor for each in fields(self)))


@dataclass(frozen=True)
class Day:
    """One trade day: the evening before, from nine, until the afternoon."""

    date: dt.date
    school: bool
    volume: Volume

    @property
    def midnight(self) -> dt.datetime:
        return dt.datetime.combine(self.date, dt.time(), CHINA)

    @property
    def ends(self) -> dt.datetime:
        """The night market's next day begins."""
        return self.midnight + dt.timedelta(hours=20)

    def moment(self, dice, first_hour: float, last_hour: float) -> dt.datetime:
        return self.midnight + dt.timedelta(seconds=round(dice.uniform(first_hour, last_hour) * 3600))

    def moments(self, dice, number: float, first_hour: float, last_hour: float) -> list[dt.datetime]:
        """So many moments, in order; a broken number is one more by chance."""
        count = int(number) + (dice.random() < number % 1)
        return sorted(self.moment(dice, first_hour, last_hour) for _ in range(count))


def plan(date: dt.date, volume: Volume) -> Day:
    """On a school day canteens cook for everybody, else for a few; before the new year everybody buys more."""
    school = date.month not in HOLIDAYS and _works(date)
    year_end = 1.2 if date.month in {1, 12} else 1.0
    weekend = 1.1 if date.weekday() >= 5 else 1.0
    trade = volume.times(year_end * weekend)
    kitchens = 1.55 if school else 0.35
    return Day(
        date,
        school,
        Volume(
            trade.declarations, trade.vouchers, trade.stall_intakes, volume.canteen_intakes * kitchens,
            volume.canteen_samples * kitchens, volume.market_samples * weekend, volume.regulator_samples,
        ),
    )  # fmt: skip


def _works(date: dt.date) -> bool:
    return workdays.is_working_day(date) if date <= workdays.known_until() else date.weekday() < 5
