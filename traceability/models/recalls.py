from django.db import models
from django.db.models import Q

from kit.district import DistrictForeignKey, DistrictModel
from kit.models import AppendOnly

from .declarations import ACCOUNT
from .visibility import NoticeQuerySet, RecallQuerySet

OPEN = Q(state="open", drill=False)
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
    batch = DistrictForeignKey("Batch", related_name="recalls", verbose_name="起点批次")
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

    objects = RecallQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "召回"
        constraints = [
            models.UniqueConstraint(fields=["district_id", "client_key"], name="recall_client_key_once"),
            models.UniqueConstraint(fields=["district_id", "batch"], condition=OPEN, name="recall_open_once_a_batch"),
            models.CheckConstraint(
                condition=Q(kind="voluntary") | Q(refused_at__isnull=False) & ~Q(refusal=""),
                name="recall_ordered_after_refusal",
            ),
            models.CheckConstraint(
                condition=Q(state="open", closed_at__isnull=True) | ~Q(state="open") & ~Q(conclusion=""),
                name="recall_closed_has_conclusion",
            ),
        ]
        indexes = [
            models.Index(fields=["district_id", "state", "-opened_at"], name="recall_by_state"),
            models.Index(fields=["district_id", "place", "-opened_at"], name="recall_by_place"),
        ]


class RecallRequest(DistrictModel):
    """要求召回: an officer asks an operator to recall a batch; he starts the recall or refuses with a reason.

    Only after a refusal may the officer order it (食品安全法 第63条第5款).
    """

    class State(models.TextChoices):
        ASKED = "asked", "已要求"
        REFUSED = "refused", "已拒绝"
        FOLLOWED = "followed", "已启动召回"

    state = models.CharField("状态", max_length=8, choices=State, default=State.ASKED)
    batch = DistrictForeignKey("Batch", related_name="recall_requests", verbose_name="批次")
    place = DistrictForeignKey("registry.Place", related_name="recall_requests", verbose_name="召回场所")
    organisation = models.ForeignKey("registry.Organisation", models.PROTECT, related_name="+", verbose_name="召回者")
    case = DistrictForeignKey("PositiveCase", null=True, related_name="recall_requests", verbose_name="阳性处置")
    reason = models.CharField("原因", max_length=400)
    asked_at = models.DateTimeField("要求时间")
    asked_by = models.ForeignKey(ACCOUNT, models.PROTECT, related_name="+", verbose_name="要求人")
    refusal = models.CharField("拒绝理由", max_length=400, blank=True)
    refused_at = models.DateTimeField("拒绝时间", null=True)
    refused_by = models.ForeignKey(ACCOUNT, models.PROTECT, null=True, related_name="+", verbose_name="拒绝人")
    recall = DistrictForeignKey(Recall, null=True, related_name="requests", verbose_name="召回")
    client_key = models.UUIDField("幂等键")

    objects = RecallQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "要求召回"
        constraints = [
            models.UniqueConstraint(fields=["district_id", "client_key"], name="recall_request_client_key_once"),
            models.UniqueConstraint(
                fields=["district_id", "batch"], condition=Q(state="asked"), name="recall_request_one_open_a_batch"
            ),
            models.CheckConstraint(
                condition=~Q(state="refused") | Q(refused_at__isnull=False) & ~Q(refusal=""),
                name="recall_request_refusal_has_reason",
            ),
            models.CheckConstraint(
                condition=Q(state="followed") ^ Q(recall__isnull=True), name="recall_request_followed_by_recall"
            ),
        ]
        indexes = [models.Index(fields=["district_id", "place", "-asked_at"], name="recall_request_by_place")]


class RecallItem(AppendOnly):
    """One batch within a recall's reach, with its kilograms as they were when it was opened. `root`: where it starts;
    `upstream`: what that came from, kept for the way back and not counted.

    The batch may be of another district: no database foreign key.
    """

    recall = DistrictForeignKey(Recall, related_name="items", verbose_name="召回")
    batch_id = models.UUIDField("批次")
    batch_district_id = models.CharField(max_length=6)
    parent_id = models.UUIDField("上游批次", null=True)
    place_id = models.UUIDField("场所")
    root = models.BooleanField("起点", default=False)
    upstream = models.BooleanField("上游", default=False)
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

    class Done(models.TextChoices):
        SET_ASIDE = "set_aside", "下架封存"
        RETURNED = "returned", "退回供货者"
        DISPOSED = "disposed", "销毁"
        NOTHING_LEFT = "nothing_left", "已无存货"

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
    done = models.CharField("处理方式", max_length=12, choices=Done, blank=True, default="")
    on_behalf = models.BooleanField("代录", default=False)
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
                condition=Q(state="sent", found_kg__isnull=True)
                | Q(state="acknowledged", found_kg__gte=0) & ~Q(done=""),
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
