"""封样送检与检验结论: a sealed sample goes to another body, by no rapid method, within seven working days."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from kit import locks, workdays
from kit.images import StoredImage
from kit.refusals import Invalid
from kit.transitions import StaleState, move
from traceability import case_rules
from traceability.case_rules import Side, Step
from traceability.models import Batch, CasePhoto, LabReport, PositiveCase, TestMethod
from traceability.policies import CaseClocks
from traceability.refusals import RapidMethod, SameBody
from traceability.selectors.cases import still_positive
from traceability.selectors.policies import policy
from traceability.services.case_news import tell
from traceability.services.case_photos import attach
from traceability.services.case_steps import allow, begun_before, go
from traceability.services.case_story import add_step
from traceability.services.hold import AlreadyReleased, lift
from traceability.states import BATCH


@dataclass(frozen=True, kw_only=True)
class Finding:
    """What a laboratory's report says."""

    laboratory: str
    report_no: str
    method: str
    passed: bool
    issued_on: dt.date
    value: str = ""
    photo: StoredImage | None = None


@transaction.atomic
def seal(
    actor, *, case: PositiveCase, seal_no: str, laboratory: str, photo: StoredImage, client_key: UUID
) -> PositiveCase:
    """Seal the rest of the sample, photograph the seal, send it. The laboratory has seven working days
    (农产品质量安全法 第51条); past the official calendar the day is marked as provisional."""
    if begun_before(case, client_key):
        return case
    at = allow(actor, case, Step.SEAL)
    _other_body(case, laboratory)
    if not seal_no.strip():
        raise Invalid(fields={"seal_no": _("Write the number on the seal.")})
    clocks: CaseClocks = policy(case.district_id, "case_clocks", at)
    due = workdays.expected_working_day(at.date(), clocks.lab_working_days)
    attach(actor, case, CasePhoto.Kind.SEAL, photo, at)
    go(
        actor, case, "sealed", at, client_key=client_key, data={"seal_no": seal_no.strip(), "laboratory": laboratory},
        seal_no=seal_no.strip()[:40], sealed_at=at, lab_due_on=due.day, lab_due_provisional=due.provisional,
    )  # fmt: skip
    tell(case, "case_sealed", (Side.HOLDER, Side.REGULATOR))
    return case


@transaction.atomic
def record_lab_report(actor, *, case: PositiveCase, finding: Finding, client_key: UUID) -> PositiveCase:
    """经检验合格: the case's own hold is lifted and the point gets a false-positive mark. 检验不合格: the goods
    are to be disposed of. Raises `RapidMethod`, `SameBody`, `Invalid`."""
    if begun_before(case, client_key):
        return case
    locks.own_goods(case.district_id)
    at = allow(actor, case, Step.LAB)
    _check(case, finding, at)
    report = LabReport.objects.create(
        district_id=case.district_id,
        case=case,
        laboratory=finding.laboratory.strip()[:80],
        report_no=finding.report_no.strip()[:40],
        method=finding.method.strip()[:80],
        passed=finding.passed,
        value=finding.value.strip()[:60],
        issued_on=finding.issued_on,
        recorded_at=at,
        recorded_by_id=actor.account_id,
    )
    if finding.photo:
        attach(actor, case, CasePhoto.Kind.REPORT, finding.photo, at)
    said = {"report_no": report.report_no, "laboratory": report.laboratory}
    if finding.passed:
        outcome = PositiveCase.Outcome.CLEARED_BY_LAB
        go(actor, case, "lab_pass", at, client_key=client_key, data=said, outcome=outcome)
        add_step(actor, case, "false_positive", at, point_id=str(case.point_id), test_id=str(case.test_id))
        set_free(actor, case, note=f"{report.laboratory} {report.report_no}")
        tell(case, "case_lab_pass", (Side.HOLDER, Side.POINT, Side.REGULATOR))
    else:
        go(actor, case, "lab_fail", at, client_key=client_key, data=said)
        tell(case, "case_lab_fail", (Side.HOLDER, Side.POINT, Side.REGULATOR))
    return case


def set_free(actor, case: PositiveCase, *, note: str) -> None:
    """Lift the case's own pause, and only that; goods that waited for a test may then be sold. The caller holds the
    district's goods lock."""
    if case.hold_id:
        try:
            lift(actor, hold=case.hold, note=note[:200])
        except AlreadyReleased:
            case.hold.refresh_from_db()
    if case.batch_id and not still_positive(case):
        batch = Batch.objects.get(district_id=case.district_id, pk=case.batch_id)
        if batch.state == Batch.State.PENDING_TEST:
            try:
                move(batch, BATCH, "admitted")
            except StaleState:
                case.batch.refresh_from_db()


def _check(case, finding, at) -> None:
    _other_body(case, finding.laboratory)
    rapid = TestMethod.objects.exclude(method_no="").values_list("method_no", flat=True)
    if case_rules.is_rapid(finding.method, rapid):
        raise RapidMethod(fields={"method": RapidMethod.message})
    wrong = {}
    if not finding.report_no.strip():
        wrong["report_no"] = _("Write the number of the report.")
    if not finding.method.strip():
        wrong["method"] = _("Write the method, such as GB 23200.121.")
    if not case.opened_at.date() <= finding.issued_on <= at.date():
        wrong["issued_on"] = _("The report was issued after the positive and not in the future.")
    if wrong:
        raise Invalid(fields=wrong)


def _other_body(case, laboratory) -> None:
    """Another body than the one that made the rapid test or holds the goods."""
    name = laboratory.strip()
    if not name:
        raise Invalid(fields={"laboratory": _("Name the laboratory.")})
    if name in {case.point.organisation.name, case.organisation.name, case.point.name}:
        raise SameBody(fields={"laboratory": SameBody.message})
