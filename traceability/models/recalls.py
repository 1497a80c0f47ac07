from django.db import models
from django.db.models import Q

from kit.district import DistrictForeignKey, DistrictModel
from kit.models import AppendOnly

from .declarations import ACCOUNT
from .visibility import GoodsQuerySet, NoticeQuerySet

KG = {"max_digits": 12, "decimal_places": 3, "default": 0}


class Recall(DistrictModel):
    """召回: the operator's own 主动召回 (食品安全法 第63条), or an officer's order 责令召回 after refusal.

    `drill`: computes and times everything, holds nothing, tells nobody.
    """

    class Kind(models.TextChoices):
        VOLUNTARY = "voluntary", "主动召回"
        ORDERED = "ordered", "责令召回"

    class State(models.TextChoices):
        OPEN = "open", "进行中"
        CLOSED = "closed", "已终结"
        CANCELLED = "cancelled", "已撤销"

    kind = models.CharField("类别", max_length=9, choices=Kind)
    state = models.CharField("状态", max_length=9, choices=State, default=State.OPEN)
    drill = models.BooleanField("演练", default=False)
    place = DistrictForeignKey("registry.Place", related_name="recalls", verbose_name="召回场所")
    organisation = models.ForeignKey("registry.Organisation", models.PROTECT, related_name="+", verbose_name="召回者")
    product = models.ForeignKey("registry.Product", models.PROTECT, related_name="+", verbose_name="品种")
    case = DistrictForeignKey("PositiveCase", null=True, related_name="recalls", verbose_name="阳性处置")
    hold = DistrictForeignKey("Hold", null=True, related_name="recalls", verbose_name="暂停销售")
    reason = models.CharField("原因", max_length=400)
    refused_at = models.DateTimeField("拒绝召回时间", null=True)
    refusal = models.CharField("拒绝理由", max_length=400, blank=True)
    opened_at = models.DateTimeField("启动时间")
    opened_by = models.ForeignKey(ACCOUNT, models.PROTECT, related_name="+", verbose_name="启动人")
    scope_ms = models.PositiveIntegerField("测算毫秒", default=0)
    closed_at = models.DateTimeField("终结时间", null=True)
    closed_by = models.ForeignKey(ACCOUNT, models.PROTECT, null=True, related_name="+", verbose_name="终结人")
    conclusion = models.CharField("总结", max_length=400, blank=True)
    client_key = models.UUIDField("幂等键")

    objects = GoodsQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "召回"
        constraints = [
            models.UniqueConstraint(fields=["district_id", "client_key"], name="recall_client_key_once"),
            models.CheckConstraint(
                condition=Q(kind="voluntary") | Q(refused_at__isnull=False) & ~Q(refusal=""),
                name="recall_ordered_after_refusal",
            ),
            models.CheckConstraint(
                condition=Q(state="open", closed_at__isnull=True) | ~Q(state="open") & ~Q(conclusion=""),
                name="recall_closed_has_conclusion",
            ),
        ]


class RecallItem(AppendOnly):
    """One batch within a recall's reach, with its kilograms as they were when it was opened. `root`: where it starts.

    The batch may be of another district: no database foreign key.
    """

    recall = DistrictForeignKey(Recall, related_name="items", verbose_name="召回")
    batch_id = models.UUIDField("批次")
    batch_district_id = models.CharField(max_length=6)
    parent_id = models.UUIDField("上游批次", null=True)
    place_id = models.UUIDField("场所")
    root = models.BooleanField("起点", default=False)
    received_kg = models.DecimalField("收到公斤", **KG)
    sold_kg = models.DecimalField("售出公斤", **KG)
    on_hand_kg = models.DecimalField("在库公斤", **KG)
    gone_kg = models.DecimalField("退回销毁损耗公斤", **KG)
    presumed_sold_kg = models.DecimalField("推定已售公斤", **KG)
    unaccounted_kg = models.DecimalField("未查明公斤", **KG)

    class Meta:
        verbose_name = verbose_name_plural = "召回批次"
        constraints = [models.UniqueConstraint(fields=["district_id", "recall", "batch_id"], name="recall_item_once")]


class RecallNotice(DistrictModel):
    """召回通知: one per holder, who answers with the quantity found. A holder without an account of ours
    (散客) is named by the voucher's buyer."""

    class State(models.TextChoices):
        SENT = "sent", "已通知"
        ACKNOWLEDGED = "acknowledged", "已回执"

    recall = DistrictForeignKey(Recall, related_name="notices", verbose_name="召回")
    state = models.CharField("状态", max_length=12, choices=State, default=State.SENT)
    # The holder may be of another district: no database foreign key.
    place_id = models.UUIDField("场所", null=True)
    place_district_id = models.CharField(max_length=6, blank=True, default="")
    organisation_id = models.UUIDField("主体", null=True)
    voucher_id = models.UUIDField("凭证", null=True)
    holder_name = models.CharField("持有者", max_length=120)
    received_kg = models.DecimalField("收到公斤", **KG)
    expected_kg = models.DecimalField("应在库公斤", **KG)
    found_kg = models.DecimalField("查到公斤", max_digits=12, decimal_places=3, null=True)
    answer = models.CharField("回执说明", max_length=400, blank=True)
    sent_at = models.DateTimeField("通知时间")
    reminded_at = models.DateTimeField("催办时间", null=True)
    reminders = models.PositiveSmallIntegerField("催办次数", default=0)
    acknowledged_at = models.DateTimeField("回执时间", null=True)
    acknowledged_by = models.ForeignKey(ACCOUNT, models.PROTECT, null=True, related_name="+", verbose_name="回执人")

    objects = NoticeQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "召回通知"
        constraints = [
            models.UniqueConstraint(
                fields=["district_id", "recall", "place_id", "voucher_id"], nulls_distinct=False,
                name="recall_notice_once_a_holder",
            ),
            models.CheckConstraint(
                condition=Q(state="sent", found_kg__isnull=True) | Q(state="acknowledged", found_kg__gte=0),
                name="recall_notice_answer_has_quantity",
            ),
            models.CheckConstraint(
                condition=Q(place_id__isnull=False) | Q(voucher_id__isnull=False), name="recall_notice_names_holder"
            ),
        ]  # fmt: skip
        indexes = [models.Index(fields=["place_id", "-sent_at"], name="recall_notice_by_holder")]


class RecallStep(AppendOnly):
    """One line of a recall's story."""

    recall = DistrictForeignKey(Recall, related_name="steps", verbose_name="召回")
    kind = models.CharField("事项", max_length=16)
    at = models.DateTimeField("时间")
    by = models.ForeignKey(ACCOUNT, models.PROTECT, null=True, related_name="+", verbose_name="经手人")
    text = models.CharField("说明", max_length=400, blank=True)
    data = models.JSONField("内容", default=dict)

    class Meta:
        verbose_name = verbose_name_plural = "召回经过"
        ordering = ["at", "id"]
