"""What lists of tasks are narrowed by."""

from __future__ import annotations

from django.db.models import QuerySet

from inspections.models import TaskKind
from registry.models import Region


def kinds(district_id: str) -> list[tuple[str, str]]:
    """(code, name) of the kinds people take, the latest version of each; hidden visits are not named."""
    found = TaskKind.objects.filter(district_id=district_id, hidden=False)
    return list(found.order_by("code", "-version").distinct("code").values_list("code", "name"))


def towns(district_id: str) -> QuerySet[Region]:
    return Region.objects.filter(parent_id=district_id, level=Region.Level.TOWN).order_by("code")
