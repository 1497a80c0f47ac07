"""The demo district: filled once, rolled forward to today ever after."""

import datetime as dt

from django.db.models import Max

from demo import cast
from demo.settle import DISTRICT, Settlement
from demo.trade import TradeDay, Volume
from demo.traders import Cast
from kit import clock, seals
from registry.models import Market
from registry.services.load_reference import load_reference
from traceability.ledger import TRACE
from traceability.models import TraceEvent
from traceability.services.load_standards import load_standards

SEED = 20180831
DAYS = 3
"""Days of trade that a new district has behind it, today among them."""


def is_empty() -> bool:
    return not Market.objects.exists()


def fill(scale: float, tell) -> None:
    """A new district with its last days of trade."""
    load_reference()
    load_standards()
    now = clock.now()
    with clock.freeze(now - dt.timedelta(days=DAYS + 1)):
        settlement = Settlement(SEED, scale, tell)
        settlement.settle()
        settlement.scales()
        cast.give_passwords()
    play_days(now - dt.timedelta(days=DAYS), now, scale, tell)


def roll(scale: float, tell) -> None:
    """Play what has happened since the platform was last up, the last days at most."""
    now = clock.now()
    last = TraceEvent.objects.filter(district_id=DISTRICT).aggregate(last=Max("recorded_at"))["last"]
    since = max(filter(None, (last, now - dt.timedelta(days=DAYS))))
    if now - since > dt.timedelta(minutes=10):
        play_days(since, now, scale, tell)


def play_days(since, now, scale, tell):
    day, people = (since + dt.timedelta(hours=4)).date(), Cast()
    while day <= (now + dt.timedelta(hours=4)).date():
        TradeDay(day, people, since=since, until=now, seed=SEED, volume=Volume.scaled(scale)).play()
        tell(f"played {day}")
        day += dt.timedelta(days=1)
    seals.seal(TRACE, DISTRICT)
