"""While a demo is up, trade goes on: now and then somebody declares, sells, takes in, tests."""

from demo.morning import Morning
from demo.story import Story, due_now
from demo.trade import TradeDay, Volume
from demo.traders import Cast
from kit import clock
from kit.refusals import Refusal
from traceability.models import PositiveCase
from traceability.selectors.days import trade_day_at


def trickle() -> None:
    """One step of trade at this moment, and what follows from it; a refusal is part of life."""
    now, cast = clock.now(), Cast()
    if not (cast.wholesalers and cast.clerks):
        return
    day = trade_day_at(cast.wholesalers[0].place, now)
    trade = TradeDay(day, cast, since=now, until=now, seed=now.hour * 60 + now.minute, volume=Volume())
    morning = Morning(trade, follow=False)
    steps = (trade.declaration, trade.sale, trade.sale, trade.entry_by_hand, morning.acceptance, morning.stall_test)
    try:
        trade.happen(Story(trade).tell if due_now(now) else trade.dice.choice(steps))
        _take_on_what_is_late(morning, now)
    except Refusal:
        return


def _take_on_what_is_late(morning, now) -> None:
    """A positive whose time has passed goes one step on; one that is in time is left to whoever is looking at it."""
    late = PositiveCase.objects.exclude(state="closed").filter(due_at__lt=now).order_by("due_at").first()
    if late:
        morning.go_on(now, late)
