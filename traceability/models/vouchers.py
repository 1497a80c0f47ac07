from django.db import models
from django.db.models import F, Q

from kit.crypto import EncryptedTextField
from kit.district import DistrictForeignKey, DistrictModel
from kit.models import Coded
from registry.models.contact import HasPhone

from .declarations import ACCOUNT
from .visibility import VoucherQuerySet


class Voucher(DistrictModel, Coded, HasPhone):
    """销售凭证: the seller's sales record and the buyer's purchase record in one (总局令81号 第28条).

    The names of market, seller and stall and the seller's phone are kept as they were when it was
    issued. The buyer is a stall or store (perhaps of another district: no database foreign key), or a
    walk-in customer 散客 with name and phone (`HasPhone` is the walk-in's phone). `sold_at` is the
    seller's clock, `recorded_at` ours; `late_knowledge` marks a sale a device made of a batch already
    on hold before the device could know.
    """

    class State(models.TextChoices):
        ISSUED = "issued", "有效"
        VOID = "void", "已作废"

    state = models.CharField("状态", max_length=6, choices=State, default=State.ISSUED)
    place = DistrictForeignKey("registry.Place", related_name="vouchers", verbose_name="销售摊位")
    organisation = models.ForeignKey("registry.Organisation", models.PROTECT, related_name="+", verbose_name="销售者")
    market_name = models.CharField("批发市场", max_length=80)
    seller_name = models.CharField("销售者名称", max_length=120)
    stall_no = models.CharField("摊位号", max_length=20)
    seller_phone = EncryptedTextField("销售者电话", blank=True, default="")
    trade_day = models.DateField("交易日")
    sold_at = models.DateTimeField("销售时间")
    recorded_at = models.DateTimeField("入库时间")

    buyer_place_id = models.UUIDField("购货场所", null=True)
    buyer_district_id = models.CharField(max_length=6, blank=True, default="")
    buyer_organisation_id = models.UUIDField("购货主体", null=True)
    buyer_name = models.CharField("购货者", max_length=120)

    amount_fen = models.BigIntegerField("金额(分)", null=True)
    device = DistrictForeignKey("registry.Device", null=True, related_name="vouchers", verbose_name="设备")
    device_sequence = models.PositiveBigIntegerField("设备序号", null=True)
    offline = models.BooleanField("离线开具", default=False)
    late = models.BooleanField("迟到", default=False)
    overdrawn = models.BooleanField("超出库存", default=False)
    held_violation = models.BooleanField("暂停后售出", default=False)
    late_knowledge = models.BooleanField("当时无从得知暂停", default=False)
    sold_by = models.ForeignKey(ACCOUNT, models.PROTECT, null=True, related_name="+", verbose_name="开具人")
    reprints = models.PositiveSmallIntegerField("补打次数", default=0)
    voided_at = models.DateTimeField("作废时间", null=True)
    voided_by = models.ForeignKey(ACCOUNT, models.PROTECT, null=True, related_name="+", verbose_name="作废人")
    void_reason = models.CharField("作废原因", max_length=200, blank=True)
    client_key = models.UUIDField("幂等键", null=True)

    objects = VoucherQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "销售凭证"
        constraints = [
            models.UniqueConstraint(fields=["district_id", "token"], name="voucher_token_once"),
            models.UniqueConstraint(fields=["district_id", "client_key"], name="voucher_client_key_once"),
            models.UniqueConstraint(
                fields=["district_id", "device", "device_sequence"], name="voucher_device_sequence_once"
            ),
            models.CheckConstraint(
                condition=Q(buyer_place_id__isnull=False) | ~Q(buyer_name=""), name="voucher_names_its_buyer"
            ),
            models.CheckConstraint(
                condition=Q(state="issued", voided_at__isnull=True)
                | Q(state="void", voided_at__isnull=False) & ~Q(void_reason=""),
                name="voucher_void_has_reason",
            ),
            models.CheckConstraint(
                condition=Q(late_knowledge=False) | Q(held_violation=True), name="voucher_late_knowledge_of_a_hold"
            ),
        ]
        indexes = [
            models.Index(fields=["district_id", "place", "-sold_at"], name="voucher_by_seller"),
            models.Index(fields=["buyer_place_id", "-sold_at"], name="voucher_by_buyer"),
        ]


class VoucherLine(DistrictModel):
    """One product on a voucher. What the buyer accepted and refused never exceeds what was sold."""

    voucher = DistrictForeignKey(Voucher, related_name="lines", verbose_name="凭证")
    position = models.PositiveSmallIntegerField("行号")
    batch = DistrictForeignKey("Batch", related_name="lines", verbose_name="批次")
    product = models.ForeignKey("registry.Product", models.PROTECT, verbose_name="品种")
    product_name = models.CharField("品名", max_length=64)
    origin_text = models.CharField("产地", max_length=200)
    weight_kg = models.DecimalField("公斤", max_digits=12, decimal_places=3)
    unit_price_fen = models.BigIntegerField("单价(分/公斤)", null=True)
    amount_fen = models.BigIntegerField("金额(分)", null=True)
    accepted_kg = models.DecimalField("已入账公斤", max_digits=12, decimal_places=3, default=0)
    refused_kg = models.DecimalField("拒收公斤", max_digits=12, decimal_places=3, default=0)

    class Meta:
        verbose_name = verbose_name_plural = "凭证行"
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["district_id", "voucher", "position"], name="voucher_line_position_once"),
            models.CheckConstraint(condition=Q(weight_kg__gt=0), name="voucher_line_weight_positive"),
            models.CheckConstraint(
                condition=Q(accepted_kg__gte=0, refused_kg__gte=0, accepted_kg__lte=F("weight_kg") - F("refused_kg")),
                name="voucher_line_accepted_within_weight",
            ),
        ]
