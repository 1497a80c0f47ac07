"""What the offline app is told: enough to do the visit without network, and nothing it could do without."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from rest_framework import serializers

from inspections.models import CheckIn, Claim, Finding, Submission, Task, VisitPhoto
from inspections.selectors import on_site
from registry.models import Account, Place

PHONE_FINDINGS = 5


class ArrivedSerializer(serializers.ModelSerializer):
    class Meta:
        model = CheckIn
        fields = ("outcome", "why", "scanned", "distance_m", "accuracy_m", "at")


class FieldWorkerSerializer(serializers.Serializer):
    id = serializers.UUIDField()
    name = serializers.CharField()
    care = serializers.BooleanField()
    theme = serializers.CharField()


class MeSerializer(serializers.Serializer):
    person = FieldWorkerSerializer()
    csrf = serializers.CharField()


class WorkSerializer(MeSerializer):
    at = serializers.DateTimeField()
    tasks = serializers.ListField(child=serializers.DictField())


class ContentSerializer(serializers.Serializer):
    outcome = serializers.ChoiceField(["done", "closed", "moved", "not_found"])
    answers = serializers.ListField(child=serializers.DictField())
    manifest = serializers.ListField(
        child=serializers.DictField(), help_text="sha256, item and taken_at of every photo"
    )
    promotion = serializers.DictField(required=False)
    started_at = serializers.DateTimeField()
    finished_at = serializers.DateTimeField()
    signed_by = serializers.CharField(required=False)
    signature_sha256 = serializers.CharField(required=False)
    sign_refusal = serializers.CharField(required=False)
    offline = serializers.BooleanField(required=False)


class SubmittedSerializer(serializers.Serializer):
    id = serializers.UUIDField()
    revision = serializers.IntegerField()
    complete = serializers.BooleanField(help_text="Every photo is here: the phone may forget its copy")
    missing = serializers.ListField(child=serializers.CharField())
    late = serializers.BooleanField()
    orphan = serializers.BooleanField()


class StandingSerializer(serializers.Serializer):
    held = serializers.BooleanField()
    submission = SubmittedSerializer(allow_null=True)


def submitted(submission: Submission) -> dict[str, Any]:
    return {
        "id": str(submission.pk),
        "revision": submission.revision,
        "complete": on_site.is_complete(submission),
        "missing": on_site.missing(submission),
        "late": submission.late,
        "orphan": submission.orphan,
    }


def person(account: Account) -> dict[str, Any]:
    return {"id": str(account.pk), "name": account.name, "care": account.care, "theme": account.theme}


def task_in_hand(claim: Claim) -> dict[str, Any]:
    """Of a row of `on_site.in_hand`: everything prefetched."""
    task, asked = claim.task, on_site.asked_of(claim.task)
    return {
        "claim": str(claim.pk),
        "state": task.state,
        "kind": task.kind.name,
        "title": task.title,
        "brief": task.brief,
        "due_at": task.due_at.isoformat(),
        "lease_until": claim.lease_until.isoformat(),
        "min_stay": task.kind.min_stay_minutes,
        "min_photos": asked.min_photos,
        "promotion": asked.promotion,
        "signed": asked.signed,
        "consent": claim.coordinator.location_consent_at is not None,
        "items": [item(each) for each in task.checklist.items.all()] if task.checklist_id else [],
        "place": place(task.place) if task.place_id else None,
        "town": task.town.name,
        "returned": returned(task),
        "arrived": [ArrivedSerializer(each).data for each in on_site.arrivals(claim)],
        "draft": on_site.content_so_far(claim) or None,
        "photos": [kept_photo(each) for each in claim.photos.all()],
    }


def item(row: Any) -> dict[str, Any]:
    return {
        "code": row.code, "text": row.text, "key": row.key, "evidence": row.evidence, "unit": row.unit,
        "measures": row.measures,
    }  # fmt: skip


def place(row: Place) -> dict[str, Any]:
    """What nobody has to type: who it is, where, with which permit, and what was found there."""
    return {
        "name": str(row),
        "where": f"{row.market.name} {row.zone}".strip() if row.market_id else row.address,
        "operator": row.organisation.name if row.organisation_id else "",
        "permit": row.permit_no,
        "permit_until": row.permit_expires_on.isoformat() if row.permit_expires_on else "",
        "token": row.token,
        "typed_code": row.typed_code,
        "findings": [finding(each) for each in row.open_findings[:PHONE_FINDINGS]],
    }


def finding(row: Finding) -> dict[str, Any]:
    return {
        "item": row.item_code,
        "text": row.text,
        "measure": row.measure,
        "due_on": row.due_on.isoformat() if row.due_on else "",
    }


def returned(task: Task) -> dict[str, Any] | None:
    review = on_site.returned_items(task)
    return {"reason": review.reason, "items": review.items} if review else None


def kept_photo(row: VisitPhoto) -> dict[str, Any]:
    return {"sha256": row.sha256, "item": row.item_code, "url": reverse("visit_photo", args=[row.pk])}
