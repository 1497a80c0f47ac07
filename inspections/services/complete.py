"""A record is whole: every photo of its manifest is here. The task goes to the reviewer, the phone may forget."""

from __future__ import annotations

import datetime as dt

from inspections.models import Claim, Draft, Submission, SubmissionComplete, Task
from inspections.selectors.on_site import is_complete, missing
from inspections.services.found import write_findings
from inspections.services.precheck import precheck
from inspections.states import TASK
from kit.transitions import move

TO_SEND = (Task.State.CLAIMED, Task.State.ON_SITE, Task.State.RETURNED)


def complete(submission: Submission, claim: Claim, at: dt.datetime) -> bool:
    """Whether it is whole. The claim's task is locked; the first time, everything that follows happens here."""
    if is_complete(submission):
        return True
    if missing(submission):
        return False
    SubmissionComplete.objects.create(district_id=submission.district_id, submission=submission, at=at)
    if not submission.orphan and _hand_in(claim, at):
        write_findings(submission, at)
    precheck(submission)
    return True


def _hand_in(claim: Claim, at: dt.datetime) -> bool:
    """End the claim, if it is still the task's: a lease that ran out while photos travelled does no harm, another
    holder does."""
    own = Claim.objects.filter(district_id=claim.district_id, pk=claim.pk, released_at__isnull=True)
    task = Task.objects.get(district_id=claim.district_id, pk=claim.task_id)
    if task.state not in TO_SEND or not own.update(released_at=at, end_reason=Claim.End.SUBMITTED):
        return False
    move(task, TASK, "submitted", submitted_at=at)
    Draft.objects.filter(district_id=claim.district_id, claim_id=claim.pk).delete()
    return True
