"""快检: a reading of a sample is judged and recorded. Screening, not a legal finding (食品安全法 第112条).

A batch admitted for want of a quality proof may be sold once its test found nothing (总局令81号 第24条); a positive
pauses goods and opens a case.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from uuid import UUID, uuid5

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from kit import clock, locks, public_codes
from kit.refusals import Invalid
from kit.transitions import StaleState, move
from registry.models import Device
from traceability import judging
from traceability.models import Batch, RapidTest, Sample, TestItem, TestKit, TestPoint, TraceEvent
from traceability.refusals import KitExpired
from traceability.selectors.lineage import pages_about
from traceability.selectors.standards import standard_for
from traceability.services import events
from traceability.services.cases import follow_positive, follow_repeat
from traceability.services.samples import Goods, require_point, take_sample
from traceability.states import BATCH

LATE_AFTER = dt.timedelta(hours=24)
LATER = dt.timedelta(minutes=5)


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One item read on one sample: the reading, what it was read with, and where its picture is."""

    item: TestItem
    reading: judging.Reading
    method_no: str = ""
    kit: TestKit | None = None
    device: Device | None = None
    raw_text: str = ""
    strip_image: str = ""
    repeats: RapidTest | None = None
    tested_at: dt.datetime | None = None
    note: str = ""
    source: str = RapidTest.Source.PHONE


@transaction.atomic
def record(actor, *, sample: Sample, entry: Entry, client_key: UUID) -> RapidTest:
    """Record one item of one sample, and what follows from it.

    Sent twice with one `client_key`, it is one record. Raises `KitExpired`, `Invalid` (`tested_at`, `kit`, `repeats`).
    """
    require_point(actor, sample.point)
    locks.one_request(client_key)
    if earlier := RapidTest.objects.filter(district_id=sample.district_id, client_key=client_key).first():
        return earlier
    at = clock.now()
    tested_at = entry.tested_at or at
    _check(sample, entry, tested_at, at)
    standard = standard_for(entry.item, sample.product, tested_at.date(), entry.method_no)
    verdict = judging.judge(entry.reading, standard.rule)
    test = RapidTest.objects.create(
        district_id=sample.district_id,
        sample=sample,
        point=sample.point,
        batch_id=sample.batch_id,
        place_id=sample.place_id,
        organisation_id=sample.organisation_id,
        product_id=sample.product_id,
        item=entry.item,
        method=standard.method,
        limit=standard.limit,
        kit=entry.kit,
        device=entry.device,
        source=entry.source,
        raw_value=entry.reading.value,
        raw_unit=entry.reading.unit,
        raw_text=entry.raw_text[:60],
        control_line=entry.reading.control_line,
        test_line=entry.reading.test_line,
        result=verdict.result.value,
        why=verdict.why.value,
        repeats=entry.repeats,
        same_person=bool(entry.repeats) and entry.repeats.tested_by_id == actor.account_id,
        strip_image=entry.strip_image,
        tested_at=tested_at,
        recorded_at=at,
        tested_by_id=actor.account_id,
        late=at - tested_at > LATE_AFTER,
        note=entry.note[:200],
        client_key=client_key,
    )
    _tell_ledger(actor, sample, test, at)
    _follow(actor, sample, test)
    return test


@transaction.atomic
def record_test(
    actor, *, batch: Batch, point: TestPoint, item: TestItem, client_key: UUID, result: str = "",
    reading: judging.Reading | None = None, purpose: str = Sample.Purpose.ROUTINE,
    tested_at: dt.datetime | None = None, method_no: str = "", note: str = "",
) -> RapidTest:  # fmt: skip
    """One item of one batch in one step: the sample and its test."""
    sample = take_sample(
        actor, point=point, purpose=purpose, sampled_at=tested_at, client_key=uuid5(client_key, "sample"),
        goods=Goods(place=batch.place, product=batch.product, batch=batch),
    )  # fmt: skip
    entry = Entry(
        item=item, reading=reading or judging.Reading(said=result), method_no=method_no, tested_at=tested_at, note=note
    )
    return record(actor, sample=sample, entry=entry, client_key=client_key)


def _check(sample, entry, tested_at, at):
    if not sample.sampled_at - LATER <= tested_at <= at + LATER:
        raise Invalid(fields={"tested_at": _("The test's time does not fit this sample.")})
    if entry.kit is not None:
        if entry.kit.point_id != sample.point_id or entry.kit.item_id != entry.item.pk:
            raise Invalid(fields={"kit": _("This kit is not of this point and item.")})
        if entry.kit.expires_on < tested_at.date():
            raise KitExpired(batch_no=entry.kit.batch_no, expires_on=entry.kit.expires_on)
    if entry.repeats is not None and (entry.repeats.sample_id, entry.repeats.item_id) != (sample.pk, entry.item.pk):
        raise Invalid(fields={"repeats": _("A repeat is of the same sample and item.")})


_DISPOSITION = {
    RapidTest.Result.NEGATIVE: "conformant",
    RapidTest.Result.POSITIVE: "non_conformant",
}


def _tell_ledger(actor, sample, test, at):
    if sample.place is None:
        return
    events.record(
        TraceEvent.Kind.TESTED, place=sample.place, at=at, happened_at=test.tested_at, actor=actor, batch=test.batch_id,
        disposition=_DISPOSITION.get(test.result, "unknown"), test_id=str(test.id), item=test.item_id,
        result=str(test.result),
    )  # fmt: skip
    public_codes.touch(*(pages_about([sample.batch_id]) if sample.batch_id else [sample.place.token]))


def _follow(actor, sample, test):
    if sample.purpose == Sample.Purpose.BLIND:
        return
    if test.repeats_id:
        follow_repeat(actor, test=test)
    elif test.result == RapidTest.Result.POSITIVE:
        follow_positive(actor, test=test)
    if test.result == RapidTest.Result.NEGATIVE and sample.batch and sample.batch.state == Batch.State.PENDING_TEST:
        _admit(sample.batch)


def _admit(batch):
    """Its own test found nothing, and no other test of it found something."""
    locks.share_goods(batch.district_id)
    found = RapidTest.objects.filter(district_id=batch.district_id, batch=batch, result=RapidTest.Result.POSITIVE)
    if found.exists():
        return
    try:
        move(batch, BATCH, "admitted")
    except StaleState:  # another strip of the same morning was quicker
        batch.refresh_from_db(fields=["state"])
