"""What lists can be narrowed to. Places are named by id; one out of reach gives an empty list."""

from django_filters import rest_framework as filters

from traceability.models import Batch, Declaration, Hold, Intake, RapidTest, Voucher


class DeclarationFilter(filters.FilterSet):
    state = filters.ChoiceFilter(choices=Declaration.State.choices)
    place = filters.UUIDFilter(field_name="place_id")
    product = filters.CharFilter(field_name="product_id")
    trade_day = filters.DateFilter()


class BatchFilter(filters.FilterSet):
    state = filters.ChoiceFilter(choices=Batch.State.choices)
    place = filters.UUIDFilter(field_name="place_id")
    product = filters.CharFilter(field_name="product_id")
    trade_day = filters.DateFilter()
    held = filters.BooleanFilter(field_name="held")


class VoucherFilter(filters.FilterSet):
    state = filters.ChoiceFilter(choices=Voucher.State.choices)
    seller = filters.UUIDFilter(field_name="place_id")
    buyer = filters.UUIDFilter(field_name="buyer_place_id")
    trade_day = filters.DateFilter()
    overdrawn = filters.BooleanFilter()
    held_violation = filters.BooleanFilter()


class IntakeFilter(filters.FilterSet):
    state = filters.ChoiceFilter(choices=Intake.State.choices)
    source = filters.ChoiceFilter(choices=Intake.Source.choices)
    place = filters.UUIDFilter(field_name="place_id")
    trade_day = filters.DateFilter()


class HoldFilter(filters.FilterSet):
    reason = filters.ChoiceFilter(choices=Hold.Reason.choices)
    open = filters.BooleanFilter(field_name="released_at", lookup_expr="isnull")


class RapidTestFilter(filters.FilterSet):
    result = filters.ChoiceFilter(choices=RapidTest.Result.choices)
    place = filters.UUIDFilter(field_name="place_id")
    batch = filters.UUIDFilter(field_name="batch_id")
