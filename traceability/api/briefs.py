"""How things are named inside other things. Every field is chosen; nothing comes along by itself."""

from rest_framework import serializers

from registry.models import Place, Product, Region
from traceability.models import Batch


class ProductBrief(serializers.ModelSerializer):
    class Meta:
        model = Product
        fields = ("code", "name", "name_en")


class RegionBrief(serializers.ModelSerializer):
    class Meta:
        model = Region
        fields = ("code", "full_name")


class PlaceBrief(serializers.ModelSerializer):
    market = serializers.CharField(source="market.name", default="", read_only=True)

    class Meta:
        model = Place
        fields = ("id", "token", "kind", "name", "stall_no", "market")


class BatchBrief(serializers.ModelSerializer):
    class Meta:
        model = Batch
        fields = ("id", "token", "typed_code")
