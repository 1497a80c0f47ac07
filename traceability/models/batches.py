from django.db import models
from django.db.models import F, Q

from kit.district import DistrictForeignKey, DistrictModel
from kit.models import AppendOnly, Coded

from .declarations import ACCOUNT, EVIDENCE_CHOICES
from .visibility import GoodsQuerySet

KG = {"max_digits": 12, "decimal_places": 3, "default": 0}


class BatchQuerySet(GoodsQuerySet):
    def saleable(self):
        """Asked positively: admitted, and under no open hold."""
        return self.filter(state=Batch.State.ADMITTED).exclude(holds__released_at__isnull=True, holds__isnull=False)

    def with_stock(self):
        return self.annotate(on_hand_kg=Batch.ON_HAND).filter(on_hand_kg__gt=0)

    def sold_out(self):
        return self.annotate(on_hand_kg=Batch.ON_HAND).filter(on_hand_kg__lte=0)


class Batch(DistrictModel, Coded):
    """批次: goods of one product, origin and source, held by one holder at one place.

    Admission at a wholesale market makes one; taking in a voucher line makes a child at the buyer's
    place. Kilos move by conditional UPDATE and never exceed what came in; a device's fact that does
    (`overdrawn_kg`) is kept, flagged, and asks for a supplementary declaration.
    """

    class State(models.TextChoices):
        PENDING_TEST = "pending_test", "待快检"
        ADMITTED = "admitted", "可售"
        VOID = "void", "作废"

    state = models.CharField("状态", max_length=12, choices=State)
    place = DistrictForeignKey("registry.Place", related_name="batches", verbose_name="场所")
    organisation = models.ForeignKey("registry.Organisation", models.PROTECT, verbose_name="经营者")
    product = models.ForeignKey("registry.Product", models.PROTECT, verbose_name="品种")
    origin_region = models.ForeignKey("registry.Region", models.PROTECT, verbose_name="产地")
    origin_detail = models.CharField("产地详情", max_length=120, blank=True)
    declaration = DistrictForeignKey("Declaration", null=True, related_name="batches", verbose_name="申报")
    # The line may be of another district's voucher: no database foreign key, checked when taken in.
    source_line_id = models.UUIDField("上游凭证行", null=True)
    source_district_id = models.CharField(max_length=6, blank=True, default="")
    parent_id = models.UUIDField("上游批次", null=True)
    trade_day = models.DateField("交易日")
    made_at = models.DateTimeField("成批时间")
    expires_on = models.DateField("保质至", help_text="当日仍可售")
    evidence_level = models.PositiveSmallIntegerField("证据等级", choices=EVIDENCE_CHOICES)

    admitted_kg = models.DecimalField("进货公斤", **KG)
    overdrawn_kg = models.DecimalField("超售公斤", **KG)
    sold_kg = models.DecimalField("售出公斤", **KG)
    withdrawn_kg = models.DecimalField("下架公斤", **KG)
    disposed_kg = models.DecimalField("销毁公斤", **KG)
    returned_kg = models.DecimalField("退回公斤", **KG)
    lost_kg = models.DecimalField("损耗公斤", **KG)

    OUT = F("sold_kg") + F("withdrawn_kg") + F("disposed_kg") + F("returned_kg") + F("lost_kg")
    ON_HAND = F("admitted_kg") + F("overdrawn_kg") - OUT

    objects = BatchQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "批次"
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    sold_kg__lte=F("admitted_kg")
                    + F("overdrawn_kg")
                    - F("withdrawn_kg")
                    - F("disposed_kg")
                    - F("returned_kg")
                    - F("lost_kg")
                ),
                name="batch_mass_balance",
            ),
            models.CheckConstraint(
                condition=Q(
                    admitted_kg__gte=0, overdrawn_kg__gte=0, sold_kg__gte=0, withdrawn_kg__gte=0,
                    disposed_kg__gte=0, returned_kg__gte=0, lost_kg__gte=0,
                ),
                name="batch_kilos_not_negative",
            ),
            models.UniqueConstraint(fields=["district_id", "token"], name="batch_token_once"),
            models.UniqueConstraint(fields=["district_id", "declaration"], name="batch_once_per_declaration"),
        ]  # fmt: skip
        indexes = [
            models.Index(fields=["district_id", "place", "-made_at"], name="batch_by_place"),
            models.Index(
                fields=["parent_id", "district_id"], include=["id", "state"], condition=Q(parent_id__isnull=False),
                name="batch_by_parent",
            ),
            models.Index(fields=["district_id", "source_line_id"], name="batch_by_line"),
            models.Index(fields=["district_id", "product", "trade_day"], name="batch_by_product_day"),
        ]  # fmt: skip

    @property
    def kg_on_hand(self):
        out = self.sold_kg + self.withdrawn_kg + self.disposed_kg + self.returned_kg + self.lost_kg
        return self.admitted_kg + self.overdrawn_kg - out


class Hold(DistrictModel):
    """暂停销售: a pause on batches, with its reason. Several may overlap; releasing one undoes only its own."""

    class Reason(models.TextChoices):
        RAPID_TEST = "rapid_test", "快检阳性"
        PAPERS = "papers", "凭证存疑"
        OFFICER = "officer", "监管要求"
        MARKET = "market", "市场要求"
        RECALL = "recall", "召回"

    reason = models.CharField("原因", max_length=12, choices=Reason)
    note = models.CharField("说明", max_length=200, blank=True)
    placed_by = models.ForeignKey(ACCOUNT, models.PROTECT, null=True, related_name="+", verbose_name="决定人")
    placed_at = models.DateTimeField("开始时间")
    released_by = models.ForeignKey(ACCOUNT, models.PROTECT, null=True, related_name="+", verbose_name="解除人")
    released_at = models.DateTimeField("解除时间", null=True)
    release_note = models.CharField("解除说明", max_length=200, blank=True)
    # A hold of another district that this one answers: lifted when that one is.
    spread_from_id = models.UUIDField("来源", null=True)
    client_key = models.UUIDField("幂等键")

    class Meta:
        verbose_name = verbose_name_plural = "暂停销售"
        constraints = [
            models.UniqueConstraint(fields=["district_id", "client_key"], name="hold_client_key_once"),
            models.UniqueConstraint(
                fields=["district_id", "spread_from_id"],
                condition=Q(spread_from_id__isnull=False),
                name="hold_spread_once",
            ),
        ]


class HoldItem(DistrictModel):
    """One batch under one hold. `inherited` when the batch was born beneath it."""

    hold = DistrictForeignKey(Hold, related_name="items", verbose_name="暂停销售")
    batch = DistrictForeignKey(Batch, related_name="holds", verbose_name="批次")
    inherited = models.BooleanField("继承", default=False)
    placed_at = models.DateTimeField("开始时间")
    released_at = models.DateTimeField("解除时间", null=True)

    class Meta:
        verbose_name = verbose_name_plural = "暂停批次"
        constraints = [models.UniqueConstraint(fields=["district_id", "hold", "batch"], name="hold_item_once")]
        indexes = [
            models.Index(fields=["district_id", "batch"], condition=Q(released_at__isnull=True), name="hold_item_open")
        ]


class StockMove(AppendOnly):
    """Kilos that left a batch other than by a voucher: withdrawn, disposed, returned, lost. A correction
    is a further row with a negative weight."""

    class Kind(models.TextChoices):
        WITHDRAWN = "withdrawn", "下架"
        DISPOSED = "disposed", "销毁"
        RETURNED = "returned", "退回供货者"
        LOST = "lost", "损耗"

    batch = DistrictForeignKey(Batch, related_name="moves", verbose_name="批次")
    kind = models.CharField("类别", max_length=9, choices=Kind)
    weight_kg = models.DecimalField("公斤", max_digits=12, decimal_places=3)
    reason = models.CharField("原因", max_length=200, blank=True)
    moved_by = models.ForeignKey(ACCOUNT, models.PROTECT, null=True, related_name="+", verbose_name="经手人")
    moved_at = models.DateTimeField("时间")
    client_key = models.UUIDField("幂等键")

    class Meta:
        verbose_name = verbose_name_plural = "库存变动"
        constraints = [models.UniqueConstraint(fields=["district_id", "client_key"], name="stock_move_client_key_once")]
