"""快检: a rapid test of a batch is recorded. Screening, not a legal finding (食品安全法 第112条).

A batch admitted for want of a quality proof may be sold once its test found nothing (总局令81号 第24条);
a positive pauses the batch and whatever came from it.
"""

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from kit import clock, locks, public_codes
from kit.refusals import Invalid
from kit.transitions import StaleState, move
from registry.permissions import require
from traceability.models import Batch, Hold, RapidTest, TraceEvent
from traceability.selectors.lineage import pages_about
from traceability.services import events
from traceability.services.hold import pause
from traceability.states import BATCH


@transaction.atomic
def record_test(
    actor, *, batch, item: str, result, point_name: str, client_key, tested_at: dt.datetime | None = None, method="",
    note="",
) -> RapidTest:  # fmt: skip
    """Record one item's result for one batch, and what follows from it.

    Sent twice with one `client_key`, it is one record. Raises `Invalid` for a time before the batch
    was made or in the future.
    """
    require(actor, "record_test", place=batch.place)
    locks.one_request(client_key)
    if earlier := RapidTest.objects.filter(district_id=batch.district_id, client_key=client_key).first():
        return earlier
    at = clock.now()
    tested_at = tested_at or at
    if not batch.made_at - dt.timedelta(hours=24) <= tested_at <= at + dt.timedelta(minutes=5):
        raise Invalid(fields={"tested_at": _("The test's time does not fit this batch.")})
    result = RapidTest.Result(result)
    test = RapidTest.objects.create(
        district_id=batch.district_id,
        batch=batch,
        place=batch.place,
        organisation_id=batch.organisation_id,
        item=item,
        method=method,
        result=result,
        point_name=point_name,
        tested_at=tested_at,
        recorded_at=at,
        tested_by_id=actor.account_id,
        note=note[:200],
        client_key=client_key,
    )
    events.record(
        TraceEvent.Kind.TESTED, place=batch.place, at=at, happened_at=tested_at, actor=actor, batch=batch,
        disposition=_DISPOSITION[result], test_id=str(test.id), item=item, result=str(result),
    )  # fmt: skip
    _follow(actor, batch, test)
    public_codes.touch(*pages_about([batch.pk]))
    return test


_DISPOSITION = {
    RapidTest.Result.NEGATIVE: "conformant",
    RapidTest.Result.POSITIVE: "non_conformant",
    RapidTest.Result.SUSPECT: "unknown",
    RapidTest.Result.INVALID: "unknown",
}


def _follow(actor, batch, test):
    if test.result == RapidTest.Result.POSITIVE:
        pause(actor, batches=[batch], reason=Hold.Reason.RAPID_TEST, note=test.item, client_key=test.id)
    if test.result == RapidTest.Result.NEGATIVE and batch.state == Batch.State.PENDING_TEST:
        locks.share_goods(batch.district_id)
        positive = RapidTest.objects.filter(
            district_id=batch.district_id, batch=batch, result=RapidTest.Result.POSITIVE
        )
        if not positive.exists():
            _admit(batch)


def _admit(batch):
    try:
        move(batch, BATCH, "admitted")
    except StaleState:  # another strip of the same morning was quicker
        batch.refresh_from_db(fields=["state"])
