"""What an instrument read is recorded: kept word for word, booked on its sample, once per device and system code.

A reading is never refused for what it says. What cannot be booked is kept with its reason, and a tester ties
it to its sample later (`tie_reading`).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID, uuid5

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from kit import clock, locks
from kit.refusals import Conflict, Invalid, NotFound
from registry.actors import Actor
from registry.models import Account, Device
from registry.selectors.actors import actor_for
from traceability.instrument_message import SAID, Sent
from traceability.judging import Reading
from traceability.models import InstrumentReading, RapidTest, ReadingTie, Sample, TestItem
from traceability.selectors.instrument_readings import first_positive, point_of
from traceability.services.device_seen import note_seen
from traceability.services.record_test import Entry, book
from traceability.services.samples import may_test, require_point

RECORDED, KEPT, DIFFERENT = "recorded", "kept", "different_content"


@dataclass(frozen=True)
class Answer:
    """`result`: recorded, kept (with the `problem`), or different_content."""

    system_code: str
    result: str
    problem: str = ""


class AlreadyTied(Conflict):
    code = "already_tied"
    message = _("Somebody has already dealt with this reading.")


class CannotBook(Exception):
    """`problem` is why a reading stays without a test."""

    def __init__(self, problem: str) -> None:
        self.problem = problem
        super().__init__(problem)


def receive_readings(device: Device, *, readings: Sequence[Sent]) -> list[Answer]:
    """One answer a reading, in their order; each is a transaction of its own."""
    note_seen(device, at=clock.now())
    return [receive_reading(device, sent=sent) for sent in readings]


@transaction.atomic
def receive_reading(device: Device, *, sent: Sent) -> Answer:
    locks.one_request(_key(device, sent.system_code))
    earlier = InstrumentReading.objects.filter(
        district_id=device.district_id, device=device, system_code=sent.system_code
    )
    known = {each.content_sha256: each for each in earlier}
    if same := known.get(sent.sha256):
        return _answer(same)
    if known:
        return _answer(_keep(device, sent, problem=DIFFERENT))
    try:
        with transaction.atomic():
            test = _booked(device, sent)
    except CannotBook as why:
        return _answer(_keep(device, sent, problem=why.problem))
    return _answer(_keep(device, sent, test=test))


@transaction.atomic
def tie_reading(actor, *, reading: InstrumentReading, sample: Sample, item: TestItem) -> RapidTest:
    """Say which sample a reading is of, and book it. Raises `AlreadyTied`, `Invalid`."""
    require_point(actor, sample.point)
    _settle(actor, reading)
    entry = _entry(reading.device, read_again(reading), item, sample)
    try:
        test = book(actor, sample=sample, entry=entry, client_key=uuid5(reading.pk, "tied"))
    except Invalid as refusal:
        raise Invalid(fields={"sample": [each for listed in refusal.fields.values() for each in listed]}) from refusal
    ReadingTie.objects.create(
        district_id=reading.district_id, reading=reading, test=test, tied_by_id=actor.account_id, tied_at=clock.now()
    )
    return test


@transaction.atomic
def set_reading_aside(actor, *, reading: InstrumentReading, note: str) -> ReadingTie:
    """Say why a reading makes no test. Raises `AlreadyTied`, `Invalid`."""
    point = point_of(reading.device)
    if point is None or not may_test(actor, point):
        raise NotFound
    if not note.strip():
        raise Invalid(fields={"note": _("Say why this reading counts for nothing.")})
    _settle(actor, reading)
    return ReadingTie.objects.create(
        district_id=reading.district_id, reading=reading, note=note.strip()[:200], tied_by_id=actor.account_id,
        tied_at=clock.now(),
    )  # fmt: skip


def read_again(reading: InstrumentReading) -> Sent:
    """A kept reading as it was sent."""
    kept = reading.content
    value = kept["value"]
    return Sent(
        system_code=reading.system_code, item=kept["item"], sample=kept["sample"], unit=kept["unit"],
        value=None if value is None else Decimal(value), text=kept["text"], username=kept["username"],
        tested_at=dt.datetime.fromisoformat(kept["tested_at"]), content=kept, source=kept["source"],
    )  # fmt: skip


def reading_of(sent: Sent) -> Reading:
    """With a number, the number is judged and the word only kept."""
    return Reading(value=sent.value, unit=sent.unit, said=SAID.get(sent.text, ""))


def _settle(actor, reading):
    locks.one_request(reading.pk)
    if not reading.problem or ReadingTie.objects.filter(district_id=reading.district_id, reading=reading).exists():
        raise AlreadyTied


def _booked(device, sent) -> RapidTest:
    point = point_of(device)
    if point is None:
        raise CannotBook("no_point")
    item = TestItem.objects.filter(pk=sent.item, active=True).first()
    if item is None:
        raise CannotBook("unknown_item")
    sample = (
        Sample.objects.filter(district_id=device.district_id, label=sent.sample)
        .select_related("point", "place__market", "product", "batch__origin_region")
        .first()
    )
    if sample is None:
        raise CannotBook("unknown_sample")
    if sample.point_id != point.pk:
        raise CannotBook("other_point")
    actor = _who(device, sent.username, point)
    try:
        entry = _entry(device, sent, item, sample)
        return book(actor, sample=sample, entry=entry, client_key=_key(device, sent.system_code))
    except Invalid as why:
        raise CannotBook("time") from why


def _who(device, username, point) -> Actor:
    """The person the message names, when that is somebody who may test here; else the instrument alone."""
    account = Account.objects.filter(username=username, is_active=True).first() if username else None
    person = actor_for(account) if account else None
    if person is not None and may_test(person, point):
        return person
    return Actor(account_id=None, name=device.name, device_id=device.pk)


def _entry(device, sent, item, sample) -> Entry:
    """Read again on a sample that was positive for the item, it is that test's repeat."""
    return Entry(
        item=item, reading=reading_of(sent), device=device, raw_text=sent.text, tested_at=sent.tested_at,
        source=sent.source, repeats=first_positive(sample, item),
    )  # fmt: skip


def _keep(device, sent, *, test=None, problem="") -> InstrumentReading:
    return InstrumentReading.objects.create(
        district_id=device.district_id,
        device=device,
        system_code=sent.system_code,
        content_sha256=sent.sha256,
        content={
            "item": sent.item, "sample": sent.sample, "unit": sent.unit, "text": sent.text, "username": sent.username,
            "value": None if sent.value is None else str(sent.value), "tested_at": sent.tested_at.isoformat(),
            "source": str(sent.source), "sent": sent.content,
        },
        received_at=clock.now(),
        test=test,
        problem=problem,
    )  # fmt: skip


def _answer(kept: InstrumentReading) -> Answer:
    if kept.problem == DIFFERENT:
        return Answer(kept.system_code, DIFFERENT, DIFFERENT)
    return Answer(kept.system_code, KEPT if kept.problem else RECORDED, kept.problem)


def _key(device, system_code) -> UUID:
    return uuid5(device.pk, system_code)
