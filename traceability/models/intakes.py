from django.db import models
from django.db.models import Q

from kit.crypto import EncryptedTextField
from kit.district import DistrictForeignKey, DistrictModel
from kit.models import AppendOnly

from .declarations import ACCOUNT, UNITS
from .visibility import GoodsQuerySet


class Intake(DistrictModel):
    """进货登记: goods taken in at a stall, canteen or shop; the purchase record of 食品安全法 第65条
    (name, quantity, date, supplier's name, address and phone). Each makes one batch at the place."""

    class Source(models.TextChoices):
        VOUCHER = "voucher", "扫码入账"
        MANUAL = "manual", "手工登记"
        SELF_GROWN = "self_grown", "自产"
        EXTERNAL_CODE = "external_code", "外部追溯码"

    class State(models.TextChoices):
        VALID = "valid", "有效"
        REVERSED = "reversed", "已冲正"

    state = models.CharField("状态", max_length=8, choices=State, default=State.VALID)
    source = models.CharField("来源", max_length=13, choices=Source)
    place = DistrictForeignKey("registry.Place", related_name="intakes", verbose_name="场所")
    organisation = models.ForeignKey("registry.Organisation", models.PROTECT, verbose_name="经营者")
    batch = DistrictForeignKey("Batch", related_name="intake_set", verbose_name="批次")
    # The line may be of another district's voucher: no database foreign key, checked when taken in.
    voucher_line_id = models.UUIDField("凭证行", null=True)
    voucher_district_id = models.CharField(max_length=6, blank=True, default="")
    product = models.ForeignKey("registry.Product", models.PROTECT, verbose_name="品种")
    quantity = models.DecimalField("数量", max_digits=12, decimal_places=3)
    unit = models.CharField("单位", max_length=8, choices=UNITS)
    weight_kg = models.DecimalField("公斤", max_digits=12, decimal_places=3)
    origin_region = models.ForeignKey("registry.Region", models.PROTECT, verbose_name="产地")
    origin_detail = models.CharField("产地详情", max_length=120, blank=True)
    supplier = DistrictForeignKey("registry.Supplier", null=True, blank=True, verbose_name="供货者档案")
    supplier_name = models.CharField("供货者", max_length=120)
    supplier_market = models.CharField("供货市场", max_length=80, blank=True)
    supplier_address = models.CharField("供货者地址", max_length=200, blank=True)
    supplier_phone = EncryptedTextField("供货者电话", blank=True, default="")
    external_code = models.CharField("外部追溯码", max_length=200, blank=True)
    unit_price_fen = models.BigIntegerField("单价(分/公斤)", null=True)
    trade_day = models.DateField("进货日")
    taken_at = models.DateTimeField("登记时间")
    taken_by = models.ForeignKey(ACCOUNT, models.PROTECT, related_name="+", verbose_name="登记人")
    late = models.BooleanField("迟报", default=False)
    reversed_at = models.DateTimeField("冲正时间", null=True)
    reversed_by = models.ForeignKey(ACCOUNT, models.PROTECT, null=True, related_name="+", verbose_name="冲正人")
    reversal_reason = models.CharField("冲正原因", max_length=200, blank=True)
    client_key = models.UUIDField("幂等键")

    objects = GoodsQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "进货登记"
        constraints = [
            models.UniqueConstraint(
                fields=["district_id", "client_key", "voucher_line_id"],
                nulls_distinct=False,
                name="intake_client_key_once",
            ),
            models.UniqueConstraint(
                fields=["district_id", "place", "voucher_line_id"],
                condition=Q(state="valid", voucher_line_id__isnull=False),
                name="intake_once_per_line_and_place",
            ),
            models.CheckConstraint(condition=Q(quantity__gt=0, weight_kg__gt=0), name="intake_weight_positive"),
            models.CheckConstraint(
                condition=Q(source="voucher") ^ Q(voucher_line_id__isnull=True), name="intake_by_voucher_has_line"
            ),
            models.CheckConstraint(
                condition=Q(state="valid", reversed_at__isnull=True)
                | Q(state="reversed", reversed_at__isnull=False) & ~Q(reversal_reason=""),
                name="intake_reversal_has_reason",
            ),
        ]
        indexes = [models.Index(fields=["district_id", "place", "-trade_day"], name="intake_by_place")]


class LineRefusal(AppendOnly):
    """拒收: a buyer refused all or part of a voucher line, with a reason; the kilos go back to the seller's batch."""

    voucher_line_id = models.UUIDField("凭证行")
    voucher_district_id = models.CharField(max_length=6)
    place = DistrictForeignKey("registry.Place", related_name="+", verbose_name="场所")
    organisation = models.ForeignKey("registry.Organisation", models.PROTECT, related_name="+", verbose_name="经营者")
    weight_kg = models.DecimalField("公斤", max_digits=12, decimal_places=3)
    reason = models.CharField("原因", max_length=200)
    refused_at = models.DateTimeField("时间")
    refused_by = models.ForeignKey(ACCOUNT, models.PROTECT, related_name="+", verbose_name="经手人")
    client_key = models.UUIDField("幂等键")

    objects = GoodsQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "拒收"
        constraints = [
            models.UniqueConstraint(
                fields=["district_id", "client_key", "voucher_line_id"], name="line_refusal_client_key_once"
            ),
            models.CheckConstraint(condition=Q(weight_kg__gt=0) & ~Q(reason=""), name="line_refusal_has_reason"),
        ]
