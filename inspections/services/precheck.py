"""预审: a record has arrived; what a machine notices about it is written beside it. Flags, never a verdict."""

from __future__ import annotations

from typing import Any

from inspections import precheck_rules
from inspections.models import CheckIn, Flag, Submission
from inspections.precheck_rules import SAME_TEXT_LENGTH, Arrival, Record, plain_text
from inspections.selectors.photos_before import alike_before, photos_of_record, same_before
from inspections.selectors.policies import policy
from inspections.work_policies import OnSite
from kit import clock

VILLAGE = "镇"
TEXTS_LOOKED_AT = 200
"""So many of one's own earlier records are compared with."""


def precheck(submission: Submission) -> list[Flag]:
    """Once for each record: a second time it gives what is there. Inside a transaction."""
    written = list(Flag.objects.filter(district_id=submission.district_id, submission_id=submission.pk))
    if written:
        return written
    at = clock.now()
    found = precheck_rules.flags(_record(submission, policy(submission.district_id, "on_site", at)))
    return Flag.objects.bulk_create(
        Flag(
            district_id=submission.district_id, submission=submission, kind=each.kind, weight=each.weight,
            data=each.data, at=at,
        )
        for each in found
    )  # fmt: skip


def _record(submission: Submission, rules: OnSite) -> Record:
    task, photos = submission.task, photos_of_record(submission)
    seen = submission.outcome == Submission.Outcome.DONE
    fence_m = rules.fence_village_m if task.town.name.endswith(VILLAGE) else rules.fence_m
    return Record(
        has_place=task.place_id is not None,
        seen=seen,
        arrivals=_arrivals(submission),
        started_at=submission.started_at,
        finished_at=submission.finished_at,
        min_stay_minutes=task.kind.min_stay_minutes,
        photos=len(submission.manifest),
        min_photos=task.checklist.min_photos if task.checklist_id else 0,
        answers={answer["code"]: answer["result"] for answer in submission.answers},
        asked=list(task.checklist.items.values_list("code", flat=True)) if task.checklist_id else [],
        far_m=[photo.distance_m for photo in photos if photo.distance_m is not None and photo.distance_m > fence_m],
        same=same_before(submission, photos),
        alike=alike_before(submission, photos, rules.photo_reuse_bits),
        same_texts=_same_texts(submission),
        late=submission.late,
        orphan=submission.orphan,
    )


def _arrivals(submission: Submission) -> list[Arrival]:
    rows = CheckIn.objects.filter(district_id=submission.district_id, claim_id=submission.claim_id)
    return [
        Arrival(row.outcome, row.why, row.phone_at, row.distance_m)
        for row in rows.order_by("at").only("outcome", "why", "phone_at", "distance_m")
    ]


def _same_texts(submission: Submission) -> list[dict[str, Any]]:
    """What one wrote word for word about another place."""
    texts = {plain_text(answer["text"]): answer["code"] for answer in submission.answers if answer["text"]}
    long = {text: code for text, code in texts.items() if len(text) >= SAME_TEXT_LENGTH}
    if not long:
        return []
    own = Submission.objects.filter(district_id=submission.district_id, coordinator_id=submission.coordinator_id)
    before = own.exclude(task_id=submission.task_id).exclude(task__place_id=submission.task.place_id)
    found = {}
    for task_id, answers in before.order_by("-received_at").values_list("task_id", "answers")[:TEXTS_LOOKED_AT]:
        for answer in answers:
            code = long.get(plain_text(answer["text"]))
            if code:
                found.setdefault(code, {"item": code, "task": str(task_id)})
    return list(found.values())
