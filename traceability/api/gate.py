"""The market decides on declarations."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from rest_framework import serializers

from kit import problems
from kit.refusals import Refusal
from traceability.api.batches import BatchSerializer, batches
from traceability.api.declarations import TAG, DeclarationSerializer, OfDeclaration, declarations
from traceability.api.rows import one
from traceability.api.writing import Writing, writes
from traceability.services import audit

MOST_AT_ONCE = 100


class Reason(serializers.Serializer):
    reason = serializers.CharField(max_length=200)


class Admission(serializers.Serializer):
    checked_papers = serializers.ListField(
        child=serializers.UUIDField(), required=False, max_length=20,
        help_text="Papers whose number and issuer were compared",
    )  # fmt: skip


class Several(serializers.Serializer):
    declarations = serializers.ListField(child=serializers.UUIDField(), min_length=1, max_length=MOST_AT_ONCE)


class RefusedSerializer(serializers.Serializer):
    declaration = serializers.UUIDField()
    code = serializers.CharField()
    detail = serializers.CharField()


class SeveralAnswers(serializers.Serializer):
    admitted = BatchSerializer(many=True)
    refused = RefusedSerializer(many=True)


@writes("admit", TAG, "Let the goods in: makes the batch", asks=Admission, answers=BatchSerializer)
class AdmissionView(OfDeclaration):
    may_write = ("audit_declaration",)

    def carry_out(self, actor, asked, key, row):
        made = audit.admit(actor, declaration=row, **asked)
        return one(batches(actor), made.pk)


@writes("returnDeclaration", TAG, "Send back, to be mended", asks=Reason, answers=DeclarationSerializer,
        example={"reason": "合格证照片看不清"})  # fmt: skip
class ReturnView(OfDeclaration):
    may_write = ("audit_declaration",)

    def carry_out(self, actor, asked, key, row):
        audit.send_back(actor, declaration=row, **asked)
        return one(declarations(actor), row.pk)


@writes("rejectDeclaration", TAG, "Keep the goods out", asks=Reason, answers=DeclarationSerializer)
class RejectionView(OfDeclaration):
    may_write = ("audit_declaration",)

    def carry_out(self, actor, asked, key, row):
        audit.reject(actor, declaration=row, **asked)
        return one(declarations(actor), row.pk)


@writes("admitSeveral", TAG, "Let several in, each on its own", asks=Several, answers=SeveralAnswers)
class AdmissionsView(Writing):
    may_write = ("audit_declaration",)

    def carry_out(self, actor, asked, key) -> dict[str, Any]:
        wanted = list(dict.fromkeys(asked["declarations"]))
        found = {row.pk: row for row in declarations(actor).filter(pk__in=wanted)}
        refused: list[tuple[Any, Refusal]]
        with transaction.atomic():
            admitted, refused = audit.admit_many(actor, declarations=list(found.values()))
        missing = [{"declaration": each, "code": "not_found", "detail": ""} for each in wanted if each not in found]
        return {
            "admitted": list(batches(actor).filter(pk__in=[batch.pk for batch in admitted]).order_by("pk")),
            "refused": missing
            + [
                {"declaration": row.pk, "code": refusal.code, "detail": problems.words(refusal)}
                for row, refusal in refused
            ],
        }
