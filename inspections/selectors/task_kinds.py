"""任务类型: the version of each kind in force at a moment, and those before and after it."""

from __future__ import annotations

import datetime as dt

from django.db.models import QuerySet

from inspections.models import TaskKind
from kit.refusals import NotFound


def in_force(district_id: str, at: dt.datetime, *, hidden: bool = True) -> QuerySet[TaskKind]:
    """The newest begun version of each kind, without the retired ones."""
    begun = TaskKind.objects.filter(district_id=district_id, effective_from__lte=at)
    newest = begun.order_by("code", "-version").distinct("code").values("pk")
    found = TaskKind.objects.filter(district_id=district_id, pk__in=newest, retired=False)
    return (found if hidden else found.filter(hidden=False)).order_by("group", "code")


def kind_in_force(district_id: str, code: str, at: dt.datetime) -> TaskKind:
    """Raises NotFound when the district has none, or has retired it."""
    found = in_force(district_id, at).filter(code=code).first()
    if found is None:
        raise NotFound()
    return found


def versions(district_id: str, code: str) -> QuerySet[TaskKind]:
    """Every version of a kind, the newest first."""
    return TaskKind.objects.filter(district_id=district_id, code=code).order_by("-version")


def latest(district_id: str) -> QuerySet[TaskKind]:
    """The newest version of every kind, whether it has begun or is retired."""
    newest = TaskKind.objects.filter(district_id=district_id).order_by("code", "-version").distinct("code")
    return TaskKind.objects.filter(district_id=district_id, pk__in=newest.values("pk")).order_by("group", "code")
