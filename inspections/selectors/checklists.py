"""检查表: versions of a checklist, and which one fits a place."""

from __future__ import annotations

from uuid import UUID

from django.db.models import Count, Q, QuerySet

from inspections.audiences import audience_of
from inspections.models import Checklist, TaskKind
from kit.refusals import NotFound
from registry.models import Place


def in_use(district_id: str) -> QuerySet[Checklist]:
    return Checklist.objects.filter(district_id=district_id, state=Checklist.State.PUBLISHED).order_by("code")


def versions(district_id: str, code: str) -> QuerySet[Checklist]:
    """Every version, the newest first, with how many items it has."""
    return with_counts(Checklist.objects.filter(district_id=district_id, code=code)).order_by("-version")


def current(district_id: str) -> QuerySet[Checklist]:
    """Of every checklist what is in use and what is being drafted."""
    found = Checklist.objects.filter(district_id=district_id).exclude(state=Checklist.State.RETIRED)
    return with_counts(found).order_by("audience", "code", "-version")


def with_counts(checklists: QuerySet[Checklist]) -> QuerySet[Checklist]:
    return checklists.annotate(count=Count("items"), keys=Count("items", filter=Q(items__key=True)))


def checklist_of(district_id: str, checklist_id: UUID) -> Checklist:
    found = with_counts(Checklist.objects.filter(district_id=district_id, pk=checklist_id)).first()
    if found is None:
        raise NotFound()
    return found


def checklists_by_audience(kind: TaskKind) -> dict[str, Checklist]:
    """The kind's checklists in use, the first named for each audience."""
    codes = list(kind.checklist_codes)
    found = sorted(in_use(kind.district_id).filter(code__in=codes), key=lambda each: codes.index(each.code))
    return {each.audience: each for each in reversed(found)}


def fitting(kind: TaskKind, place: Place | None, offered: dict[str, Checklist] | None = None) -> Checklist | None:
    """The kind's checklist for such a place; of a kind with one checklist, that one."""
    offered = checklists_by_audience(kind) if offered is None else offered
    if len(offered) == 1:
        return next(iter(offered.values()))
    return offered.get(audience_of(place.kind, place.business_type)) if place else None
