"""A visit at hand: one's own claim, what it asks for, what is known of the place, which photos are still to come."""

from __future__ import annotations

import datetime as dt
from typing import Any
from uuid import UUID

from django.db.models import Prefetch, QuerySet

from inspections import visit_rules
from inspections.models import (
    CheckIn,
    ChecklistItem,
    Claim,
    Draft,
    Finding,
    Review,
    Submission,
    SubmissionComplete,
    Task,
    TaskKind,
    VisitPhoto,
)
from kit.refusals import NotFound
from registry.actors import Actor
from registry.models import Place
from registry.permissions import VERBS
from registry.models.visibility import reach

FINDINGS_SHOWN = 5
IN_HANDS = (Task.State.CLAIMED, Task.State.ON_SITE, Task.State.RETURNED)


def own_claims(actor: Actor) -> QuerySet[Claim]:
    """Everything one ever took, in the districts one works in."""
    own = Claim.objects.filter(district_id__in=actor.districts, coordinator__account_id=actor.account_id)
    items = Prefetch("task__checklist__items", ChecklistItem.objects.order_by("position"))
    return own.select_related(
        "coordinator", "task__kind", "task__checklist", "task__town", "task__place__market", "task__place__organisation"
    ).prefetch_related(items)


def own_claim(actor: Actor, claim_id: UUID, district_id: str | None = None) -> Claim:
    """Raises NotFound for a missing one and for somebody else's alike."""
    found = own_claims(actor).filter(pk=claim_id)
    if district_id is not None:
        found = found.filter(district_id=district_id)
    claim = found.first()
    if claim is None:
        raise NotFound
    return claim


def in_hand(actor: Actor, at: dt.datetime) -> QuerySet[Claim]:
    """What one holds now, with its checklist, what was seen there before and what was typed so far."""
    findings = Prefetch("task__place__findings", open_findings(), to_attr="open_findings")
    held = own_claims(actor).filter(released_at__isnull=True, lease_until__gt=at, task__state__in=IN_HANDS)
    return held.prefetch_related(
        findings, "drafts", "check_ins", "submissions", "task__reviews",
        Prefetch("photos", VisitPhoto.objects.order_by("received_at")),
    ).order_by("task__due_at", "id")  # fmt: skip


def open_findings() -> QuerySet[Finding]:
    return Finding.objects.exclude(state__in=["closed", "withdrawn"]).order_by("-found_at")


def is_live(claim: Claim, at: dt.datetime) -> bool:
    return claim.released_at is None and claim.lease_until > at


def asked_of(task: Task) -> visit_rules.Asked:
    """What its record must hold. Who is visited unannounced is not asked to sign."""
    promotion = task.kind.group == TaskKind.Group.PROMOTION
    items = task.checklist.items.all() if task.checklist_id else ()
    return visit_rules.Asked(
        items=[visit_rules.Item(item.code, item.evidence) for item in items],
        min_photos=task.checklist.min_photos if task.checklist_id else 1,
        promotion=promotion,
        signed=bool(task.place_id) and not promotion and not task.kind.hidden,
    )


def last_findings(place: Place) -> list[Finding]:
    """What is still to be put right there."""
    return list(open_findings().filter(district_id=place.district_id, place_id=place.pk)[:FINDINGS_SHOWN])


def returned_items(task: Task) -> Review | None:
    """The review that sent it back, while it is to be mended; its `items` are all there is to do."""
    if task.state != Task.State.RETURNED:
        return None
    reviews = task.reviews.all()
    sent_back = [each for each in reviews if each.outcome == Review.Outcome.RETURNED]
    return max(sent_back, key=lambda review: review.at, default=None)


def arrivals(claim: Claim) -> list[CheckIn]:
    return sorted(claim.check_ins.all(), key=lambda check_in: check_in.at)


def content_so_far(claim: Claim) -> dict[str, Any]:
    """The draft; of a returned task, what was sent last."""
    draft = next(iter(claim.drafts.all()), None)
    if draft is not None:
        return draft.content
    last = max(claim.submissions.all(), key=lambda each: each.revision, default=None)
    return as_content(last) if last else {}


def as_content(submission: Submission) -> dict[str, Any]:
    """A submission as a form starts from it again."""
    return {
        "outcome": submission.outcome,
        "answers": submission.answers,
        "promotion": submission.promotion,
        "manifest": submission.manifest,
        "signed_by": submission.signed_by,
        "signature_sha256": submission.signature_sha256,
        "sign_refusal": submission.sign_refusal,
        "started_at": submission.started_at.isoformat(),
    }


def missing(submission: Submission) -> list[str]:
    """Digests of the photos its manifest names that have not arrived; from whichever claim of this task."""
    wanted = {each["sha256"] for each in submission.manifest} | ({submission.signature_sha256} - {""})
    if not wanted:
        return []
    here = VisitPhoto.objects.filter(
        district_id=submission.district_id, sha256__in=wanted, claim__task_id=submission.task_id,
        claim__coordinator_id=submission.coordinator_id,
    )  # fmt: skip
    return sorted(wanted - set(here.values_list("sha256", flat=True)))


def is_complete(submission: Submission) -> bool:
    done = SubmissionComplete.objects.filter(district_id=submission.district_id, submission_id=submission.pk)
    return done.exists()


def submissions_of(claim: Claim) -> QuerySet[Submission]:
    return Submission.objects.filter(district_id=claim.district_id, claim_id=claim.pk).order_by("revision")


def photo_for(actor: Actor, photo_id: UUID) -> VisitPhoto:
    """One's own, or of work one supervises. Raises NotFound."""
    seen = reach(actor, VERBS["supervise_work"], town="claim__town_id")
    mine = {"claim__coordinator__account_id": actor.account_id}
    found = VisitPhoto.objects.filter(district_id__in=actor.districts, pk=photo_id)
    photo = found.filter(seen).first() or found.filter(**mine).first()
    if photo is None:
        raise NotFound
    return photo


def photos_of(claim: Claim, digests: list[str]) -> QuerySet[VisitPhoto]:
    """The arrived among these photos, of whichever claim of this task."""
    own = VisitPhoto.objects.filter(district_id=claim.district_id, claim__task_id=claim.task_id, sha256__in=digests)
    return own.filter(claim__coordinator_id=claim.coordinator_id).order_by("received_at")


def drafts_of(claim: Claim) -> QuerySet[Draft]:
    return Draft.objects.filter(district_id=claim.district_id, claim_id=claim.pk)


def sent_under(claim: Claim, client_key: UUID) -> bool:
    """Whether a record with this key has come: a second press changes nothing."""
    return submissions_of(claim).filter(client_key=client_key).exists()
