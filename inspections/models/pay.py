"""佣金: what an accepted task earns, and every change of it; the month's payment, by three different people."""

from django.db import models
from django.db.models import F, Q

from kit.district import DistrictForeignKey, DistrictModel
from kit.models import AppendOnly

from .people import ACCOUNT, REGION, Coordinator
from .tasks import Task
from .visibility import OwnWorkQuerySet


class Settlement(DistrictModel):
    """结算: one town's month. Town confirms, district approves, finance pays: never one person twice."""

    class State(models.TextChoices):
        DRAFT = "draft", "待确认"
        CONFIRMED = "confirmed", "镇街已确认"
        APPROVED = "approved", "区局已批准"
        PAID = "paid", "已发放"

    state = models.CharField("状态", max_length=9, choices=State, default=State.DRAFT)
    month = models.DateField("月份")
    town = models.ForeignKey(REGION, models.PROTECT, null=True, related_name="+", verbose_name="镇街")
    made_at = models.DateTimeField("生成时间")
    confirmed_by = models.ForeignKey(ACCOUNT, models.PROTECT, null=True, related_name="+", verbose_name="确认人")
    confirmed_at = models.DateTimeField("确认时间", null=True)
    approved_by = models.ForeignKey(ACCOUNT, models.PROTECT, null=True, related_name="+", verbose_name="批准人")
    approved_at = models.DateTimeField("批准时间", null=True)
    paid_by = models.ForeignKey(ACCOUNT, models.PROTECT, null=True, related_name="+", verbose_name="发放人")
    paid_at = models.DateTimeField("发放时间", null=True)

    class Meta:
        verbose_name = verbose_name_plural = "结算"
        constraints = [
            models.UniqueConstraint(
                fields=["district_id", "month", "town"], nulls_distinct=False, name="settlement_once_a_month"
            ),
            models.CheckConstraint(
                condition=(Q(approved_by__isnull=True) | ~Q(approved_by=F("confirmed_by")))
                & (Q(paid_by__isnull=True) | ~Q(paid_by=F("approved_by")) & ~Q(paid_by=F("confirmed_by"))),
                name="settlement_by_different_people",
            ),
        ]


class Commission(DistrictModel):
    """佣金: of one accepted task; its amount is the sum of its entries."""

    class State(models.TextChoices):
        FROZEN = "frozen", "已计提(冻结期)"
        CONFIRMED = "confirmed", "已确认"
        IN_BATCH = "in_batch", "结算中"
        PAID = "paid", "已发放"
        CLAWED_BACK = "clawed_back", "已追回"

    state = models.CharField("状态", max_length=11, choices=State, default=State.FROZEN)
    task = DistrictForeignKey(Task, related_name="commissions", verbose_name="任务")
    coordinator = DistrictForeignKey(Coordinator, related_name="commissions", verbose_name="协管人员")
    town = models.ForeignKey(REGION, models.PROTECT, related_name="+", verbose_name="镇街")
    month = models.DateField("月份")
    accrued_at = models.DateTimeField("计提时间")
    frozen_until = models.DateTimeField("冻结至")
    settlement = DistrictForeignKey(Settlement, null=True, related_name="commissions", verbose_name="结算")

    objects = OwnWorkQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "佣金"
        constraints = [models.UniqueConstraint(fields=["district_id", "task"], name="commission_once_a_task")]
        indexes = [models.Index(fields=["district_id", "coordinator", "month"], name="commission_by_person")]


class CommissionEntry(AppendOnly):
    """One signed amount of a commission, in fen, rounded once: the accrual, a deduction, a bonus, a correction."""

    class Kind(models.TextChoices):
        ACCRUAL = "accrual", "计提"
        DEDUCTION = "deduction", "扣减"
        BONUS = "bonus", "奖励"
        CORRECTION = "correction", "更正"
        CLAWBACK = "clawback", "追回"
        CAP = "cap", "封顶"

    commission = DistrictForeignKey(Commission, related_name="entries", verbose_name="佣金")
    kind = models.CharField("类别", max_length=10, choices=Kind)
    amount_fen = models.BigIntegerField("金额(分)")
    reason = models.CharField("说明", max_length=200)
    parts = models.JSONField("计算", default=list)
    review_id = models.UUIDField("审单", null=True)
    at = models.DateTimeField("时间")
    by = models.ForeignKey(ACCOUNT, models.PROTECT, null=True, related_name="+", verbose_name="经手人")
    client_key = models.UUIDField("幂等键")

    class Meta:
        verbose_name = verbose_name_plural = "佣金明细"
        constraints = [
            models.UniqueConstraint(
                fields=["district_id", "commission"], condition=Q(kind="accrual"), name="commission_one_accrual"
            ),
            models.UniqueConstraint(fields=["district_id", "client_key"], name="commission_entry_client_key_once"),
            models.CheckConstraint(
                condition=Q(kind="accrual", amount_fen__gte=0)
                | Q(kind__in=["deduction", "clawback", "cap"], amount_fen__lte=0)
                | Q(kind__in=["bonus", "correction"]),
                name="commission_entry_sign_fits",
            ),
        ]


class Payslip(AppendOnly):
    """发放: one person's line of one settlement: gross, tax withheld, net."""

    settlement = DistrictForeignKey(Settlement, related_name="payslips", verbose_name="结算")
    coordinator = DistrictForeignKey(Coordinator, related_name="payslips", verbose_name="协管人员")
    orders = models.PositiveIntegerField("单数")
    gross_fen = models.BigIntegerField("应发(分)")
    tax_fen = models.BigIntegerField("代扣(分)", default=0)
    net_fen = models.BigIntegerField("实发(分)")
    made_at = models.DateTimeField("生成时间")

    class Meta:
        verbose_name = verbose_name_plural = "发放明细"
        constraints = [
            models.UniqueConstraint(fields=["district_id", "settlement", "coordinator"], name="payslip_once_a_person"),
            models.CheckConstraint(
                condition=Q(net_fen=F("gross_fen") - F("tax_fen"), tax_fen__gte=0), name="payslip_adds_up"
            ),
        ]


class Assessment(AppendOnly):
    """考核: one person's month. `parts`: each indicator with numerator, denominator, points and weight."""

    coordinator = DistrictForeignKey(Coordinator, related_name="assessments", verbose_name="协管人员")
    town = models.ForeignKey(REGION, models.PROTECT, null=True, related_name="+", verbose_name="镇街")
    month = models.DateField("月份")
    score = models.DecimalField("得分", max_digits=5, decimal_places=2)
    grade = models.CharField("等次", max_length=10)
    rank = models.PositiveIntegerField("镇内名次", null=True)
    parts = models.JSONField("构成")
    made_at = models.DateTimeField("生成时间")

    objects = OwnWorkQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "考核"
        constraints = [
            models.UniqueConstraint(fields=["district_id", "coordinator", "month"], name="assessment_once_a_month")
        ]


class WorkPolicy(AppendOnly):
    """Rules of co-management a district sets for itself, in versions; `inspections.work_policies` checks them and has
    the defaults."""

    name = models.CharField("规则", max_length=24)
    value = models.JSONField("内容")
    effective_from = models.DateTimeField("生效时间")
    made_at = models.DateTimeField("录入时间")
    made_by = models.ForeignKey(ACCOUNT, models.PROTECT, null=True, related_name="+", verbose_name="录入人")
    note = models.CharField("说明", max_length=200, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "协管规则"
        constraints = [
            models.UniqueConstraint(fields=["district_id", "name", "effective_from"], name="work_policy_version_once")
        ]
