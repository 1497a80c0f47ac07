"""What a district's co-management starts with: task kinds, checklists, courses, as shipped, each version once."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

from django.db import transaction
from django.db.models import Max

from inspections import defaults
from inspections.models import Checklist, ChecklistItem, Course, TaskKind
from inspections.states import CHECKLIST
from kit import clock, locks
from kit.transitions import move

SHIPPED = uuid.UUID("6a0f5b5e-1c86-5a0f-9d0b-2f7c1d3c9a10")


def ensure_defaults(district_id: str) -> None:
    """Write the shipped versions that the district does not have. What it has edited itself is newer and stays."""
    if not _lacking(district_id):
        return
    with transaction.atomic():
        locks.one_request(uuid.uuid5(SHIPPED, district_id))
        at = clock.now()
        for model, shipped in _lacking(district_id):
            WRITERS[model](district_id, shipped, at)


def _lacking(district_id: str) -> list[tuple[type, Any]]:
    found: list[tuple[type, Any]] = []
    for model, shipped in (
        (Checklist, defaults.checklists()),
        (Course, defaults.courses()),
        (TaskKind, defaults.task_kinds()),
    ):
        latest = _latest(model, district_id)
        found += [(model, each) for each in shipped if latest.get(each.code, 0) < each.version]
    return found


def _latest(model: Any, district_id: str) -> dict[str, int]:
    rows = model.objects.filter(district_id=district_id).order_by().values("code").annotate(latest=Max("version"))
    return dict(rows.values_list("code", "latest"))


def _checklist(district_id: str, shipped: defaults.Checklist, at: dt.datetime) -> None:
    for earlier in Checklist.objects.filter(district_id=district_id, code=shipped.code, state="published"):
        move(earlier, CHECKLIST, "retired")
    made = Checklist.objects.create(
        district_id=district_id, code=shipped.code, version=shipped.version, state=Checklist.State.PUBLISHED,
        audience=shipped.audience, title=shipped.title, min_photos=shipped.min_photos, made_at=at, published_at=at,
    )  # fmt: skip
    ChecklistItem.objects.bulk_create(
        ChecklistItem(
            district_id=district_id, checklist=made, position=position, code=item.code, text=item.text, key=item.key,
            evidence=item.evidence, unit=item.unit, measures=list(item.measures),
        )
        for position, item in enumerate(shipped.items, 1)
    )  # fmt: skip


def _course(district_id: str, shipped: defaults.Course, at: dt.datetime) -> None:
    Course.objects.filter(district_id=district_id, code=shipped.code, retired_at__isnull=True).update(retired_at=at)
    Course.objects.create(
        district_id=district_id, code=shipped.code, version=shipped.version, title=shipped.title,
        material=shipped.material, questions=[dict(each) for each in shipped.questions], pass_mark=shipped.pass_mark,
        valid_days=shipped.valid_days, published_at=at,
    )  # fmt: skip


def _kind(district_id: str, shipped: defaults.TaskKind, at: dt.datetime) -> None:
    TaskKind.objects.create(
        district_id=district_id, code=shipped.code, version=shipped.version, name=shipped.name, group=shipped.group,
        min_level=shipped.min_level, kinds=list(shipped.kinds), course_code=shipped.course,
        checklist_codes=list(shipped.checklists), base_fen=shipped.base_fen, unseen_fen=shipped.unseen_fen,
        hours=shipped.hours, minutes=shipped.minutes, min_stay_minutes=shipped.min_stay_minutes,
        hidden=shipped.hidden, effective_from=at,
    )  # fmt: skip


WRITERS: dict[type, Any] = {Checklist: _checklist, Course: _course, TaskKind: _kind}
