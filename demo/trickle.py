"""While a demo is up, trade goes on: now and then somebody declares, sells, takes in."""

from demo.trade import TradeDay, Volume
from demo.traders import Cast
from kit import clock
from kit.refusals import Refusal
from traceability.selectors.days import trade_day_at


def trickle() -> None:
    """One step of trade at this moment, and what follows from it; a refusal is part of life."""
    now, cast = clock.now(), Cast()
    if not (cast.wholesalers and cast.clerks):
        return
    day = trade_day_at(cast.wholesalers[0].place, now)
    trade = TradeDay(day, cast, since=now, until=now, seed=now.hour * 60 + now.minute, volume=Volume())
    try:
        trade.happen(trade.dice.choice((trade.declaration, trade.sale, trade.sale, trade.entry_by_hand)))
    except Refusal:
        return
