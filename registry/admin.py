"""For support staff: everything of the registry to look at, reference data to correct."""

from django.contrib import admin

from kit.admin import ReadOnlyAdmin, ReferenceAdmin
from registry import models


@admin.register(models.Region)
class RegionAdmin(ReferenceAdmin):
    list_display = ["code", "name", "full_name", "level"]
    list_filter = ["level"]
    search_fields = ["code", "name", "pinyin", "initials"]
    raw_id_fields = ["parent"]


class AliasInline(admin.TabularInline):
    model = models.ProductAlias
    extra = 0


@admin.register(models.ProductCategory)
class ProductCategoryAdmin(ReferenceAdmin):
    list_display = ["code", "name", "name_en", "position"]


@admin.register(models.Product)
class ProductAdmin(ReferenceAdmin):
    list_display = ["code", "name", "category", "unit", "shelf_days", "is_meat", "active"]
    list_filter = ["category", "is_meat", "active"]
    search_fields = ["code", "name", "pinyin", "initials", "aliases__alias"]
    list_select_related = ["category"]
    inlines = [AliasInline]


@admin.register(models.Organisation)
class OrganisationAdmin(ReadOnlyAdmin):
    list_display = ["name", "kind", "uscc", "created_at"]
    list_filter = ["kind"]
    search_fields = ["name", "uscc"]


@admin.register(models.Market)
class MarketAdmin(ReadOnlyAdmin):
    list_display = ["name", "kind", "town", "star_level", "active"]
    list_filter = ["kind", "active"]
    list_select_related = ["town"]
    search_fields = ["name"]


@admin.register(models.Place)
class PlaceAdmin(ReadOnlyAdmin):
    list_display = ["__str__", "kind", "state", "market", "town", "organisation"]
    list_filter = ["kind", "state"]
    list_select_related = ["market", "town", "organisation"]
    search_fields = ["name", "stall_no", "name_pinyin", "token", "typed_code"]


@admin.register(models.Account)
class AccountAdmin(ReadOnlyAdmin):
    list_display = ["username", "name", "is_active", "must_change_password", "created_at", "left_at"]
    list_filter = ["is_active", "must_change_password"]
    search_fields = ["username", "name"]


@admin.register(models.Grant)
class GrantAdmin(ReadOnlyAdmin):
    list_display = ["account", "role", "place", "market", "town", "granted_at", "ended_at"]
    list_filter = ["role"]
    list_select_related = ["account", "place", "market", "town"]
    search_fields = ["account__name", "account__username"]


@admin.register(models.SignInTicket)
class SignInTicketAdmin(ReadOnlyAdmin):
    list_display = ["account", "made_by", "made_at", "expires_at", "used_at"]
    list_select_related = ["account", "made_by"]


@admin.register(models.ApiSession)
class ApiSessionAdmin(ReadOnlyAdmin):
    list_display = ["account", "made_at", "expires_at", "ended_at"]
    list_select_related = ["account"]


@admin.register(models.Device)
class DeviceAdmin(ReadOnlyAdmin):
    list_display = ["name", "kind", "state", "market", "place", "last_seen_at", "last_sequence"]
    list_filter = ["kind", "state"]
    list_select_related = ["market", "place"]
    search_fields = ["name", "serial_no"]


@admin.register(models.Base)
class BaseAdmin(ReadOnlyAdmin):
    list_display = ["name", "organisation", "region", "state", "contract_ends_on", "verified_at"]
    list_select_related = ["organisation", "region"]


admin.site.register([models.Occupancy, models.Supplier, models.Notice], ReadOnlyAdmin)


@admin.register(models.NoticeDelivery)
class NoticeDeliveryAdmin(ReadOnlyAdmin):
    list_display = ["id", "channel", "state", "reason", "made_at", "ended_at"]
    list_filter = ["channel", "state"]
