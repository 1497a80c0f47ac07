"""Field work for the offline app (`/api/v1/work/…`): what one holds, and what one did there.

The services are idempotent by themselves and for good, since a phone may come back after weeks; so an answer is never
replayed from a record but says how things stand now.
"""

from __future__ import annotations

from typing import Any

from django.middleware.csrf import get_token
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from inspections.api import work_documents as documents
from inspections.models import Submission
from inspections.selectors import on_site
from inspections.services.check_in import check_in
from inspections.services.drafts import save_draft
from inspections.services.photos import add_photo
from inspections.services.submit import submit
from inspections.visit_content import LONGEST_CODE
from inspections.visit_rules import Position
from kit import clock
from kit.drf import IDEMPOTENCY_HEADER, IdempotentCreateMixin, KeyNeeded
from kit.openapi import reads
from traceability.api.writing import client_key

TAG = "work"
HEAVIEST_FIELD = 20_000_000


class PositionSerializer(serializers.Serializer):
    latitude = serializers.FloatField(min_value=-90, max_value=90)
    longitude = serializers.FloatField(min_value=-180, max_value=180)
    accuracy_m = serializers.FloatField(min_value=0, max_value=HEAVIEST_FIELD)

    def to_internal_value(self, data: Any) -> Position:
        read = super().to_internal_value(data)
        return Position(read["latitude"], read["longitude"], min(round(read["accuracy_m"]), 10**7 - 1))


class ArrivalSerializer(serializers.Serializer):
    phone_at = serializers.DateTimeField()
    scanned = serializers.CharField(max_length=200, required=False, allow_blank=True, default="")
    position = PositionSerializer(required=False, allow_null=True, default=None)


class PhotoSerializer(serializers.Serializer):
    sha256 = serializers.RegexField(r"^[0-9a-f]{64}$")
    file = serializers.FileField()
    item = serializers.CharField(max_length=LONGEST_CODE, required=False, allow_blank=True, default="")
    taken_at = serializers.DateTimeField()
    latitude = serializers.FloatField(min_value=-90, max_value=90, required=False)
    longitude = serializers.FloatField(min_value=-180, max_value=180, required=False)
    accuracy_m = serializers.FloatField(min_value=0, max_value=HEAVIEST_FIELD, required=False)

    def position(self) -> Position | None:
        said = {name: self.validated_data.get(name) for name in ("latitude", "longitude", "accuracy_m")}
        if None in said.values():
            return None
        return Position(said["latitude"], said["longitude"], min(round(said["accuracy_m"]), 10**7 - 1))


class FieldView(APIView):
    """For whoever works in the field, about what is one's own."""

    may_read = may_write = ("work_in_field",)


class Keyed(IdempotentCreateMixin):
    """Asks for a key as every POST does, and leaves it to the service to know it again."""

    def post(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        if not request.headers.get(IDEMPOTENCY_HEADER):
            raise KeyNeeded
        return self.create(request, *args, **kwargs)


@reads("me", TAG, "Who is signed in, and a fresh token for what is sent next", documents.MeSerializer)
class MeView(FieldView):
    def get(self, request: Request) -> Response:
        return fresh({"person": documents.person(request.user), "csrf": get_token(request._request)})


@reads("listWork", TAG, "Tasks in hand, with their checklists and what is known of the place", documents.WorkSerializer)
class WorkView(FieldView):
    def get(self, request: Request) -> Response:
        at = clock.now()
        return fresh(
            {
                "person": documents.person(request.user),
                "csrf": get_token(request._request),
                "at": at.isoformat(),
                "tasks": [documents.task_in_hand(claim) for claim in on_site.in_hand(request.actor, at)],
            }
        )


class ArrivalsView(Keyed, FieldView):
    @extend_schema(operation_id="arrive", tags=[TAG], summary="Check in 到场签到", request=ArrivalSerializer,
                   responses={201: documents.ArrivedSerializer})  # fmt: skip
    def post(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return super().post(request, *args, **kwargs)

    def create(self, request: Request, claim_id) -> Response:
        claim = on_site.own_claim(request.actor, claim_id)
        asked = valid(ArrivalSerializer, request)
        made = check_in(
            request.actor, claim_id=claim.pk, district_id=claim.district_id, phone_at=asked["phone_at"],
            scanned_token=asked["scanned"], position=asked["position"], client_key=client_key(request),
        )  # fmt: skip
        return Response(documents.ArrivedSerializer(made).data, status=201)


class PhotosView(Keyed, FieldView):
    parser_classes = [MultiPartParser]

    @extend_schema(operation_id="addPhoto", tags=[TAG], summary="One photo, named by its SHA-256",
                   request={"multipart/form-data": PhotoSerializer}, responses={201: documents.StandingSerializer})  # fmt: skip
    def post(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return super().post(request, *args, **kwargs)

    def create(self, request: Request, claim_id) -> Response:
        claim = on_site.own_claim(request.actor, claim_id)
        asked = PhotoSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        said = asked.validated_data
        add_photo(
            request.actor, claim_id=claim.pk, district_id=claim.district_id, sha256=said["sha256"],
            file=said["file"], item_code=said["item"], taken_at=said["taken_at"], position=asked.position(),
        )  # fmt: skip
        return Response(standing(request, claim_id), status=201)


class SubmissionsView(Keyed, FieldView):
    @extend_schema(operation_id="submitWork", tags=[TAG], summary="The record of a visit 提交",
                   request=documents.ContentSerializer, responses={201: documents.SubmittedSerializer})  # fmt: skip
    def post(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return super().post(request, *args, **kwargs)

    def create(self, request: Request, claim_id) -> Response:
        claim = on_site.own_claim(request.actor, claim_id)
        made = submit(
            request.actor, claim_id=claim.pk, district_id=claim.district_id, content=request.data,
            client_key=client_key(request),
        )  # fmt: skip
        return Response(documents.submitted(made), status=201)


class DraftView(FieldView):
    @extend_schema(operation_id="keepDraft", tags=[TAG], summary="What is typed so far",
                   request=documents.ContentSerializer, responses={204: None})  # fmt: skip
    def put(self, request: Request, claim_id) -> Response:
        claim = on_site.own_claim(request.actor, claim_id)
        save_draft(request.actor, claim_id=claim.pk, district_id=claim.district_id, content=request.data)
        return Response(status=204)


@reads("workStanding", TAG, "What has arrived of a record", documents.StandingSerializer)
class StandingView(FieldView):
    def get(self, request: Request, claim_id) -> Response:
        return fresh(standing(request, claim_id))


def standing(request: Request, claim_id) -> dict[str, Any]:
    claim = on_site.own_claim(request.actor, claim_id)
    last: Submission | None = on_site.submissions_of(claim).last()
    return {
        "held": on_site.is_live(claim, clock.now()),
        "submission": documents.submitted(last) if last else None,
    }


def valid(kind: type[serializers.Serializer], request: Request) -> dict[str, Any]:
    asked = kind(data=request.data)
    asked.is_valid(raise_exception=True)
    return asked.validated_data


def fresh(data: Any) -> Response:
    """Never from a cache: another person may ask next."""
    return Response(data, headers={"Cache-Control": "no-store", "Vary": "Cookie, Authorization"})
