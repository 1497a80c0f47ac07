"""Rapid tests of a history: samples of what was brought and bought, read with the kits of their quarter."""

import datetime as dt

from demo import bench as benches
from kit import codes
from traceability import judging
from traceability.models import RapidTest, Sample, TestKit, TraceEvent
from traceability.services.record_test import LATE_AFTER

from .goods import Goods, Ledger

Purpose = Sample.Purpose
UNLINKED, LATE = 0.10, 0.08
"""Shares of samples that nobody tied to goods, and of results that reach the platform hours later."""
SECOND_ITEM = 0.57
"""Share of samples tested for a second item."""
AGAIN = frozenset({"suspect", "invalid"})
_SAID = {"negative": "conformant", "positive": "non_conformant"}
BRANDS = ("绿洲生化", "易瑞生物", "勤邦生物", "美正检测")


class Laboratory:
    def __init__(self, ledger: Ledger, follow):
        """`follow(test, sample, goods, bench, hand)` is told of every positive."""
        self.ledger, self.stage, self.dice, self.follow = ledger, ledger.stage, ledger.dice, follow
        self.kits: dict = {}
        self.until: dt.datetime | None = None

    def examine(self, day, at, bench, stand, goods: Goods, purpose, *, linked=True) -> list[dict]:
        """A sample and its tests, as `services.samples` and `services.record_test` would have written them."""
        hand = self.dice.choice(bench.hands)
        found = [
            (item, benches.outcome(self.dice, goods.product.name, day.date.month)) for item in self.items(goods.product)
        ]
        on_paper = all(says == "negative" for _item, says in found)
        recorded_at = self.recorded(at) if on_paper else at
        sample = self.sample(
            day, at, bench, hand, stand, goods.product, purpose, goods if linked else None, recorded_at=recorded_at
        )
        tests = []
        for item, says in found:
            test = self.test(sample, at, bench, hand, item, goods.product, says)
            tests.append(test)
            if says == "positive":
                self.follow(test, sample, goods if linked else None, bench, stand, hand)
            elif says in AGAIN:
                self.repeat(test, sample, bench, goods.product, "negative")
        if linked:
            self.admit(goods, tests)
        return tests

    def admit(self, goods, tests) -> None:
        """What waited for a test may be sold once one found nothing and none found something."""
        goods.tested += tests
        results = {test["result"] for test in goods.tested}
        if goods.row["state"] == "pending_test" and "positive" not in results:
            goods.row["state"] = "admitted"
            goods.ready_at = max(test["recorded_at"] for test in tests) + dt.timedelta(minutes=30)

    def items(self, product) -> list[str]:
        first = benches.item_for(self.dice, product.category_id)
        if self.dice.random() > SECOND_ITEM:
            return [first]
        return list(dict.fromkeys((first, benches.item_for(self.dice, product.category_id))))

    def sample(
        self, day, at, bench, hand, stand, product, purpose, goods: Goods | None, *, link="batch", recorded_at=None
    ) -> dict:
        tied = {"link": "none"}
        if goods is not None:
            tied = {"link": link, "batch_id": goods.row["id"], "origin_text": goods.origin_text}
        return self.ledger.add(
            Sample, at, district_id=stand.district_id, label=codes.new_typed_code(), point_id=bench.id,
            purpose=purpose.value, place_id=stand.id, organisation_id=stand.organisation_id, product_id=product.pk,
            trade_day=day.date, sampled_at=at, sampled_by_id=hand.account_id, recorded_at=recorded_at or at,
            client_key=self.ledger.ids.key(), **tied,
        )  # fmt: skip

    def test(self, sample, at, bench, hand, item_code, product, says) -> dict:
        item = self.stage.items[item_code]
        standard = self.stage.standard(item, product, at.date())
        reading = benches.reading(self.dice, standard.rule.principle, says)
        return self.book(sample, bench, hand, item, standard, reading, at, sample["recorded_at"])

    def book(self, sample, bench, hand, item, standard, reading, at, recorded_at, *, kit=True, **more) -> dict:
        verdict = judging.judge(reading, standard.rule)
        test = self.ledger.add(
            RapidTest, recorded_at, district_id=sample["district_id"], sample_id=sample["id"], point_id=bench.id,
            batch_id=sample.get("batch_id"), place_id=sample["place_id"], organisation_id=sample["organisation_id"],
            product_id=sample["product_id"], item_id=item.pk, method_id=standard.method and str(standard.method.pk),
            limit_id=standard.limit and str(standard.limit.pk), kit_id=self.kit(bench, item, at) if kit else None,
            raw_value=reading.value, raw_unit=reading.unit, control_line=reading.control_line,
            test_line=reading.test_line, result=verdict.result.value, why=verdict.why.value, tested_at=at,
            recorded_at=recorded_at, tested_by_id=hand.account_id, late=recorded_at - at > LATE_AFTER,
            client_key=self.ledger.ids.key(), **more,
        )  # fmt: skip
        self.ledger.event(
            TraceEvent.Kind.TESTED, place=self.place(sample), at=recorded_at, happened_at=at, actor=hand,
            batch=sample.get("batch_id"), disposition=_SAID.get(test["result"], "unknown"), test_id=test["id"],
            item=item.pk, result=test["result"],
        )  # fmt: skip
        return test

    def repeat(self, test, sample, bench, product, says, minutes=(8, 25)) -> tuple[dict, object]:
        """A second strip of the same sample, minutes later, by another tester where there is one."""
        others = [hand for hand in bench.hands if hand.account_id != test["tested_by_id"]]
        hand = (others or bench.hands)[0]
        at = test["recorded_at"] + dt.timedelta(minutes=self.dice.randrange(*minutes))
        item = self.stage.items[test["item_id"]]
        method = self.stage.standard(item, product, at.date()).method
        standard = self.stage.standard(item, product, at.date(), method.method_no if method else "")
        again = self.book(
            sample, bench, hand, item, standard, judging.Reading(said=says), at, at, kit=False, repeats_id=test["id"],
            same_person=hand.account_id == test["tested_by_id"],
        )  # fmt: skip
        return again, hand

    def recorded(self, at):
        """What is late was written on paper first; only what found nothing ever waits."""
        if self.dice.random() > LATE:
            return at
        later = at + dt.timedelta(minutes=self.dice.randrange(60, 1900))
        return later if self.until is None or later < self.until else at

    def place(self, sample):
        return self.stage.by_id[sample["place_id"]]

    def kit(self, bench, item, at) -> str | None:
        """A box a quarter for each item that the point keeps boxes for; used up since."""
        if item.pk not in benches.KITS[bench.point.kind]:
            return None
        quarter = dt.date(at.year, (at.month - 1) // 3 * 3 + 1, 1)
        key = bench.id, item.pk, quarter
        if key not in self.kits:
            received = max(quarter, bench.point.opened_on)
            self.kits[key] = self.ledger.add(
                TestKit, at, district_id=bench.point.district_id, point_id=bench.id, item_id=item.pk,
                brand=self.dice.choice(BRANDS), batch_no=f"{quarter:%Y%m}{self.dice.randrange(10**4):04d}",
                expires_on=received + dt.timedelta(days=300), received_on=received, tests_total=480, state="used_up",
                client_key=self.ledger.ids.key(),
            )["id"]  # fmt: skip
        return self.kits[key]
