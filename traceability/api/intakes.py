"""Goods taken in at a stall, canteen or shop (`/api/v1/intakes`)."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from kit import codes
from kit.openapi import reads
from kit.refusals import NotFound
from registry.api.lists import Listing
from registry.selectors.places import place_for
from registry.selectors.sources import supplier_for
from traceability.api.briefs import BatchBrief, PlaceBrief, ProductBrief, RegionBrief
from traceability.api.declarations import UNITS, NewPaperSerializer
from traceability.api.filters import IntakeFilter
from traceability.api.gate import Reason
from traceability.api.rows import one, product, region
from traceability.api.writing import Acting, Writing, writes
from traceability.kilos import KG
from traceability.models import Intake, Voucher
from traceability.services.enter import enter_intake
from traceability.services.reverse import reverse_intake
from traceability.services.take_in import Answer, take_in

TAG = "intakes"
BY_HAND = [Intake.Source.MANUAL, Intake.Source.SELF_GROWN, Intake.Source.EXTERNAL_CODE]


class IntakeSerializer(serializers.ModelSerializer):
    place = PlaceBrief()
    product = ProductBrief()
    origin_region = RegionBrief()
    batch = BatchBrief()

    class Meta:
        model = Intake
        fields = (
            "id", "state", "source", "place", "batch", "voucher_line_id", "product", "quantity", "unit", "weight_kg",
            "origin_region", "origin_detail", "supplier_name", "supplier_market", "supplier_address", "external_code",
            "unit_price_fen", "trade_day", "taken_at", "late", "reversed_at", "reversal_reason",
        )  # fmt: skip


class AnswerSerializer(serializers.Serializer):
    line = serializers.UUIDField()
    accept_kg = serializers.DecimalField(**KG, min_value=0, required=False)
    refuse_kg = serializers.DecimalField(**KG, min_value=0, required=False)
    reason = serializers.CharField(max_length=200, required=False, help_text="Needed where goods are refused")


class TakeIn(serializers.Serializer):
    place = serializers.UUIDField()
    voucher = serializers.CharField(max_length=24, help_text="The voucher's token, as scanned")
    lines = AnswerSerializer(many=True, min_length=1, max_length=20)


class TakenIn(serializers.Serializer):
    intakes = IntakeSerializer(many=True)


class NewIntake(serializers.Serializer):
    place = serializers.UUIDField()
    product = serializers.CharField(max_length=8)
    quantity = serializers.DecimalField(**KG)
    unit = serializers.ChoiceField(UNITS)
    origin_region = serializers.CharField(max_length=12)
    origin_detail = serializers.CharField(max_length=120, required=False)
    supplier = serializers.UUIDField()
    source = serializers.ChoiceField(BY_HAND, required=False)
    external_code = serializers.CharField(max_length=200, required=False)
    unit_price_fen = serializers.IntegerField(required=False, min_value=0, max_value=2**53 - 1)
    trade_day = serializers.DateField(required=False)
    papers = NewPaperSerializer(many=True, required=False)


def intakes(actor: Any) -> Any:
    return Intake.objects.visible_to(actor).select_related("place__market", "product", "origin_region", "batch")


@reads("listIntakes", TAG, "What was taken in, as far as you may see")
@writes("enterIntake", TAG, "Enter goods that came without a voucher of this platform", asks=NewIntake,
        answers=IntakeSerializer)  # fmt: skip
class IntakesView(Writing, Listing):
    may_read = ("view_goods",)
    may_write = ("take_in",)
    model = Intake
    serializer_class = IntakeSerializer
    filterset_class = IntakeFilter

    def rows(self, actor: Any) -> Any:
        return intakes(actor)

    def carry_out(self, actor, asked, key):
        said = {
            **asked,
            "place": place_for(actor, asked["place"]),
            "product": product(asked["product"]),
            "origin_region": region(asked["origin_region"]),
            "supplier": supplier_for(actor, asked["supplier"]),
        }
        return one(intakes(actor), enter_intake(actor, client_key=key, **said).pk)


@writes("takeIn", TAG, "Take in, or refuse, the lines of a voucher", asks=TakeIn, answers=TakenIn)
class TakeInView(Writing):
    may_write = ("take_in",)

    def carry_out(self, actor, asked, key):
        place = place_for(actor, asked["place"])
        voucher = Voucher.objects.filter(token=codes.read_token(asked["voucher"])).first()
        if voucher is None:
            raise NotFound
        answers = [Answer(line_id=line.pop("line"), **line) for line in asked["lines"]]
        made = take_in(actor, place=place, voucher=voucher, answers=answers, client_key=key)
        return {"intakes": list(intakes(actor).filter(pk__in=[intake.pk for intake in made]).order_by("pk"))}


@reads("getIntake", TAG, "One entry", IntakeSerializer)
class IntakeView(APIView):
    may_read = ("view_goods",)

    def get(self, request: Request, intake_id) -> Response:
        return Response(IntakeSerializer(one(intakes(request.actor), intake_id)).data)


@writes("reverseIntake", TAG, "Correct a mistaken entry, visibly 冲正", asks=Reason, answers=IntakeSerializer)
class ReversalView(Acting):
    may_write = ("take_in",)

    def among(self, actor):
        return intakes(actor)

    def carry_out(self, actor, asked, key, row):
        reverse_intake(actor, intake=row, **asked)
        return one(intakes(actor), row.pk)
