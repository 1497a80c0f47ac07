"""整改建议 of a record: one for each failing item, once however often the record is mended."""

from __future__ import annotations

import datetime as dt
from typing import Any

from inspections.models import ChecklistItem, Finding, Submission
from inspections.states import FINDING
from kit.transitions import move

WITHDRAWN = Finding.State.WITHDRAWN


def write_findings(submission: Submission, at: dt.datetime) -> list[Finding]:
    """The findings of its failing items. What an earlier revision found is not written twice; what is no longer
    found is withdrawn, unless somebody has already acted upon it."""
    task = submission.task
    if task.place_id is None:
        return []
    failing = {answer["code"]: answer for answer in submission.answers if answer["result"] == "fail"}
    before = {each.item_code: each for each in _found_before(submission)}
    for code, finding in before.items():
        if code not in failing and finding.state == Finding.State.OPEN and finding.adopted_at is None:
            move(finding, FINDING, WITHDRAWN)
    items = ChecklistItem.objects.filter(district_id=submission.district_id, checklist_id=task.checklist_id)
    fresh = [item for item in items.filter(code__in=failing) if item.code not in before]
    return Finding.objects.bulk_create(_finding(submission, item, failing[item.code], at) for item in fresh)


def _found_before(submission: Submission):
    found = Finding.objects.filter(district_id=submission.district_id, task_id=submission.task_id)
    return found.exclude(state=WITHDRAWN)


def _finding(submission: Submission, item: ChecklistItem, answer: dict[str, Any], at: dt.datetime) -> Finding:
    place, days = submission.task.place, answer["days"] if answer["measure"] == "deadline" else None
    found_at = min(submission.finished_at, at)
    return Finding(
        district_id=submission.district_id,
        task=submission.task,
        submission=submission,
        finder_id=submission.coordinator_id,
        place=place,
        organisation_id=place.organisation_id,
        town_id=submission.town_id,
        item_code=item.code,
        item_text=item.text,
        key=item.key,
        text=answer["text"],
        measure=answer["measure"],
        due_on=(found_at.astimezone(at.tzinfo) + dt.timedelta(days=days)).date() if days else None,
        found_at=found_at,
    )
