"""催办: a deadline that passed is told once to whoever let it pass, and to the officers of the town."""

from __future__ import annotations

from django.db import transaction

from kit import clock
from traceability.case_rules import Side, due_from
from traceability.models import PositiveCase
from traceability.selectors.cases import OPEN, standing
from traceability.services.case_news import people_on, tell_accounts
from traceability.services.case_steps import JOB
from traceability.services.case_story import add_step

A_ROUND = 200


def remind_cases() -> int:
    """May run twice; returns how many cases were reminded of."""
    late = PositiveCase.objects.filter(OPEN, due_at__lt=clock.now(), reminded_at=None).order_by("due_at")
    return sum(_remind(pk) for pk in list(late.values_list("pk", flat=True)[:A_ROUND]))


@transaction.atomic
def _remind(pk) -> bool:
    """One case, unless another job has it or it has moved on meanwhile."""
    at = clock.now()
    case = (
        PositiveCase.objects.select_for_update(skip_locked=True, of=("self",))
        .select_related("place", "point", "item", "product")
        .filter(OPEN, pk=pk, due_at__lt=at, reminded_at=None)
        .first()
    )
    if case is None:
        return False
    PositiveCase.objects.filter(district_id=case.district_id, pk=pk).update(reminded_at=at)
    side = due_from(standing(case), at) or Side.REGULATOR
    once = f"{case.state}:{case.due_at:%Y%m%d%H%M%S}"
    late = people_on(case, (side,))
    told = tell_accounts(case, late, "case_overdue", once=once, state=str(case.state))
    officers = people_on(case, (Side.REGULATOR,)).exclude(pk__in=late.values("pk"))
    tell_accounts(case, officers, "case_escalated", once=once, state=str(case.state), side=str(side))
    add_step(JOB, case, "reminder", at, state=str(case.state), side=str(side), told=told)
    return True
