"""What day it is where goods are: a market's trade day, the calendar day of a store."""

import datetime as dt

from kit import tradeday

MIDNIGHT = dt.time(0, 0)


def trade_day_at(place, moment: dt.datetime) -> dt.date:
    return tradeday.trade_day(moment, place.market.trade_day_starts_at if place.market_id else MIDNIGHT)
