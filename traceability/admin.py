"""For support staff: the goods, to look at."""

from django.contrib import admin

from kit.admin import ReadOnlyAdmin
from traceability import models


@admin.register(models.Declaration)
class DeclarationAdmin(ReadOnlyAdmin):
    list_display = ["id", "product", "place", "weight_kg", "state", "declared_at"]
    list_filter = ["state", "kind"]
    list_select_related = ["product", "place"]


@admin.register(models.Batch)
class BatchAdmin(ReadOnlyAdmin):
    search_fields = ["token", "typed_code"]


@admin.register(models.Voucher)
class VoucherAdmin(ReadOnlyAdmin):
    search_fields = ["token", "typed_code"]


admin.site.register(
    [
        models.Paper,
        models.VoucherLine,
        models.Intake,
        models.LineRefusal,
        models.StockMove,
        models.RapidTest,
        models.Hold,
        models.HoldItem,
        models.TraceEvent,
        models.PositiveCase,
        models.CaseStep,
        models.Disposal,
        models.LabReport,
        models.Policy,
    ],
    ReadOnlyAdmin,
)
