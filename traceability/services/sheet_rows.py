"""One row of a sheet of results as understood, or why it cannot be recorded. Nothing here writes."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from kit import clock, codes
from kit.tradeday import CHINA
from registry.models import Place, Product
from traceability.judging import Reading, Verdict, judge
from traceability.models import Batch, RapidTest, Sample, SheetImport, TestItem, TestKit
from traceability.refusals import KitExpired
from traceability.selectors.days import trade_day_at
from traceability.selectors.matching import batch_by_rule
from traceability.selectors.standards import standard_for
from traceability.services.record_test import Entry
from traceability.services.samples import LATER
from traceability.sheets import COLUMNS, PURPOSES_READ, RESULTS_READ

PURPOSE = Sample.Purpose.ROUTINE
OLDEST = dt.timedelta(days=31)


class CannotRead(Exception):
    """`words`: why a row cannot be recorded, for a person."""

    def __init__(self, words: str) -> None:
        self.words = words
        super().__init__(words)


@dataclass(frozen=True)
class Row:
    """A row of the sheet as understood. `why` says why it cannot be recorded; then the rest may be missing.
    `fresh`: its test was made just now."""

    number: int
    cells: tuple[str, ...]
    why: str = ""
    sample: Sample | None = None
    place: Place | None = None
    product: Product | None = None
    purpose: str = PURPOSE
    entry: Entry | None = None
    verdict: Verdict | None = None
    test: RapidTest | None = None
    batch: Batch | None = None
    fresh: bool = False

    @property
    def good(self) -> bool:
        return not self.why and self.test is None


class Look:
    """Looks a sheet's words up: each item, place, product, kit and sample once."""

    def __init__(self, actor, sheet: SheetImport) -> None:
        self.sheet, self.point, self.actor = sheet, sheet.point, actor
        self.now = clock.now()
        items = TestItem.objects.filter(active=True)
        self.items = {name: item for item in items for name in (item.code.lower(), item.name)}
        self.products = {product.name: product for product in Product.objects.filter(active=True)}
        self.products |= {product.code: product for product in self.products.values()}
        kits = TestKit.objects.filter(
            district_id=sheet.district_id, point=sheet.point_id, state=TestKit.State.IN_USE
        )  # fmt: skip
        self.kits = {kit.batch_no: kit for kit in kits}
        self.places = self._places()
        self.samples = self._samples()

    def _places(self):
        within = {"market": self.point.market_id} if self.point.market_id else {"pk": self.point.place_id}
        found = Place.objects.filter(district_id=self.point.district_id, organisation__isnull=False, **within)
        if not (self.point.market_id or self.point.place_id):
            found = Place.objects.visible_to(self.actor).filter(organisation__isnull=False)
        places = list(found.select_related("market", "organisation"))
        return {name: place for place in places for name in (place.stall_no, place.name, place.typed_code) if name}

    def _samples(self):
        labels = {codes.read_typed_code(row[0]) for row in self.sheet.rows if row and row[0]}
        found = Sample.objects.filter(district_id=self.point.district_id, point=self.point, label__in=labels - {None})
        return {sample.label: sample for sample in found.select_related("point", "place__market", "product", "batch")}

    def row(self, number: int, cells: tuple[str, ...], test: RapidTest | None) -> Row:
        if test is not None:
            return Row(number, cells, test=test)
        try:
            return self._row(number, cells)
        except CannotRead as why:
            return Row(number, cells, why=why.words)

    def _row(self, number, cells):
        told = dict(zip(COLUMNS, cells, strict=False))
        sample = self._sample(told["label"])
        place, product = (sample.place, sample.product) if sample else (self._place(told), self._product(told))
        item = self._item(told["item"])
        reading, tested_at = self._reading(told), self._time(told["tested_at"])
        if sample and tested_at and tested_at < sample.sampled_at - LATER:
            raise CannotRead(_("The test's time does not fit this sample."))
        standard = standard_for(item, product, (tested_at or self.now).date(), told["method_no"])
        if told["method_no"] and standard.method is None:
            raise CannotRead(_("No method of this item has the number %(no)s.") % {"no": told["method_no"]})
        entry = Entry(
            item=item, reading=reading, method_no=told["method_no"], kit=self._kit(told["kit"], item),
            tested_at=tested_at, note=told["note"], source=RapidTest.Source.SHEET,
        )  # fmt: skip
        return Row(
            number, cells, sample=sample, place=place, product=product, purpose=self._purpose(told["purpose"]),
            entry=entry, verdict=judge(reading, standard.rule),
            batch=sample.batch if sample else batch_by_rule(place, product, trade_day_at(place, tested_at or self.now)),
        )  # fmt: skip

    def _sample(self, label):
        if not label:
            return None
        sample = self.samples.get(codes.read_typed_code(label))
        if sample is None:
            raise CannotRead(_("No sample of this point has the label %(label)s.") % {"label": label})
        return sample

    def _place(self, told):
        place = self.places.get(told["place"])
        if place is None:
            raise CannotRead(_("No stall or store here is called “%(name)s”.") % {"name": told["place"]})
        return place

    def _product(self, told):
        product = self.products.get(told["product"])
        if product is None:
            raise CannotRead(_("No product is called “%(name)s”.") % {"name": told["product"]})
        return product

    def _item(self, name):
        item = self.items.get(name) or self.items.get(name.lower())
        if item is None:
            raise CannotRead(_("No item is called “%(name)s”.") % {"name": name})
        return item

    def _kit(self, batch_no, item):
        kit = self.kits.get(batch_no) if batch_no else None
        if batch_no and (kit is None or kit.item_id != item.pk):
            raise CannotRead(_("No kit of this item has the batch number %(no)s.") % {"no": batch_no})
        if kit is not None and kit.expires_on < self.now.date():
            raise CannotRead(str(KitExpired.message))
        return kit

    def _purpose(self, word):
        if word and word not in PURPOSES_READ:
            raise CannotRead(_("“%(word)s” is no purpose.") % {"word": word})
        return PURPOSES_READ.get(word, PURPOSE)

    def _reading(self, told) -> Reading:
        if bool(told["result"]) == bool(told["value"]):
            raise CannotRead(_("Write a result or a number: one of the two."))
        if told["result"]:
            if told["result"] not in RESULTS_READ:
                raise CannotRead(_("“%(word)s” is no result.") % {"word": told["result"]})
            return Reading(said=RESULTS_READ[told["result"]])
        try:
            value = Decimal(told["value"])
        except InvalidOperation as error:
            raise CannotRead(_("“%(word)s” is no number.") % {"word": told["value"]}) from error
        if not value.is_finite() or abs(value) >= 10**9:
            raise CannotRead(_("“%(word)s” is no number.") % {"word": told["value"]})
        if not told["unit"]:
            raise CannotRead(_("Say which unit the number is in."))
        return Reading(value=round(value, 4), unit=told["unit"][:16])

    def _time(self, text) -> dt.datetime | None:
        if not text:
            return None
        try:
            moment = parse_datetime(text.replace("/", "-"))
        except ValueError:
            moment = None
        if moment is None:
            raise CannotRead(_("“%(word)s” is no time; write it like 2026-11-22 05:40.") % {"word": text})
        moment = moment if moment.tzinfo else moment.replace(tzinfo=CHINA)
        if not self.now - OLDEST <= moment <= self.now + LATER:
            raise CannotRead(_("This time lies in the future, or more than a month back."))
        return moment
