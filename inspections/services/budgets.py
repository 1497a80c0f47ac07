"""经费科目: a line of one month with a cap. What is published reserves its price by one conditional UPDATE, so that
however many publish at once, the cap holds."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from django.db import transaction
from django.db.models import F
from django.db.models.functions import Greatest
from django.utils.translation import gettext as _

from inspections.models import Budget
from inspections.refusals import BudgetSpent
from kit import money
from kit.refusals import NotFound
from registry.actors import Actor
from registry.permissions import require
from registry.services.checks import Checks

MOST_FEN = 100_000_000_00


@transaction.atomic
def set_cap(actor: Actor, *, district_id: str, name: str, month: dt.date, cap_fen: int) -> Budget:
    """Open a line of a month, or change its cap; never below what is reserved."""
    require(actor, "manage_work_rules", district=district_id)
    checks = Checks()
    checks.require("name", name.strip(), _("Write the name."))
    checks.require("cap_fen", 0 <= cap_fen <= MOST_FEN, _("Write an amount in yuan."))
    checks.done()
    budget, made = Budget.objects.get_or_create(
        district_id=district_id, name=name.strip()[:40], month=month.replace(day=1), defaults={"cap_fen": cap_fen}
    )
    if made or budget.cap_fen == cap_fen:
        return budget
    enough = Budget.objects.filter(district_id=district_id, pk=budget.pk, reserved_fen__lte=cap_fen)
    checks.require("cap_fen", enough.update(cap_fen=cap_fen), _("More than this is already reserved."))
    checks.done()
    budget.cap_fen = cap_fen
    return budget


def reserve(district_id: str, budget_id: UUID, amount_fen: int) -> None:
    """Raises `BudgetSpent`, with what was needed and what is left, and reserves nothing."""
    line = Budget.objects.filter(district_id=district_id, pk=budget_id)
    if line.filter(reserved_fen__lte=F("cap_fen") - amount_fen).update(reserved_fen=F("reserved_fen") + amount_fen):
        return
    found = line.first()
    if found is None:
        raise NotFound()
    left = found.cap_fen - found.reserved_fen
    raise BudgetSpent(
        name=found.name, needed=money.yuan(amount_fen), left=money.yuan(left), needed_fen=amount_fen, left_fen=left
    )


def free(district_id: str, budget_id: UUID, amount_fen: int) -> None:
    """What was reserved and will not be paid is there again."""
    line = Budget.objects.filter(district_id=district_id, pk=budget_id)
    line.update(reserved_fen=Greatest(F("reserved_fen") - amount_fen, 0))


def of_month(budget: Budget | None, day: dt.date) -> Budget | None:
    """The line of the same name in the month of a day; None when nobody has opened it."""
    if budget is None or budget.month == day.replace(day=1):
        return budget
    lines = Budget.objects.filter(district_id=budget.district_id, name=budget.name, month=day.replace(day=1))
    return lines.first()
