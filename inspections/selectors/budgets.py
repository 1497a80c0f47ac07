"""经费科目: what is reserved and what is spent."""

from __future__ import annotations

import datetime as dt

from django.db.models import OuterRef, QuerySet, Subquery, Sum

from inspections.models import Budget, CommissionEntry


def budgets_of(district_id: str, *, month: dt.date | None = None) -> QuerySet[Budget]:
    """With `spent_fen`: what has been accrued to people from tasks of this line."""
    entries = CommissionEntry.objects.filter(
        district_id=OuterRef("district_id"), commission__task__budget_id=OuterRef("pk")
    ).order_by().values("commission__task__budget_id")  # fmt: skip
    found = Budget.objects.filter(district_id=district_id)
    if month:
        found = found.filter(month=month.replace(day=1))
    spent = Subquery(entries.annotate(fen=Sum("amount_fen")).values("fen"))
    return found.annotate(spent_fen=spent).order_by("-month", "name")


def lines_open(district_id: str, day: dt.date) -> QuerySet[Budget]:
    """The lines of the month of a day, to publish on."""
    return Budget.objects.filter(district_id=district_id, month=day.replace(day=1)).order_by("name")
