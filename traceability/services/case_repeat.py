"""复测: a second strip of the same sample, within half an hour; by one person alone it is marked as such."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction

from kit import clock
from kit.images import StoredImage
from traceability.case_rules import Step
from traceability.judging import Reading
from traceability.models import CasePhoto, PositiveCase, RapidTest
from traceability.refusals import StepNotPossible
from traceability.selectors.cases import may_do
from traceability.services.case_photos import attach
from traceability.services.record_test import Entry, record


@transaction.atomic
def repeat(
    actor, *, case: PositiveCase, result: str, client_key: UUID, strip: StoredImage | None = None
) -> PositiveCase:
    """Read a second strip of the case's sample. Sent twice, it is one. Raises `StepNotPossible` after the first."""
    known = RapidTest.objects.filter(district_id=case.district_id, client_key=client_key).exists()
    at = clock.now()
    if not known and not may_do(actor, case, Step.REPEAT, at):
        raise StepNotPossible(state=case.state, step=str(Step.REPEAT))
    entry = Entry(
        item=case.item, reading=Reading(said=result), method_no=case.test.method.method_no if case.test.method else "",
        repeats=case.test,
    )  # fmt: skip
    record(actor, sample=case.test.sample, entry=entry, client_key=client_key)
    if strip:
        attach(actor, case, CasePhoto.Kind.STRIP, strip, at)
    case.refresh_from_db()
    return case
