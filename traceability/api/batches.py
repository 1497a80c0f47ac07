"""Goods: what there is, where it came from, where it went, what happened to it (`/api/v1/batches`)."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from kit.openapi import reads
from registry.api.lists import Listing
from traceability.api.briefs import PlaceBrief, ProductBrief, RegionBrief
from traceability.api.filters import BatchFilter
from traceability.api.rows import one
from traceability.api.writing import Acting, writes
from traceability.kilos import KG
from traceability.models import Batch, StockMove, TraceEvent
from traceability.selectors.lineage import with_descendants
from traceability.selectors.public_goods import public_name
from traceability.selectors.stock import batches_for, way_of
from traceability.services.write_off import write_off

TAG = "batches"


class BatchSerializer(serializers.ModelSerializer):
    place = PlaceBrief()
    product = ProductBrief()
    origin_region = RegionBrief()
    held = serializers.BooleanField()
    on_hand_kg = serializers.DecimalField(**KG)

    class Meta:
        model = Batch
        fields = (
            "id", "token", "typed_code", "state", "held", "place", "product", "origin_region", "origin_detail",
            "trade_day", "made_at", "expires_on", "evidence_level", "declaration_id", "parent_id", "admitted_kg",
            "overdrawn_kg", "sold_kg", "withdrawn_kg", "disposed_kg", "returned_kg", "lost_kg", "on_hand_kg",
        )  # fmt: skip


class StepSerializer(serializers.Serializer):
    """One batch on the way, as the public may know it; `id` only where you may open it."""

    id = serializers.UUIDField(allow_null=True)
    token = serializers.CharField()
    typed_code = serializers.CharField()
    place = serializers.CharField()
    stall_no = serializers.CharField()
    market = serializers.CharField()
    origin = serializers.CharField()
    trade_day = serializers.DateField()
    evidence_level = serializers.IntegerField()


class EventSerializer(serializers.ModelSerializer):
    class Meta:
        model = TraceEvent
        fields = ("id", "kind", "happened_at", "recorded_at", "weight_kg", "biz_step", "disposition")


class MoveSerializer(serializers.ModelSerializer):
    class Meta:
        model = StockMove
        fields = ("id", "kind", "weight_kg", "reason", "moved_at")


class NewMove(serializers.Serializer):
    kind = serializers.ChoiceField(StockMove.Kind.choices)
    weight_kg = serializers.DecimalField(**KG, help_text="Above zero; below zero corrects an earlier one")
    reason = serializers.CharField(max_length=200, required=False)


def batches(actor: Any) -> Any:
    return batches_for(actor)


@reads("listBatches", TAG, "Batches you may see")
class BatchesView(Listing):
    may_read = ("view_goods",)
    model = Batch
    serializer_class = BatchSerializer
    filterset_class = BatchFilter

    def rows(self, actor: Any) -> Any:
        return batches(actor)


@reads("getBatch", TAG, "One batch", BatchSerializer)
class BatchView(APIView):
    may_read = ("view_goods",)

    def get(self, request: Request, batch_id) -> Response:
        return Response(BatchSerializer(one(batches(request.actor), batch_id)).data)


@reads("batchUpstream", TAG, "Where it came from: from the first known batch to this one", StepSerializer(many=True))
class UpstreamView(APIView):
    may_read = ("view_goods",)

    def get(self, request: Request, batch_id) -> Response:
        way = way_of(one(batches(request.actor), batch_id))
        mine = set(batches(request.actor).filter(pk__in=[step.pk for step in way]).values_list("pk", flat=True))
        return Response(StepSerializer([described(step, step.pk in mine) for step in way], many=True).data)


@reads("batchDownstream", TAG, "Batches that came of it, as far as you may see them")
class DownstreamView(Listing):
    may_read = ("view_goods",)
    model = Batch
    serializer_class = BatchSerializer
    filter_backends: list = []

    def rows(self, actor: Any) -> Any:
        batch = one(batches(actor), self.kwargs["batch_id"])
        return batches(actor).filter(pk__in=with_descendants([batch.pk])).exclude(pk=batch.pk)


@reads("batchEvents", TAG, "What happened to it, from the sealed ledger")
class EventsView(Listing):
    may_read = ("view_goods",)
    model = TraceEvent
    serializer_class = EventSerializer
    filter_backends: list = []

    def rows(self, actor: Any) -> Any:
        batch = one(batches(actor), self.kwargs["batch_id"])
        return TraceEvent.objects.filter(district_id=batch.district_id, batch_id=batch.pk)


@reads("listMoves", TAG, "What left its stock other than by a sale")
@writes("writeOff", TAG, "Take off sale, destroy, return, or report lost", asks=NewMove, answers=MoveSerializer,
        example={"kind": "lost", "weight_kg": "3.5", "reason": "烂叶"})  # fmt: skip
class MovesView(Acting, Listing):
    may_read = ("view_goods",)
    may_write = ("write_off",)
    model = StockMove
    serializer_class = MoveSerializer
    filter_backends: list = []

    def rows(self, actor: Any) -> Any:
        batch = one(batches(actor), self.kwargs["batch_id"])
        return StockMove.objects.filter(district_id=batch.district_id, batch=batch)

    def among(self, actor):
        return batches(actor)

    def carry_out(self, actor, asked, key, row):
        return write_off(actor, batch=row, client_key=key, **asked)


def described(step: Batch, mine: bool) -> dict[str, Any]:
    return {
        "id": step.pk if mine else None,
        "token": step.token,
        "typed_code": step.typed_code,
        "place": public_name(step.place),
        "stall_no": step.place.stall_no,
        "market": step.place.market.name if step.place.market_id else "",
        "origin": f"{step.origin_region.full_name} {step.origin_detail}".strip(),
        "trade_day": step.trade_day,
        "evidence_level": step.evidence_level,
    }
