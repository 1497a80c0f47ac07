"""Declaring goods (`/api/v1/declarations`)."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from kit.images import reencode
from kit.openapi import reads
from registry.api.lists import Listing
from registry.papers import PaperKind
from registry.selectors.places import place_for
from registry.selectors.sources import base_for, supplier_for
from traceability.api.briefs import PlaceBrief, ProductBrief, RegionBrief
from traceability.api.filters import DeclarationFilter
from traceability.api.rows import one, product, region
from traceability.api.writing import Acting, Writing, writes
from traceability.kilos import KG, Unit
from traceability.models import Declaration, Paper
from traceability.services import declare
from traceability.services.papers import NewPaper

TAG = "declarations"
SHOWN = ("product", "origin_region", "place__market")
DECLARING = ("declare", "declare_for")
UNITS = [unit.value for unit in Unit]
EXAMPLE = {
    "place": "0192f0c1-7d3a-7c55-8e21-5a0b6c9d1e2f", "product": "12001", "quantity": "480", "unit": "kg",
    "origin_region": "532328", "vehicle_plate": "云A12345",
    "papers": [{"kind": "commitment_certificate", "number": "CN532328-0017"}],
}  # fmt: skip


class PaperSerializer(serializers.ModelSerializer):
    checked = serializers.SerializerMethodField()
    photographed = serializers.SerializerMethodField()

    class Meta:
        model = Paper
        fields = ("id", "kind", "number", "issuer", "issued_on", "photographed", "checked")

    def get_checked(self, paper: Paper) -> bool:
        return paper.verified_at is not None

    def get_photographed(self, paper: Paper) -> bool:
        return bool(paper.image)


class DeclarationSerializer(serializers.ModelSerializer):
    place = PlaceBrief()
    product = ProductBrief()
    origin_region = RegionBrief()
    papers = PaperSerializer(many=True)

    class Meta:
        model = Declaration
        fields = (
            "id", "kind", "state", "place", "trade_day", "product", "origin_region", "origin_detail", "quantity",
            "unit", "weight_kg", "self_grown", "imported", "upstream_code", "vehicle_plate", "note", "declared_at",
            "on_behalf", "eta", "evidence_level", "gate_outcome", "gate_missing", "gate_articles", "audited_at",
            "audit_reason", "supplements_id", "papers",
        )  # fmt: skip


class NewPaperSerializer(serializers.Serializer):
    kind = serializers.ChoiceField([kind.value for kind in PaperKind])
    number = serializers.CharField(max_length=60, required=False)
    issuer = serializers.CharField(max_length=120, required=False)
    issued_on = serializers.DateField(required=False)

    def to_internal_value(self, data: Any) -> NewPaper:
        read = super().to_internal_value(data)
        photo = read.pop("photo", None)
        return NewPaper(**{**read, "kind": PaperKind(read["kind"])}, photo=reencode(photo) if photo else None)


class PhotoOfPaper(NewPaperSerializer):
    photo = serializers.FileField(help_text="JPEG, PNG or HEIC; kept re-encoded, without what the camera wrote in it")


class Goods(serializers.Serializer):
    """What may be said of goods when they are declared, and mended later."""

    quantity = serializers.DecimalField(**KG)
    unit = serializers.ChoiceField(UNITS)
    origin_region = serializers.CharField(max_length=12, help_text="A county's code, or a country's")
    origin_detail = serializers.CharField(max_length=120, required=False)
    supplier = serializers.UUIDField(required=False)
    base = serializers.UUIDField(required=False)
    self_grown = serializers.BooleanField(required=False)
    imported = serializers.BooleanField(required=False)
    upstream_code = serializers.CharField(max_length=200, required=False)
    vehicle_plate = serializers.CharField(max_length=12, required=False)
    note = serializers.CharField(max_length=200, required=False)
    papers = NewPaperSerializer(many=True, required=False)


class NewDeclaration(Goods):
    place = serializers.UUIDField(help_text="The stall")
    product = serializers.CharField(max_length=8)
    trade_day = serializers.DateField(required=False)
    eta = serializers.DateTimeField(required=False)
    supplements = serializers.UUIDField(required=False, help_text="The declaration that this one adds to 补报")


def declarations(actor: Any) -> Any:
    return Declaration.objects.visible_to(actor).select_related(*SHOWN).prefetch_related("papers")


class OfDeclaration(Acting):
    def among(self, actor: Any) -> Any:
        return declarations(actor)


def resolved(actor: Any, said: dict[str, Any]) -> dict[str, Any]:
    """Codes and ids as the rows they name."""
    found = dict(said)
    if "origin_region" in said:
        found["origin_region"] = region(said["origin_region"])
    if "supplier" in said:
        found["supplier"] = supplier_for(actor, said["supplier"])
    if "base" in said:
        found["base"] = base_for(actor, said["base"])
    return found


@reads("listDeclarations", TAG, "Declarations you may see")
@writes("declare", TAG, "Declare goods", asks=NewDeclaration, answers=DeclarationSerializer, example=EXAMPLE)
class DeclarationsView(Writing, Listing):
    may_read = ("view_goods",)
    may_write = DECLARING
    model = Declaration
    serializer_class = DeclarationSerializer
    filterset_class = DeclarationFilter

    def rows(self, actor: Any) -> Any:
        return declarations(actor)

    def carry_out(self, actor, asked, key):
        said = resolved(actor, asked)
        said["place"] = place_for(actor, said["place"])
        said["product"] = product(said["product"])
        if "supplements" in said:
            said["supplements"] = one(declarations(actor), said["supplements"])
        made = declare.declare(actor, client_key=key, **said)
        return one(declarations(actor), made.pk)


@reads("getDeclaration", TAG, "One declaration", DeclarationSerializer)
class DeclarationView(APIView):
    may_read = ("view_goods",)
    may_write = DECLARING

    def get(self, request: Request, declaration_id) -> Response:
        return self.shown(request, declaration_id)

    @extend_schema(
        operation_id="amendDeclaration", tags=[TAG], request=Goods(partial=True), responses=DeclarationSerializer,
        summary="Mend a declaration that waits or was returned, and hand it in again",
    )  # fmt: skip
    def patch(self, request: Request, declaration_id) -> Response:
        found = one(declarations(request.actor), declaration_id)
        asked = Goods(data=request.data, partial=True)
        asked.is_valid(raise_exception=True)
        declare.amend(request.actor, declaration=found, **resolved(request.actor, asked.validated_data))
        return self.shown(request, declaration_id)

    def shown(self, request, declaration_id):
        return Response(DeclarationSerializer(one(declarations(request.actor), declaration_id)).data)


@writes("addPaper", TAG, "Add a photographed paper", asks=PhotoOfPaper, answers=DeclarationSerializer)
class DeclarationPapersView(OfDeclaration):
    may_write = DECLARING
    parser_classes = [MultiPartParser]

    def carry_out(self, actor, asked, key, row):
        declare.amend(actor, declaration=row, papers=[asked])
        return one(declarations(actor), row.pk)


@writes(
    "withdrawDeclaration", TAG, "Take back a declaration", asks=serializers.Serializer, answers=DeclarationSerializer
)
class WithdrawalView(OfDeclaration):
    may_write = DECLARING

    def carry_out(self, actor, asked, key, row):
        declare.withdraw(actor, declaration=row)
        return one(declarations(actor), row.pk)
