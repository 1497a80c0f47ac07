"""What a code stands for, and whom a stall sold to lately."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import OpenApiParameter
from rest_framework import exceptions, serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from kit import clock, public_codes, ratelimit
from kit.addresses import client_address
from kit.models import PublicCode
from kit.openapi import reads
from kit.refusals import NotFound
from registry.models import Place
from registry.selectors.places import place_for
from traceability.api.briefs import PlaceBrief
from traceability.models import Batch, Voucher, VoucherLine
from traceability.selectors.buyers import recent_buyers

KINDS = {"b": "batch", "v": "voucher", "s": "stall", "d": "store"}
MODELS: dict[str, Any] = {"b": Batch, "v": Voucher, "s": Place, "d": Place}
MISSES = ratelimit.Misses("code", limit=100, window=60)


class CodeLine(serializers.ModelSerializer):
    """A line of a scanned voucher: what a buyer needs to take it in."""

    open_kg = serializers.SerializerMethodField()

    class Meta:
        model = VoucherLine
        fields = ("id", "product_name", "weight_kg", "open_kg")

    def get_open_kg(self, line: VoucherLine) -> str:
        return str(line.weight_kg - line.accepted_kg - line.refused_kg)


class CodeSerializer(serializers.Serializer):
    token = serializers.CharField()
    typed_code = serializers.CharField()
    kind = serializers.ChoiceField(list(KINDS.values()))
    state = serializers.ChoiceField(PublicCode.State.choices)
    replaced_by = serializers.CharField()
    page = serializers.CharField(help_text="The public page")
    id = serializers.UUIDField(allow_null=True, help_text="The thing, where you may open it")
    lines = CodeLine(many=True)


class BuyerSerializer(serializers.Serializer):
    place = PlaceBrief()
    bought_at = serializers.DateTimeField()


@reads("readCode", "look-up", "What a scanned or typed code stands for", CodeSerializer)
class CodeView(APIView):
    def get(self, request: Request, code: str) -> Response:
        address = client_address(request._request)
        if MISSES.blocked(address):
            raise exceptions.Throttled(wait=MISSES.window, code="too_many_requests")
        found = public_codes.look_up(code) or public_codes.look_up_typed(code)
        if found is None:
            MISSES.hit(address)
            raise NotFound
        return Response(CodeSerializer(described(request.actor, found)).data)


@reads("recentBuyers", "look-up", "Stalls and stores that bought last", BuyerSerializer(many=True),
       parameters=[OpenApiParameter("place", {"type": "string", "format": "uuid"}, required=True)])  # fmt: skip
class RecentBuyersView(APIView):
    may_read = ("sell",)

    def get(self, request: Request) -> Response:
        asked = serializers.UUIDField().run_validation(request.query_params.get("place"))
        place = place_for(request.actor, asked)
        named = [buyer for buyer in recent_buyers(place, clock.now(), limit=24) if buyer.place]
        return Response(BuyerSerializer(named, many=True).data)


def described(actor: Any, code: PublicCode) -> dict[str, Any]:
    seen = MODELS[code.kind].objects.visible_to(actor)
    mine = code.target_id and seen.filter(district_id=code.district_id, pk=code.target_id).exists()
    lines = VoucherLine.objects.none()
    if code.kind == "v" and code.target_id:
        lines = VoucherLine.objects.filter(district_id=code.district_id, voucher_id=code.target_id)
    return {
        "token": code.token,
        "typed_code": code.typed_code,
        "kind": KINDS[code.kind],
        "state": code.state,
        "replaced_by": code.replaced_by,
        "page": f"/{code.kind}/{code.token}",
        "id": code.target_id if mine else None,
        "lines": lines,
    }
