"""A positive's life in a history: held, told, repeated, accepted or objected to, disposed of, sampled again, closed.

Each life is a generator that says when it goes on; `Cases` wakes it on the day that moment falls in. A life's rows are
handed to the writers when it ends, or as it stands when the history does.
"""

import datetime as dt
import heapq
from decimal import Decimal
from itertools import count

from demo import bench as benches
from demo import pictures
from demo.handling import ACCEPTS, FINDS_NOTHING, LABORATORY, OBJECTIONS, OBJECTS, PACE
from demo.morning import CONFIRMED, within_hours
from kit import photos, workdays
from traceability import case_rules
from traceability.case_rules import Standing, Step
from traceability.models import (
    CasePhoto,
    CaseStep,
    Disposal,
    Hold,
    HoldItem,
    LabReport,
    PlanLine,
    PositiveCase,
    StockMove,
    TraceEvent,
)  # fmt: skip
from traceability.policies import CaseClocks
from traceability.services.case_photos import FOLDER
from traceability.services.cases import OWN_GOODS

from .goods import Ledger
from .laboratory import Purpose

Kind = TraceEvent.Kind
ZERO = Decimal(0)
REPEATED = 0.75
"""Share of positives of which a second strip is read."""


class Cases:
    """Every life that is not over, by the moment it goes on."""

    def __init__(self, ledger: Ledger):
        self.ledger, self.waiting, self.serial = ledger, [], count()
        self.positions: dict = {}
        self.laboratory = None
        self.opened: list[tuple[str, dt.datetime]] = []
        self.today = None

    def open(self, test, sample, goods, bench, stand, hand) -> None:
        life = Life(self, test, sample, goods, bench, stand, hand)
        self.opened.append((life.case["id"], life.case["opened_at"]))
        self._rest(life, life.steps())

    def _rest(self, life, steps):
        try:
            moment = next(steps)
        except StopIteration:
            life.hand_in()
        else:
            heapq.heappush(self.waiting, (moment, next(self.serial), life, steps))

    def wake(self, day, until) -> None:
        """Whatever falls into this day, in order."""
        self.today = day
        while self.waiting and self.waiting[0][0] < min(day.ends, until):
            _moment, _serial, life, steps = heapq.heappop(self.waiting)
            self._rest(life, steps)

    def end(self) -> None:
        """The history is over: those that are not closed stay as they are."""
        for _moment, _serial, life, _steps in sorted(self.waiting):
            life.hand_in()
        self.waiting = []

    def position(self, point_id, day) -> int:
        key = point_id, day
        self.positions[key] = self.positions.get(key, 0) + 1
        return self.positions[key]


class Life:
    """One case with its rows; `go` is what `services.case_steps.go` does."""

    def __init__(self, cases: Cases, test, sample, goods, bench, stand, hand):
        self.cases, self.ledger, self.dice = cases, cases.ledger, cases.ledger.dice
        self.test, self.sample, self.goods, self.bench, self.stand, self.hand = test, sample, goods, bench, stand, hand
        self.clocks, self.rows, self.moment = CaseClocks(), [], test["recorded_at"]
        self.stage = self.ledger.stage
        self.product = self.stage.products[test["product_id"]]
        self.item = self.stage.items[test["item_id"]]
        self.branch = self._branch()
        at = test["recorded_at"]
        self.hold = self._held(at) if goods else None
        by = case_rules.due_at("detected", self.branch, self.clocks, at)
        self.case = self.add(
            PositiveCase, at, state="detected", branch=self.branch, test_id=test["id"], point_id=bench.id,
            place_id=stand.id, organisation_id=stand.organisation_id, product_id=self.product.pk, item_id=self.item.pk,
            batch_id=goods and goods.row["id"], hold_id=self.hold and self.hold["id"], opened_at=at, notify_due_at=by,
            due_at=by, confirmed=None, outcome="",
        )  # fmt: skip

    def add(self, model, moment, /, **row) -> dict:
        row.update(id=self.ledger.ids.at(moment), district_id=self.stand.district_id)
        self.rows.append((model, row))
        return row

    def hand_in(self) -> None:
        for model, row in self.rows:
            self.ledger.writers[model].add(row)
        if self.goods:
            self.ledger.writers.late(self.goods.row)

    def steps(self):
        """The life, in order; each `yield` is a moment at which it goes on."""
        at = self.test["recorded_at"]
        self.step("detected", at, self.hand)
        if self.hold:
            self.step("downstream", at, self.hand, count=0)
        if self.branch == "canteen" and self.goods:
            self.step("upstream", at, self.hand, count=self.upstream())
        if self.stand.hand:
            self.tell(at, self.hand, "", "inbox")
        else:
            yield self.later(at, 5, 14)
            self.tell(self.moment, self.bench.hands[0], "到档口当面告知", "person")
        if self.dice.random() < REPEATED:
            self.repeat()
        if self.case["confirmed"] is False and self.branch in case_rules.OWN:
            yield self.later(at, 60, 200)
            self.clear()
            return
        yield from self.answer()
        if self.case["state"] == "lab_pass":
            yield self.pause()
            self.close("检验合格,已协商补偿")
        else:
            for act in (self.dispose, self.report, self.resample):
                yield self.pause()
                act()
            yield self.pause()
            self.close("已销毁,跟踪抽检未检出")

    def answer(self):
        """认可, 异议 or silence, and the laboratory where one is asked."""
        drawn, notified_at = self.dice.random(), self.case["notified_at"]
        if self.stand.hand and drawn < ACCEPTS:
            yield self.later(notified_at, 30, 150)
            self.go("accepted", self.stand.hand, decided_at=self.moment)
            return
        if self.stand.hand and drawn < ACCEPTS + OBJECTS:
            yield self.later(notified_at, 30, 220)
            reason = self.dice.choice(OBJECTIONS)
            self.go("objected", self.stand.hand, text=reason, decided_at=self.moment, objection=reason)
        else:
            due_at = self.case["objection_due_at"]
            yield self.later(due_at, 1, 30)
            self.go("lapsed", None, since=due_at)
            if self.branch != "regulator":
                return
        yield self.pause()
        self.seal()
        yield self.pause()
        self.laboratory()

    # moments

    def later(self, at, least: int, most: int) -> dt.datetime:
        self.moment = at + dt.timedelta(minutes=self.dice.randrange(least, most))
        return self.moment

    def pause(self) -> dt.datetime:
        self.moment = within_hours(self.later(self.moment, *PACE[self.case["state"]]))
        return self.moment

    # steps, each as its service would write it

    def go(self, to, by, *, at=None, text="", since=None, data=None, **fields) -> None:
        at = at or self.moment
        due_at = case_rules.due_at(to, self.branch, self.clocks, since or at, lab_due_on=fields.get("lab_due_on"))
        if case_rules.waits_for(to, self.branch) == Step.DISPOSE:
            fields["disposal_due_at"] = due_at
        self.case.update(state=to, due_at=due_at, **fields)
        self.step(to, at, by, text, key=bool(by) and (data or {}).get("how") != "inbox", **(data or {}))
        self.publish(at, by)

    def step(self, kind, at, by, text="", *, key=False, **data) -> None:
        self.add(
            CaseStep, at, case_id=self.case["id"], kind=kind, at=at, by_id=by and by.account_id, text=text, data=data,
            client_key=self.ledger.ids.key() if key else None,
        )  # fmt: skip

    def publish(self, at, by) -> None:
        case = self.case
        now = Standing(case["state"], self.branch, case["confirmed"], case.get("objection_due_at"), case["outcome"])
        if not case.get("published_at") and case_rules.may_name(now, at):
            case["published_at"] = at
            self.step("published", at, by)

    def tell(self, at, by, text, how) -> None:
        self.moment = at
        due_at = case_rules.due_at("notified", self.branch, self.clocks, at)
        self.go("notified", by, text=text, data={"how": how}, notified_at=at, objection_due_at=due_at)

    def repeat(self) -> None:
        says = "positive" if self.dice.random() < CONFIRMED else "negative"
        test, hand = self.cases.laboratory.repeat(self.test, self.sample, self.bench, self.product, says, (15, 25))
        at = test["recorded_at"]
        self.step("repeat", at, hand, result=test["result"], test_id=test["id"], same_person=test["same_person"])
        self.case["confirmed"] = says == "positive"
        self.publish(at, hand)

    def clear(self) -> None:
        reason = "复测未检出,样品处理有误"
        self.go("closed", self.closer, text=reason, outcome="cleared_by_repeat", closed_at=self.moment)
        self.set_free(self.closer, reason)

    def seal(self) -> None:
        by = self.officer if self.branch == "regulator" else self.bench.hands[0]
        number = f"FY{self.dice.randrange(10**6):06d}"
        due = workdays.expected_working_day(self.moment.date(), self.clocks.lab_working_days)
        self.photo(CasePhoto.Kind.SEAL, pictures.sealed_bag(self.dice.randrange(8)), by)
        self.go(
            "sealed", by, data={"seal_no": number, "laboratory": LABORATORY}, seal_no=number, sealed_at=self.moment,
            lab_due_on=due.day, lab_due_provisional=due.provisional,
        )  # fmt: skip

    def laboratory(self) -> None:
        passed = self.dice.random() < FINDS_NOTHING
        number = f"SP{self.moment:%Y}{self.dice.randrange(10**6):06d}"
        self.add(
            LabReport, self.moment, case_id=self.case["id"], laboratory=LABORATORY, report_no=number,
            method="GB 23200.121-2021", passed=passed, issued_on=self.moment.date(), recorded_at=self.moment,
            recorded_by_id=self.officer.account_id,
        )  # fmt: skip
        said = {"report_no": number, "laboratory": LABORATORY}
        if not passed:
            self.go("lab_fail", self.officer, data=said)
            return
        self.go("lab_pass", self.officer, data=said, outcome="cleared_by_lab")
        marked = {"point_id": self.bench.id, "test_id": self.test["id"]}
        self.step("false_positive", self.moment, self.officer, **marked)
        self.set_free(self.officer, f"{LABORATORY} {number}")

    def dispose(self) -> None:
        by = self.stand.hand or self.bench.hands[0]
        left_kg = self.goods.left_kg if self.goods else Decimal(self.dice.randrange(2, 12))
        method = Disposal.Method.DESTROYED if left_kg else Disposal.Method.NOTHING_LEFT
        self.add(
            Disposal, self.moment, case_id=self.case["id"], batch_id=self.case["batch_id"], method=method.value,
            weight_kg=left_kg, witnesses=f"{self.dice.person()}、{self.dice.person()}", done_at=self.moment,
            recorded_at=self.moment, recorded_by_id=by.account_id, client_key=self.ledger.ids.key(),
        )  # fmt: skip
        if self.goods and left_kg:
            self.take_out(left_kg, f"{self.item.name} {method.label}", by)
        if left_kg:
            number = self.dice.randrange(6)
            self.photo(CasePhoto.Kind.BEFORE, pictures.crate(number, full=True), by)
            self.photo(CasePhoto.Kind.AFTER, pictures.crate(number, full=False), by)
        said = {"method": method.value, "weight_kg": str(left_kg)}
        self.go("disposed", by, data=said, disposed_at=self.moment)

    def take_out(self, weight_kg, reason, by) -> None:
        self.goods.take("disposed_kg", weight_kg)
        self.add(
            StockMove, self.moment, batch_id=self.goods.row["id"], kind="disposed", weight_kg=weight_kg, reason=reason,
            moved_by_id=by.account_id, moved_at=self.moment, client_key=self.ledger.ids.key(),
        )  # fmt: skip
        self.ledger.event(
            Kind.MOVED, place=self.stand, at=self.moment, actor=by, batch=self.goods.row["id"], weight_kg=weight_kg,
            disposition="disposed", reason=reason,
        )  # fmt: skip

    def report(self) -> None:
        by = self.officer if self.branch == "regulator" else self.bench.hands[0]
        if self.goods and self.branch != "canteen":
            self.step("upstream", self.moment, by, count=self.upstream())
        today, to = self.moment.date(), f"{self.stand.place.town.name}市场监管所"
        self.go(
            "reported", by, text=to, reported_at=self.moment, reported_to=to,
            resample_due_on=today + dt.timedelta(days=self.clocks.resample_days),
        )  # fmt: skip
        tomorrow = today + dt.timedelta(days=1)
        self.add(
            PlanLine, self.moment, point_id=self.bench.id, day=tomorrow,
            position=self.cases.position(self.bench.id, tomorrow), reason="follow_up", product_id=self.product.pk,
            items=[self.item.pk], place_id=self.stand.id, case_id=self.case["id"], made_at=self.moment,
        )  # fmt: skip

    def resample(self) -> None:
        hand, laboratory = self.bench.hands[0], self.cases.laboratory
        matched = self.ledger.matched(self.stand, self.product, self.moment)
        sample = laboratory.sample(
            self.cases.today, self.moment, self.bench, hand, self.stand, self.product, Purpose.FOLLOW_UP, matched,
            link="rule",
        )  # fmt: skip
        self.go("resampled", hand, data={"label": sample["label"]}, resample_id=sample["id"])
        standard = self.stage.standard(self.item, self.product, self.moment.date())
        reading = benches.reading(self.dice, standard.rule.principle, "negative")
        laboratory.book(sample, self.bench, hand, self.item, standard, reading, self.moment, self.moment)

    def close(self, note) -> None:
        outcome = self.case["outcome"] or "disposed"
        self.go("closed", self.closer, text=note, outcome=outcome, closed_at=self.moment)

    # what hangs on it

    def _branch(self) -> str:
        if self.sample["purpose"] == Purpose.REGULATOR:
            return "regulator"
        return "canteen" if self.bench.point.kind in OWN_GOODS else "market"

    def _held(self, at) -> dict:
        self.goods.free = False
        hold = self.add(
            Hold, at, reason="rapid_test", note=self.item.name, placed_by_id=self.hand.account_id, placed_at=at,
            client_key=self.test["id"], released_at=None,
        )  # fmt: skip
        self.held = self.add(HoldItem, at, hold_id=hold["id"], batch_id=self.goods.row["id"], placed_at=at)
        self._tell_ledger(Kind.HELD, hold, at, self.hand)
        return hold

    def set_free(self, by, note) -> None:
        if not self.hold:
            return
        self.hold.update(released_at=self.moment, released_by_id=by.account_id, release_note=note)
        self.held["released_at"] = self.moment
        self._tell_ledger(Kind.RELEASED, self.hold, self.moment, by)
        others = [test for test in self.goods.tested if test["result"] == "positive" and test["id"] != self.test["id"]]
        if self.goods.row["state"] == "pending_test" and not others:
            self.goods.row["state"] = "admitted"

    def _tell_ledger(self, kind, hold, at, by) -> None:
        batch_id = self.goods.row["id"]
        self.ledger.event(
            kind, place=self.stand, at=at, actor=by, batch=batch_id, hold_id=hold["id"], reason="rapid_test"
        )

    def photo(self, kind, image, by) -> None:
        self.add(
            CasePhoto, self.moment, case_id=self.case["id"], kind=kind.value, image=photos.keep(image, FOLDER),
            sha256=image.sha256, added_at=self.moment, added_by_id=by.account_id,
        )  # fmt: skip

    def upstream(self) -> int:
        """How many places the goods came through."""
        return int(bool(self.goods.row.get("parent_id")))

    @property
    def officer(self):
        return self.stage.officers[self.stand.place.town_id]

    @property
    def closer(self):
        market_id = self.stand.place.market_id
        return self.stage.managers[market_id] if self.branch == "market" and market_id else self.officer
