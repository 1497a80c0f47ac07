"""提交: the record of a visit arrives, whole or with photos still to come. What was done is never thrown away.

Sent twice it is one; other content under the same key is refused. Late work is taken and marked; when somebody else
holds the task by then, or one had given it back, it is kept as an orphan for the reviewer.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction

from inspections import visit_content, visit_rules
from inspections.models import Claim, Submission, Task
from inspections.refusals import LACK_WORDS, BadRecord, BudgetSpent, DifferentContent
from inspections.selectors.on_site import arrivals, asked_of, content_so_far, is_live, submissions_of
from inspections.services import budgets
from inspections.services.complete import TO_SEND, complete
from inspections.services.held import lock_own
from inspections.states import TASK
from inspections.visit_content import UNSEEN, Visit
from kit import clock, jsonsafe
from kit.transitions import move
from registry.actors import Actor

PHOTOS_MAY_TAKE = dt.timedelta(hours=24)
"""How long a task is kept for somebody whose record is here and whose photos are on their way."""


@transaction.atomic
def submit(actor: Actor, *, claim_id: UUID, district_id: str, content: Any, client_key: UUID) -> Submission:
    """One revision of the record. Raises NotFound, BadRecord naming everything it lacks, DifferentContent."""
    claim = lock_own(actor, claim_id, district_id)
    digest = hashlib.sha256(jsonsafe.canonical(content)).hexdigest()
    if earlier := _sent_before(claim, client_key):
        if earlier.content_sha256 != digest:
            raise DifferentContent
        return earlier
    visit = read(content, claim)
    at = clock.now()
    late = not is_live(claim, at)
    orphan = late and not _take_up_again(claim, at)
    submission = _write(claim, visit, at, digest, client_key, late=late, orphan=orphan)
    if not complete(submission, claim, at) and not orphan:
        _keep_for_photos(claim, at)
    return submission


@transaction.atomic
def submit_draft(
    actor: Actor, *, claim_id: UUID, district_id: str, client_key: UUID, unseen: bool = False
) -> Submission:
    """What was typed so far, as a record; `unseen`: that the place was closed, moved or not found.

    Raises what `submit` raises.
    """
    claim = lock_own(actor, claim_id, district_id)
    if earlier := _sent_before(claim, client_key):
        return earlier
    content = draft_as_record(claim, clock.now(), unseen=unseen)
    return submit(actor, claim_id=claim_id, district_id=district_id, content=content, client_key=client_key)


def draft_as_record(claim: Claim, at: dt.datetime, *, unseen: bool = False) -> dict[str, Any]:
    """The draft with what the platform knows: since when one is there, and until now."""
    draft, arrived = content_so_far(claim), arrivals(claim)
    started_at = min(arrived[0].phone_at if arrived else claim.claimed_at, at)
    record = {**draft, "started_at": started_at.isoformat(), "finished_at": at.isoformat()}
    if not unseen:
        return {**record, "outcome": "done"}
    said = draft.get("unseen") or {}
    photos = [each for each in draft.get("manifest", []) if each["item"] == UNSEEN]
    answer = {"code": UNSEEN, "result": "unseen", "text": said.get("text", "")}
    return {**record, "outcome": said.get("outcome", ""), "answers": [answer], "manifest": photos}


def read(content: Any, claim: Claim) -> Visit:
    """Raises BadRecord."""
    try:
        visit = visit_content.read(content)
    except visit_content.BadContent as error:
        raise BadRecord(fields={str(error): BadRecord.message}) from error
    if found := visit_rules.lacks(visit, asked_of(claim.task)):
        raise BadRecord(fields={code: LACK_WORDS[lack] for code, lack in reversed(found)})
    return visit


def _sent_before(claim: Claim, client_key: UUID) -> Submission | None:
    own = Submission.objects.filter(district_id=claim.district_id, coordinator_id=claim.coordinator_id)
    return own.filter(client_key=client_key).first()


def _take_up_again(claim: Claim, at: dt.datetime) -> bool:
    """The lease ran out, and nobody else took the task: it is one's own again. The task's row is locked."""
    if claim.end_reason not in (Claim.End.OPEN, Claim.End.TIMEOUT):
        return False
    task = Task.objects.get(district_id=claim.district_id, pk=claim.task_id)
    if claim.released_at is None:
        return task.state in TO_SEND
    others = Claim.objects.filter(district_id=claim.district_id, task_id=task.pk, released_at__isnull=True)
    if task.state not in (Task.State.OPEN, Task.State.EXPIRED) or others.exists():
        return False
    try:
        with transaction.atomic():
            if task.state == Task.State.EXPIRED and task.budget_id:
                budgets.reserve(task.district_id, task.budget_id, task.price_fen)
            move(task, TASK, "on_site")
            lapsed = Claim.objects.filter(district_id=claim.district_id, pk=claim.pk, end_reason=Claim.End.TIMEOUT)
            return bool(lapsed.update(released_at=None, end_reason=Claim.End.OPEN))
    except (IntegrityError, BudgetSpent):  # a re-check of the same finding is under way, or the money is gone by now
        return False


def _keep_for_photos(claim: Claim, at: dt.datetime) -> None:
    until = max(claim.lease_until, at + PHOTOS_MAY_TAKE)
    Claim.objects.filter(district_id=claim.district_id, pk=claim.pk, released_at__isnull=True).update(lease_until=until)


def _write(claim, visit: Visit, at, digest, client_key, *, late, orphan) -> Submission:
    last = submissions_of(claim).last()
    return Submission.objects.create(
        district_id=claim.district_id,
        task_id=claim.task_id,
        claim=claim,
        coordinator_id=claim.coordinator_id,
        town_id=claim.town_id,
        revision=last.revision + 1 if last else 1,
        outcome=visit.outcome,
        answers=visit.answers_kept(),
        promotion=visit.promotion,
        manifest=visit.manifest_kept(),
        content_sha256=digest,
        started_at=visit.started_at,
        finished_at=visit.finished_at,
        received_at=at,
        signed_by=visit.signed_by,
        signature_sha256=visit.signature_sha256,
        sign_refusal=visit.sign_refusal,
        late=late,
        orphan=orphan,
        offline=visit.offline,
        client_key=client_key,
    )
