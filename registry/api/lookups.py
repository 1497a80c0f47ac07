"""Looking things up: products, places of origin, stalls and stores, suppliers, bases."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import OpenApiParameter
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from kit import masking
from kit.openapi import reads
from registry.api.lists import Listing
from registry.models import Base, Market, Place, Product, Region, Supplier
from registry.selectors.places import called
from registry.selectors.products import find_products
from registry.selectors.regions import find_origins

NEAR = OpenApiParameter("near", str, description="A region's code: its province comes first")
SOUGHT = OpenApiParameter("q", str, description="As people type it: a name, its pinyin, initials", required=True)
MAY_SEEK = OpenApiParameter("q", str, description="Part of a name, pinyin, a stall number, a typed code")
LONGEST = 60


def sought(request: Request) -> str:
    return request.query_params.get("q", "").replace("\x00", "").strip()[:LONGEST]


class ProductSerializer(serializers.ModelSerializer):
    category = serializers.CharField(source="category.name")

    class Meta:
        model = Product
        fields = (
            "code", "name", "name_en", "category", "unit", "kg_per_unit", "shelf_days", "is_meat", "required_papers"
        )  # fmt: skip


class RegionSerializer(serializers.ModelSerializer):
    class Meta:
        model = Region
        fields = ("code", "name", "full_name", "level")


class MarketSerializer(serializers.ModelSerializer):
    class Meta:
        model = Market
        fields = ("id", "name", "kind", "trade_day_starts_at")


class PlaceSerializer(serializers.ModelSerializer):
    market = MarketSerializer(allow_null=True)

    class Meta:
        model = Place
        fields = ("id", "token", "typed_code", "kind", "state", "name", "stall_no", "zone", "market", "address")


class SupplierSerializer(serializers.ModelSerializer):
    phone = serializers.SerializerMethodField()

    class Meta:
        model = Supplier
        fields = ("id", "name", "address", "phone")

    def get_phone(self, supplier: Supplier) -> str:
        return masking.phone(supplier.phone) if supplier.phone else ""


class BaseSerializer(serializers.ModelSerializer):
    region = RegionSerializer()

    class Meta:
        model = Base
        fields = ("id", "name", "state", "region", "detail", "supplier_id", "contract_ends_on", "verified_at")


@reads("findProducts", "look-up", "Products by name, alias, pinyin or initials", ProductSerializer(many=True),
       parameters=[SOUGHT])  # fmt: skip
class ProductsView(APIView):
    def get(self, request: Request) -> Response:
        return Response(ProductSerializer(find_products(sought(request)), many=True).data)


@reads("findOrigins", "look-up", "Places of origin: counties, towns, countries", RegionSerializer(many=True),
       parameters=[SOUGHT, NEAR])  # fmt: skip
class RegionsView(APIView):
    def get(self, request: Request) -> Response:
        near = request.query_params.get("near", "").replace("\x00", "")[:12]
        return Response(RegionSerializer(find_origins(sought(request), near=near), many=True).data)


@reads("listPlaces", "look-up", "Stalls and stores within your reach", parameters=[MAY_SEEK])
class PlacesView(Listing):
    may_read = ("look_up_places", "edit_own_place")
    model = Place
    serializer_class = PlaceSerializer

    def rows(self, actor: Any) -> Any:
        found = Place.objects.visible_to(actor).select_related("market")
        return found.filter(called(sought(self.request))) if sought(self.request) else found


@reads("listSuppliers", "look-up", "The suppliers a trader remembers")
class SuppliersView(Listing):
    may_read = ("manage_sources", "verify_base", "view_private")
    model = Supplier
    serializer_class = SupplierSerializer

    def rows(self, actor: Any) -> Any:
        return Supplier.objects.visible_to(actor)


@reads("listBases", "look-up", "Production bases under contract")
class BasesView(Listing):
    may_read = ("manage_sources", "verify_base")
    model = Base
    serializer_class = BaseSerializer

    def rows(self, actor: Any) -> Any:
        return Base.objects.visible_to(actor).select_related("region")
