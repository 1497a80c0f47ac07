"""Sales: the seller's record and the buyer's in one (`/api/v1/vouchers`)."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from kit import masking
from kit.openapi import reads
from kit.refusals import Invalid
from registry.api.lists import Listing
from registry.selectors.places import place_for
from traceability.api.batches import batches
from traceability.api.briefs import BatchBrief, PlaceBrief
from traceability.api.filters import VoucherFilter
from traceability.api.gate import Reason
from traceability.api.rows import one, product
from traceability.api.writing import Acting, Writing, writes
from traceability.kilos import KG
from traceability.models import Voucher, VoucherLine
from traceability.selectors.buyers import buyer_of_code
from traceability.services.sell import Buyer, SaleLine, sell
from traceability.services.void import void

TAG = "vouchers"
MOST_LINES = 20
MOST_FEN = 2**53 - 1
EXAMPLE = {
    "place": "0192f0c1-7d3a-7c55-8e21-5a0b6c9d1e2f", "buyer": {"token": "9F2XK7C4H0ZPWQ3S1"},
    "lines": [{"product": "12001", "weight_kg": "25.4", "unit_price_fen": 650}],
}  # fmt: skip


class LineSerializer(serializers.ModelSerializer):
    batch = BatchBrief()

    class Meta:
        model = VoucherLine
        fields = (
            "id", "position", "batch", "product_id", "product_name", "origin_text", "weight_kg", "unit_price_fen",
            "amount_fen", "accepted_kg", "refused_kg",
        )  # fmt: skip


class VoucherSerializer(serializers.ModelSerializer):
    place = PlaceBrief()
    buyer_phone = serializers.SerializerMethodField(help_text="Of a walk-in customer, masked")
    lines = LineSerializer(many=True)

    class Meta:
        model = Voucher
        fields = (
            "id", "token", "typed_code", "state", "place", "market_name", "seller_name", "stall_no", "trade_day",
            "sold_at", "recorded_at", "buyer_place_id", "buyer_name", "buyer_phone", "amount_fen", "device_sequence",
            "offline", "late", "overdrawn", "held_violation", "late_knowledge", "voided_at", "void_reason", "lines",
        )  # fmt: skip

    def get_buyer_phone(self, voucher: Voucher) -> str:
        return masking.phone(voucher.phone) if voucher.phone else ""


class BuyerSerializer(serializers.Serializer):
    token = serializers.CharField(max_length=24, required=False, help_text="From the code of a stall or store")
    name = serializers.CharField(max_length=120, required=False, help_text="A walk-in customer 散客")
    phone = serializers.CharField(max_length=20, required=False)


class SaleLineSerializer(serializers.Serializer):
    batch = serializers.UUIDField(required=False, help_text="This, or `product`: then the oldest batches are taken")
    product = serializers.CharField(max_length=8, required=False)
    weight_kg = serializers.DecimalField(**KG, min_value=0)
    unit_price_fen = serializers.IntegerField(required=False, min_value=0, max_value=MOST_FEN)


class NewVoucher(serializers.Serializer):
    place = serializers.UUIDField(help_text="The stall that sells")
    buyer = BuyerSerializer()
    lines = SaleLineSerializer(many=True, min_length=1, max_length=MOST_LINES)


def vouchers(actor: Any) -> Any:
    return Voucher.objects.visible_to(actor).select_related("place__market").prefetch_related("lines__batch")


@reads("listVouchers", TAG, "Vouchers you may see, as seller or as buyer")
@writes("sell", TAG, "Sell: issues a voucher", asks=NewVoucher, answers=VoucherSerializer, example=EXAMPLE)
class VouchersView(Writing, Listing):
    may_read = ("view_sales",)
    may_write = ("sell",)
    model = Voucher
    serializer_class = VoucherSerializer
    filterset_class = VoucherFilter

    def rows(self, actor: Any) -> Any:
        return vouchers(actor)

    def carry_out(self, actor, asked, key):
        place = place_for(actor, asked["place"])
        lines = [line_of(actor, line) for line in asked["lines"]]
        made = sell(actor, place=place, buyer=buyer_of(asked["buyer"]), lines=lines, client_key=key)
        return one(vouchers(actor), made.pk)


@reads("getVoucher", TAG, "One voucher", VoucherSerializer)
class VoucherView(APIView):
    may_read = ("view_sales",)

    def get(self, request: Request, voucher_id) -> Response:
        return Response(VoucherSerializer(one(vouchers(request.actor), voucher_id)).data)


@writes("voidVoucher", TAG, "Void a voucher on its trade day", asks=Reason, answers=VoucherSerializer)
class VoidView(Acting):
    may_write = ("void_voucher",)

    def among(self, actor):
        return vouchers(actor)

    def carry_out(self, actor, asked, key, row):
        void(actor, voucher=row, **asked)
        return one(vouchers(actor), row.pk)


def buyer_of(said: dict[str, Any]) -> Buyer:
    if "token" not in said:
        return Buyer(name=said.get("name", ""), phone=said.get("phone", ""))
    place = buyer_of_code(said["token"])
    if place is None:
        raise Invalid(fields={"buyer": "unknown"})
    return Buyer(place=place)


def line_of(actor: Any, said: dict[str, Any]) -> SaleLine:
    if ("batch" in said) == ("product" in said):
        raise Invalid(fields={"lines": "batch or product"})
    named = {"batch": one(batches(actor), said["batch"])} if "batch" in said else {"product": product(said["product"])}
    return SaleLine(weight_kg=said["weight_kg"], unit_price_fen=said.get("unit_price_fen"), **named)
