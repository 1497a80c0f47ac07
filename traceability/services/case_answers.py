"""认可 · 提出异议 · 逾期: what the holder says to a positive, and what his silence means."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from kit import clock
from kit.refusals import Invalid
from traceability import case_rules
from traceability.case_rules import Side, Step
from traceability.models import PositiveCase
from traceability.refusals import ObjectionTooLate
from traceability.selectors.cases import standing
from traceability.services.case_news import tell
from traceability.services.case_steps import allow, begun_before, go, settle
from traceability.services.own import require_own

A_ROUND = 200


@transaction.atomic
def accept(actor, *, case: PositiveCase, client_key: UUID) -> PositiveCase:
    """认可: the holder waives his objection; the goods are to be disposed of. Possible until a sample is sealed."""
    require_own(actor, "answer_case", case)
    if begun_before(case, client_key):
        return case
    at = allow(actor, case, Step.ACCEPT)
    go(actor, case, "accepted", at, client_key=client_key, decided_at=at)
    tell(case, "case_accepted", (Side.POINT, Side.REGULATOR))
    return case


@transaction.atomic
def object_to(actor, *, case: PositiveCase, reason: str, client_key: UUID) -> PositiveCase:
    """提出异议, with the reason: the sample goes to a laboratory, by no rapid method (食品安全法 第88条).

    Raises `ObjectionTooLate` with the article, or without one where the market's agreement sets the time.
    """
    require_own(actor, "answer_case", case)
    if begun_before(case, client_key):
        return case
    _in_time(case)
    at = allow(actor, case, Step.OBJECT)
    if not reason.strip():
        raise Invalid(fields={"reason": _("Say what you object to.")})
    reason = reason.strip()[:400]
    go(actor, case, "objected", at, client_key=client_key, text=reason, decided_at=at, objection=reason)
    tell(case, "case_objected", (Side.POINT, Side.REGULATOR))
    return case


def _in_time(case: PositiveCase) -> None:
    if case_rules.state_now(standing(case), clock.now()) == "lapsed":
        article = "fsl.88" if case.branch == PositiveCase.Branch.REGULATOR else ""
        raise ObjectionTooLate(article=article, due_at=case.objection_due_at)


def lapse_cases() -> int:
    """逾期: every objection that was not made in time lapses. May run twice; returns how many did."""
    late = PositiveCase.objects.filter(state="notified", objection_due_at__lt=clock.now()).order_by("objection_due_at")
    return sum(_lapse(pk) for pk in list(late.values_list("pk", flat=True)[:A_ROUND]))


@transaction.atomic
def _lapse(pk) -> bool:
    case = (
        PositiveCase.objects.select_for_update(skip_locked=True, of=("self",))
        .select_related("place", "point", "item", "product")
        .filter(pk=pk, state="notified")
        .first()
    )
    if case is None:
        return False
    settle(case, clock.now())
    return True
