"""The documents of the device API, for the schema; docs/device-api.md says what they mean.

Sales are read by `traceability.device_sale`, one by one, because one unreadable sale must not stop the others.
"""

from rest_framework import serializers

from traceability.kilos import KG


class TimeDocument(serializers.Serializer):
    server_time = serializers.DateTimeField()
    unix = serializers.IntegerField()


class CodesRequest(serializers.Serializer):
    sequence = serializers.IntegerField(min_value=1)
    count = serializers.IntegerField(min_value=1, max_value=500)


class CodePair(serializers.Serializer):
    token = serializers.CharField()
    typed_code = serializers.CharField()


class CodesDocument(serializers.Serializer):
    sequence = serializers.IntegerField()
    codes = CodePair(many=True)
    voucher_url = serializers.CharField()


class WalkIn(serializers.Serializer):
    name = serializers.CharField(max_length=120)
    phone = serializers.CharField(max_length=20, allow_blank=True)


class SaleBuyer(serializers.Serializer):
    stall_token = serializers.CharField(required=False)
    store_token = serializers.CharField(required=False)
    walk_in = WalkIn(required=False)


class SaleLineSent(serializers.Serializer):
    batch_token = serializers.CharField(required=False, allow_null=True)
    button = serializers.IntegerField(required=False, allow_null=True)
    weight_kg = serializers.CharField()
    unit_price_fen = serializers.IntegerField(required=False, allow_null=True, min_value=0)
    amount_fen = serializers.IntegerField(required=False, allow_null=True, min_value=0)


class SaleSent(serializers.Serializer):
    sequence = serializers.IntegerField(min_value=1)
    token = serializers.CharField()
    typed_code = serializers.CharField()
    sold_at = serializers.DateTimeField()
    offline = serializers.BooleanField()
    cursor = serializers.CharField(required=False, allow_null=True)
    seller_place = serializers.CharField()
    buyer = SaleBuyer()
    lines = SaleLineSent(many=True)


class SalesRequest(serializers.Serializer):
    sales = SaleSent(many=True)


class SaleItemLine(serializers.Serializer):
    batch_token = serializers.CharField()
    overdrawn_kg = serializers.DecimalField(**KG)


class SaleItem(serializers.Serializer):
    sequence = serializers.IntegerField()
    result = serializers.ChoiceField(["recorded", "duplicate", "set_aside"])
    code = serializers.CharField(allow_null=True)
    fields = serializers.ListField(child=serializers.CharField(), required=False)
    flags = serializers.ListField(child=serializers.ChoiceField(["late", "overdrawn", "held", "clock_ahead"]))
    token = serializers.CharField(allow_null=True)
    lines = SaleItemLine(many=True)


class SalesDocument(serializers.Serializer):
    server_time = serializers.DateTimeField()
    received_to = serializers.IntegerField()
    gaps = serializers.ListField(child=serializers.ListField(child=serializers.IntegerField()))
    items = SaleItem(many=True)


class DeltaPlace(serializers.Serializer):
    token = serializers.CharField()
    seller_name = serializers.CharField()
    seller_phone = serializers.CharField()
    stall_no = serializers.CharField()
    market_name = serializers.CharField()
    trade_day_starts_at = serializers.CharField()


class DeltaBatch(serializers.Serializer):
    token = serializers.CharField()
    typed_code = serializers.CharField()
    seller_place = serializers.CharField()
    product_code = serializers.CharField()
    product_name = serializers.CharField()
    origin_text = serializers.CharField()
    made_at = serializers.DateTimeField()
    expires_on = serializers.DateField()
    left_kg = serializers.CharField()
    test_text = serializers.CharField()


class DeltaButton(serializers.Serializer):
    id = serializers.CharField()
    number = serializers.IntegerField()
    product_code = serializers.CharField()
    label = serializers.CharField()


class DeltaHold(serializers.Serializer):
    id = serializers.CharField()
    batch_token = serializers.CharField()
    placed_at = serializers.DateTimeField()


class DeltaBuyer(serializers.Serializer):
    id = serializers.CharField()
    seller_place = serializers.CharField()
    kind = serializers.ChoiceField(["stall", "store"])
    token = serializers.CharField()
    name = serializers.CharField()
    last_sold_at = serializers.DateTimeField()


class DeltaDocument(serializers.Serializer):
    cursor = serializers.CharField()
    full = serializers.BooleanField()
    more = serializers.BooleanField()
    server_time = serializers.DateTimeField()
    voucher_url = serializers.CharField()
    places = DeltaPlace(many=True)
    batches = DeltaBatch(many=True)
    buttons = DeltaButton(many=True)
    holds = DeltaHold(many=True)
    buyers = DeltaBuyer(many=True)
    removed = serializers.DictField(child=serializers.ListField(child=serializers.CharField()))


class ReadingSent(serializers.Serializer):
    system_code = serializers.CharField(max_length=64)
    item = serializers.CharField(max_length=16)
    sample = serializers.CharField(max_length=60)
    value = serializers.CharField(required=False, allow_null=True)
    unit = serializers.CharField(required=False, max_length=16, allow_blank=True)
    text = serializers.CharField(required=False, max_length=60, allow_blank=True)
    tested_at = serializers.DateTimeField()
    username = serializers.CharField(required=False, max_length=60, allow_blank=True)


class ReadingsRequest(serializers.Serializer):
    sequence = serializers.IntegerField(min_value=1)
    readings = ReadingSent(many=True)


class ReadingItem(serializers.Serializer):
    system_code = serializers.CharField()
    result = serializers.ChoiceField(["recorded", "kept", "different_content"])
    problem = serializers.CharField(allow_blank=True)


class ReadingsDocument(serializers.Serializer):
    server_time = serializers.DateTimeField()
    items = ReadingItem(many=True)
