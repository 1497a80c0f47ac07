"""Rapid tests of the demo world, through the services: who tests where, with which kit, and what is read."""

from dataclasses import dataclass, field

from demo import bench
from kit.ids import uuid7
from registry.selectors.actors import actor_for
from traceability.models import PointStaff, RapidTest, Sample, TestItem, TestKit, TestMethod, TestPoint
from traceability.services import record_test, samples

Purpose = Sample.Purpose


@dataclass
class Bench:
    """A point with its people, and its kits by item."""

    point: TestPoint
    people: list = field(default_factory=list)
    kits: dict = field(default_factory=dict)


class Lab:
    """Every point of the district, found by the market, the place or the town it stands in."""

    def __init__(self):
        self.items = TestItem.objects.in_bulk()
        newest = TestMethod.objects.order_by("item", "method_no", "-effective_from")
        self.principles = dict(newest.values_list("item", "principle"))
        self.benches = {each.point.pk: each for each in self._benches()}
        own = [(each.point.market_id or each.point.place_id, each) for each in self.benches.values()]
        self.at = {where: each for where, each in own if where}
        self.regulators = [each for where, each in own if not where]

    def _benches(self):
        found = TestPoint.objects.filter(state=TestPoint.State.ACTIVE).order_by("code")
        benches = {point.pk: Bench(point) for point in found.select_related("market", "place", "organisation")}
        staff = PointStaff.objects.filter(ended_on=None, point__in=benches).select_related("account").order_by("id")
        actors = {account.pk: actor_for(account) for account in {row.account for row in staff}}
        for row in staff:
            benches[row.point_id].people.append(actors[row.account_id])
        for kit in TestKit.objects.filter(state=TestKit.State.IN_USE, point__in=benches):
            benches[kit.point_id].kits[kit.item_id] = kit
        return [each for each in benches.values() if each.people]

    def serving(self, place) -> Bench | None:
        """The bench of the place itself, or of its market."""
        return self.at.get(place.pk) or self.at.get(place.market_id or place.pk)

    def test(self, dice, batch, *, purpose=Purpose.ROUTINE, says="negative", item=None, at=None) -> RapidTest | None:
        """Take a sample of a batch and read one item of it; None where nobody tests."""
        where = at or self.serving(batch.place)
        if where is None:
            return None
        item = self.items[item or bench.item_for(dice, batch.product.category_id)]
        tester = dice.choice(where.people)
        sample = samples.take_sample(
            tester, point=where.point, purpose=purpose, client_key=uuid7(),
            goods=samples.Goods(place=batch.place, product=batch.product, batch=batch),
        )  # fmt: skip
        return self.read(dice, where, tester, sample, item, says)

    def read(self, dice, where, tester, sample, item, says) -> RapidTest:
        reading = bench.reading(dice, self.principles[item.pk], says)
        entry = record_test.Entry(item=item, reading=reading, kit=where.kits.get(item.pk))
        return record_test.record(tester, sample=sample, entry=entry, client_key=uuid7())
