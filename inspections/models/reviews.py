"""审单: what the machine noticed, what a reviewer decided, what was appealed."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from kit.district import DistrictForeignKey, DistrictModel
from kit.models import AppendOnly

from .people import ACCOUNT
from .tasks import Task
from .visits import Submission


class Flag(AppendOnly):
    """预审提示: something to look at first; never a verdict."""

    submission = DistrictForeignKey(Submission, related_name="flags", verbose_name="提交")
    kind = models.CharField("提示", max_length=20)
    weight = models.PositiveSmallIntegerField("权重", default=1)
    data = models.JSONField("内容", default=dict)
    at = models.DateTimeField("时间")

    class Meta:
        verbose_name = verbose_name_plural = "预审提示"


class Review(AppendOnly):
    """审单结论. The reviewer is never the coordinator, whose account is kept for that. `reviewer` is NULL for an
    acceptance by time (`automatic`), which is sampled afterwards. `second` is the other pair of eyes where one is not
    enough; `on_appeal` replaces what was appealed. The last one of a submission counts."""

    class Outcome(models.TextChoices):
        FULL = "approved_full", "通过"
        DEDUCT = "approved_deduct", "扣减通过"
        RETURNED = "returned", "退回补正"
        REJECTED = "rejected", "不通过"
        ESCALATED = "escalated", "转办执法"
        FRAUD = "fraud", "弄虚作假"

    task = DistrictForeignKey(Task, related_name="reviews", verbose_name="任务")
    submission = DistrictForeignKey(Submission, related_name="reviews", verbose_name="提交")
    outcome = models.CharField("结论", max_length=15, choices=Outcome)
    reviewer = models.ForeignKey(ACCOUNT, models.PROTECT, null=True, related_name="+", verbose_name="审单员")
    coordinator_account = models.UUIDField("协管人员账号")
    second = models.BooleanField("复审", default=False)
    automatic = models.BooleanField("到期自动通过", default=False)
    on_appeal = models.BooleanField("申诉改判", default=False)
    to_sample = models.BooleanField("列入抽查", default=False)
    deduct_percent = models.PositiveSmallIntegerField("扣减比例", default=0)
    reason = models.CharField("理由", max_length=400, blank=True)
    items = ArrayField(models.CharField(max_length=8), verbose_name="涉及项目", default=list, blank=True)
    at = models.DateTimeField("时间")
    opened_at = models.DateTimeField("开审时间", null=True)
    level_before = models.PositiveSmallIntegerField("原等级", null=True)
    client_key = models.UUIDField("幂等键", null=True)

    class Meta:
        verbose_name = verbose_name_plural = "审单"
        constraints = [
            models.UniqueConstraint(
                fields=["district_id", "submission", "second", "on_appeal"], name="review_once_a_revision"
            ),
            models.UniqueConstraint(fields=["district_id", "client_key"], name="review_client_key_once"),
            models.CheckConstraint(
                condition=Q(reviewer__isnull=True) | ~Q(reviewer=F("coordinator_account")),
                name="review_by_another_person",
            ),
            models.CheckConstraint(
                condition=Q(automatic=True) ^ Q(reviewer__isnull=False), name="review_by_a_person_or_by_time"
            ),
            models.CheckConstraint(condition=Q(outcome="approved_full") | ~Q(reason=""), name="review_says_why"),
            models.CheckConstraint(condition=Q(deduct_percent__lte=100), name="review_deducts_within_hundred"),
        ]
        indexes = [
            models.Index(fields=["district_id", "reviewer", "-at"], name="review_by_reviewer"),
            models.Index(fields=["district_id", "task", "-at"], name="review_by_task"),
        ]


class Appeal(DistrictModel):
    """申诉 within 7 days, decided by another reviewer within 3 working days, or granted by time."""

    class State(models.TextChoices):
        OPEN = "open", "待复核"
        GRANTED = "granted", "支持"
        DISMISSED = "dismissed", "维持"

    state = models.CharField("状态", max_length=9, choices=State, default=State.OPEN)
    review = DistrictForeignKey(Review, related_name="appeals", verbose_name="审单")
    task = DistrictForeignKey(Task, related_name="appeals", verbose_name="任务")
    text = models.CharField("理由", max_length=400)
    made_at = models.DateTimeField("申诉时间")
    made_by = models.ForeignKey(ACCOUNT, models.PROTECT, related_name="+", verbose_name="申诉人")
    first_reviewer = models.UUIDField("原审单员", null=True)
    due_on = models.DateField("复核期限")
    decided_at = models.DateTimeField("复核时间", null=True)
    decided_by = models.ForeignKey(ACCOUNT, models.PROTECT, null=True, related_name="+", verbose_name="复核人")
    decision = models.CharField("复核意见", max_length=400, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "申诉"
        constraints = [
            models.UniqueConstraint(fields=["district_id", "review"], name="appeal_once_a_review"),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("first_reviewer")), name="appeal_to_another"
            ),
        ]
