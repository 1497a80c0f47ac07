"""A morning's rapid tests in the demo world: canteens before they cook, markets before they open, and what is found."""

import datetime as dt

from demo.lab import Purpose
from traceability.models import Batch, PositiveCase

CASE = (
    "place__town", "place__market", "point__organisation", "organisation", "item", "product", "batch", "hold",
    "test__method", "test__sample", "resample__point",
)  # fmt: skip
LOOKED_AT = 12
HALF_A_DAY = dt.timedelta(hours=12)
CONFIRMED = 0.8
"""Share of second strips that say what the first one said."""


class Morning:
    """Steps for a `TradeDay`'s agenda; `follow` says whether what is found is also seen to."""

    def __init__(self, trade, *, follow=True):
        self.trade, self.dice, self.cast, self.follow = trade, trade.dice, trade.cast, follow
        self.lab, self.handling = trade.cast.lab, trade.cast.handling

    def acceptance(self, moment, says=""):
        """A canteen takes goods in and tests them before they go to the kitchen."""
        if not self.cast.canteens:
            return
        canteen = self.cast.anyone(self.dice, self.cast.canteens)
        batch = self.trade.enter(canteen).batch
        self.trade.later(
            moment, self.dice.randrange(10, 40), lambda at: self.test(at, batch, Purpose.ACCEPTANCE, says)
        )  # fmt: skip

    def stall_test(self, moment, says=""):
        """A market's laboratory tests what lies on a stall."""
        if batch := self.on_a_stall(moment, self.cast.tested_stalls):
            self.test(moment, batch, Purpose.ROUTINE, says)

    def spot_check(self, moment):
        """The regulator's own test, at a stall or in a kitchen."""
        batch = self.on_a_stall(moment, self.cast.buyers)
        if batch and self.lab.regulators:
            at = self.dice.choice(self.lab.regulators)
            self.lab.test(self.dice, batch, purpose=Purpose.REGULATOR, at=at)

    def on_a_stall(self, moment, workers) -> Batch | None:
        """The freshest goods on sale at one of these, after a look at a few of them."""
        for worker in self.dice.sample(workers, min(LOOKED_AT, len(workers))):
            place = worker.place
            kept = Batch.objects.filter(district_id=place.district_id, place=place, state="admitted", holds=None)
            fresh = kept.filter(expires_on__gte=moment.date()).select_related("place__market", "product")
            if batch := fresh.order_by("-made_at").first():
                return batch
        return None

    def positive(self, moment):
        """Something is found: by a canteen, a market, and now and then in something that looked like nothing."""
        step = self.acceptance if self.dice.chance(0.4) else self.stall_test
        step(moment, says="positive")

    def test(self, moment, batch, purpose, says=""):
        says = says or "negative"
        test = self.lab.test(self.dice, batch, purpose=purpose, says=says)
        case = test and PositiveCase.objects.filter(test=test).first()
        if case and self.follow:
            self.see_to(moment, case)

    def see_to(self, moment, case):
        """A second strip soon, and then step after step."""
        if self.dice.chance(0.7):
            says = "positive" if self.dice.chance(CONFIRMED) else "negative"
            self.trade.later(moment, self.dice.randrange(8, 25), lambda _: self.handling.repeat(read(case), says))
        self.trade.later(moment, self.dice.randrange(40, 160), lambda at: self.go_on(at, case))

    def go_on(self, moment, case):
        case = read(case)
        pause = self.handling.go_on(self.dice, case)
        if pause and self.follow:
            self.trade.push(within_hours(moment + pause), lambda at: self.go_on(at, case))

    def take_up(self, moment):
        """Older cases that were left lying when the history ended, or the demo was last shut down."""
        old = PositiveCase.objects.exclude(state="closed").filter(opened_at__lt=moment - HALF_A_DAY)
        for case in old.order_by("opened_at"):
            self.trade.later(moment, self.dice.randrange(1, 240), lambda at, case=case: self.go_on(at, case))


def read(case) -> PositiveCase:
    return PositiveCase.objects.select_related(*CASE).get(pk=case.pk)


def within_hours(moment: dt.datetime) -> dt.datetime:
    """Offices are open from seven to seven."""
    if moment.hour >= 19:
        return moment + dt.timedelta(hours=13)
    return moment + dt.timedelta(hours=7 - moment.hour) if moment.hour < 7 else moment
