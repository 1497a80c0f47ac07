"""The demo district: filled once, rolled forward to today ever after."""

import datetime as dt
import time

from django.db.models import Max

from demo import cast, trade
from demo.history.history import History, Tally
from demo.history.plan import Volume
from demo.settle import DISTRICT, Settlement
from demo.traders import Cast
from kit import clock, seals
from registry.models import Market
from registry.services.load_reference import load_reference
from traceability.ledger import TRACE
from traceability.models import TestKit, TestPoint, TraceEvent
from traceability.services.load_standards import load_standards

SEED = 20180831
DAYS = 3
"""Days of trade that a new district has behind it, today among them."""
BEGAN = dt.timedelta(days=400)
ABSENT = dt.timedelta(days=1)
MONTHS, THINNED = 12, 0.03
"""What `make demo` tells of the past: a year, with three of a hundred of the trade and tests of the pilot."""
EQUIPPED = dt.timedelta(days=20)
"""How long ago a new district was settled, and its scales and kits came."""


def is_empty() -> bool:
    return not Market.objects.exists()


def fill(scale: float, tell, *, months: float = MONTHS, volume: float | None = None) -> None:
    """A new district of a size, with months of history and its last days of trade.

    `volume` is how many times the pilot's trade the history holds; without it, few enough for a start.
    """
    load_reference()
    load_standards()
    now = clock.now()
    settle(scale, tell, now)
    tell_history(months, volume or THINNED * scale, now - dt.timedelta(days=DAYS), tell)
    play_days(now - dt.timedelta(days=DAYS), now, scale, tell)


def settle(scale: float, tell, now: dt.datetime) -> None:
    """The district as it stands before its first day of trade."""
    with clock.freeze(now - BEGAN):
        settlement = Settlement(SEED, scale, tell, today=now.date())
        settlement.settle()
    with clock.freeze(now - EQUIPPED):
        settlement.equip()
        cast.give_passwords()
    tell(f"{TestPoint.objects.count()} test points, {TestKit.objects.count()} kits")


def tell_history(months: float, volume: float, until: dt.datetime, tell) -> Tally:
    days = round(months * 365 / 12)
    if not days:
        return Tally()
    past = History(seed=SEED, volume=Volume().times(volume), until=until, days=days, district_id=DISTRICT)
    began = time.monotonic()
    for tally in past.write():
        if tally.days % max(1, days // 12) == 0:
            speed = tally.rows / max(0.001, time.monotonic() - began)
            tell(f"{bar(tally.days / days)} {tally.days} of {days} days, {tally.rows:,} rows, {speed:,.0f} rows/s")
    return tally


def bar(share: float) -> str:
    return f"[{'#' * round(share * 24):<24}]"


def roll(scale: float, tell) -> None:
    """Play what has happened since the platform was last up, the last days at most."""
    now = clock.now()
    last = TraceEvent.objects.filter(district_id=DISTRICT).aggregate(last=Max("recorded_at"))["last"]
    since = max(filter(None, (last, now - dt.timedelta(days=DAYS))))
    if now - since > dt.timedelta(minutes=10):
        play_days(since, now, scale, tell)


def play_days(since, now, scale, tell):
    """Day after day; after a longer absence, or a history, open positives are taken up again."""
    first, last, people = _day_of(since), _day_of(now), Cast()
    for day in (first + dt.timedelta(days=days) for days in range((last - first).days + 1)):
        played = trade.TradeDay(day, people, since=since, until=now, seed=SEED, volume=trade.Volume.scaled(scale))
        if day == first and now - since > ABSENT:
            played.push(since + dt.timedelta(minutes=5), played.morning.take_up)
        played.play()
        tell(f"played {day}")
    seals.seal(TRACE, DISTRICT)


def _day_of(moment: dt.datetime) -> dt.date:
    """The night market's: it begins at eight in the evening."""
    return (moment + dt.timedelta(hours=4)).date()
