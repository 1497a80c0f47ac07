"""A history, day after day: planned, made, written by COPY, sealed."""

import datetime as dt
import time
from collections.abc import Iterator
from dataclasses import dataclass

from django.db import connection, transaction

from demo.dice import Dice
from kit import clock, seals
from kit.models import PublicCode
from registry.models import Supplier
from traceability import models as goods_models
from traceability.ledger import TRACE
from traceability.services.back_trace import trace_back

from .cases import Cases
from .goods import ByHand, Gate, Ledger
from .ids import Codes, Ids
from .laboratory import UNLINKED, Laboratory, Purpose
from .plan import Day, Volume, plan
from .stage import Stage
from .suppliers import Past, say_when_used
from .trade import Sales
from .writers import Writers

TABLES = (
    PublicCode, Supplier, Past, goods_models.Declaration, goods_models.Paper, goods_models.Batch, goods_models.Voucher,
    goods_models.VoucherLine, goods_models.Intake, goods_models.LineRefusal, goods_models.TestKit, goods_models.Sample,
    goods_models.RapidTest, goods_models.Hold, goods_models.HoldItem, goods_models.PositiveCase, goods_models.CaseStep,
    goods_models.CasePhoto, goods_models.LabReport, goods_models.Disposal, goods_models.StockMove,
    goods_models.PlanLine, goods_models.TraceEvent,
)  # fmt: skip
ENOUGH = 5000
"""Rows that are worth a transaction and a seal."""
ENTRY = 0.35
"""Share of batches tested at the gate although their papers would do."""


@dataclass
class Tally:
    """What has been written so far, and how long each part took."""

    days: int = 0
    rows: int = 0
    making_s: float = 0
    sending_s: float = 0
    sealing_s: float = 0


class Days:
    """The makers, and the order in which a day's rows come about."""

    def __init__(self, stage: Stage, dice: Dice, until: dt.datetime):
        self.stage, self.dice, self.until = stage, dice, until
        self.writers = Writers(TABLES)
        self.ledger = Ledger(self.writers, Ids(dice), Codes(), stage, dice)
        self.cases = Cases(self.ledger)
        self.gate, self.by_hand, self.sales = Gate(self.ledger), ByHand(self.ledger), Sales(self.ledger)
        self.laboratory = Laboratory(self.ledger, self.cases.open)
        self.cases.laboratory, self.laboratory.until = self.laboratory, until

    def make(self, day: Day) -> None:
        self.ledger.today.clear()
        self.cases.today = day
        self.night(day)
        bought = self.bought(day)
        self.morning(day, bought)
        self.cases.wake(day, self.until)

    def night(self, day: Day) -> None:
        """Declared and let in, tested where the papers do not do, sold before dawn."""
        moments = day.moments(self.dice, day.volume.declarations, -2.9, 3.5)
        declared = [goods for at in moments if (goods := self.gate.declare(day, at))]
        for goods in declared:
            if goods.row["state"] == "pending_test" or self.dice.random() < ENTRY:
                self.entry_test(day, goods)
        self.sales.open(declared)

    def entry_test(self, day, goods) -> None:
        if goods.stand.bench:
            at = goods.made_at + dt.timedelta(minutes=self.dice.randrange(15, 60))
            self.laboratory.examine(day, at, goods.stand.bench, goods.stand, goods, Purpose.ENTRY)

    def bought(self, day: Day) -> list:
        """What stalls and canteens have taken in by the morning."""
        moments = day.moments(self.dice, day.volume.vouchers, 0.5, 4.6)
        bought = [goods for at in moments for goods in self.sales.sell(day, at)]
        for number, stands in (
            (day.volume.stall_intakes, self.stage.stalls), (day.volume.canteen_intakes, self.stage.canteens),
        ):  # fmt: skip
            if stands:
                moments = day.moments(self.dice, number, 5.0, 6.4)
                bought += [self.by_hand.enter(day, at, self.dice.choice(stands)) for at in moments]
        return bought

    def morning(self, day: Day, bought: list) -> None:
        """Each point tests from what its own place or market has; the regulator's come to the stalls."""
        at_canteens = [goods for goods in bought if goods.stand.bench and goods.stand.bench.point.place_id]
        at_markets = [goods for goods in bought if goods.stand.bench and goods.stand.bench.point.market_id]
        self.tests(day, at_canteens, day.volume.canteen_samples, Purpose.ACCEPTANCE, 6.8, 8.4)
        self.tests(day, at_markets, day.volume.market_samples, Purpose.ROUTINE, 6.8, 11.0)
        stalls = [goods for goods in bought if goods.stand.place.market_id]
        if self.stage.regulators:
            self.tests(day, stalls, day.volume.regulator_samples, Purpose.REGULATOR, 9.0, 16.5)

    def tests(self, day, goods, number, purpose, first_hour, last_hour) -> None:
        if not goods:
            return
        for at in day.moments(self.dice, number, first_hour, last_hour):
            one = other = self.dice.choice(goods)
            bench = self.dice.choice(self.stage.regulators) if purpose == Purpose.REGULATOR else one.stand.bench
            if self.dice.random() < UNLINKED:
                other = self.dice.choice(goods)
            # What the place has no record of that day is tied to nothing, not even by the rule.
            linked = (one.stand.id, other.product.pk) in self.ledger.today
            self.laboratory.examine(day, at, bench, one.stand, one if linked else other, purpose, linked=linked)


class History:
    """The last days before `until`: some thousand rows at a time, a busy district's every day, are written in a
    transaction and sealed.

    Only for a district whose ledger has no seal yet: what is written before a seal would look slipped in.
    """

    def __init__(self, *, seed: int, volume: Volume, until: dt.datetime, days: int, district_id: str):
        self.seed, self.volume, self.until, self.district_id = seed, volume, until, district_id
        last = (until - dt.timedelta(hours=20)).date()
        self.dates = [last - dt.timedelta(days=back) for back in range(days - 1, -1, -1)]
        self.dice = Dice(seed)
        self.days = Days(Stage(self.dice), self.dice, until)
        self.tally = Tally()

    def write(self) -> Iterator[Tally]:
        """What has been written so far, after each day."""
        for date in self.dates:
            self.dice.seed(f"{self.seed} {date}")
            began = time.perf_counter()
            day = plan(date, self.volume)
            self.days.make(day)
            self.tally.days += 1
            self.tally.making_s += time.perf_counter() - began
            if self.days.writers.waiting >= ENOUGH:
                self._send(day.ends)
            yield self.tally
        self.days.cases.end()
        self._send(self.until)
        self._trace_back()
        self._freshen()
        yield self.tally

    def _send(self, sealed_at: dt.datetime) -> None:
        began = time.perf_counter()
        with transaction.atomic():
            self.tally.rows += self.days.writers.send()
        sent = time.perf_counter()
        with clock.freeze(sealed_at):
            seals.seal(TRACE, self.district_id)
        self.tally.sending_s += sent - began
        self.tally.sealing_s += time.perf_counter() - sent

    def _trace_back(self) -> None:
        """检测倒查 of every positive, as its job would have written it a moment after."""
        for case_id, opened_at in self.days.cases.opened:
            with clock.freeze(opened_at + dt.timedelta(seconds=1)):
                trace_back(case_id=case_id, district_id=self.district_id)

    def _freshen(self) -> None:
        """Suppliers are known by when they were last bought from; the planner is told what it now deals with."""
        say_when_used(self.district_id)
        with connection.cursor() as cursor:
            for model in TABLES:
                cursor.execute(f"ANALYZE {model._meta.db_table}")
