"""检测倒查与靶向抽检: what a positive says of the tests upstream, and where to look tomorrow."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from kit.district import DistrictForeignKey, DistrictModel
from kit.models import AppendOnly

from .declarations import ACCOUNT


class Policy(AppendOnly):
    """One version of a rule the district sets for itself (the reach of a hold, weights, shares). `value` is checked by
    the rule module that reads it (`traceability.policies`), which also holds the defaults."""

    name = models.CharField("规则", max_length=24)
    value = models.JSONField("内容")
    effective_from = models.DateTimeField("生效时间")
    made_at = models.DateTimeField("录入时间")
    made_by = models.ForeignKey(ACCOUNT, models.PROTECT, null=True, related_name="+", verbose_name="录入人")
    note = models.CharField("说明", max_length=200, blank=True)
    client_key = models.UUIDField("幂等键", null=True)

    class Meta:
        verbose_name = verbose_name_plural = "区县规则"
        constraints = [
            models.UniqueConstraint(fields=["district_id", "name", "effective_from"], name="policy_version_once"),
            models.UniqueConstraint(fields=["district_id", "client_key"], name="policy_client_key_once"),
        ]


class BackTrace(AppendOnly):
    """检测倒查: the way back from one positive, found in `locate_ms`. `broken`: it stops before a declaration.
    `upstream_tested`: a node upstream tested the same goods for the same group of items."""

    case = DistrictForeignKey("PositiveCase", related_name="back_traces", verbose_name="阳性处置")
    traced_at = models.DateTimeField("倒查时间")
    locate_ms = models.PositiveIntegerField("定位毫秒")
    broken = models.BooleanField("断链")
    upstream_tested = models.BooleanField("上游已检")
    town = models.ForeignKey("registry.Region", models.PROTECT, related_name="+", verbose_name="镇街")
    market_id = models.UUIDField("批发市场", null=True)
    supplier_id = models.UUIDField("供货者", null=True)
    base_id = models.UUIDField("基地", null=True)

    class Meta:
        verbose_name = verbose_name_plural = "检测倒查"
        constraints = [models.UniqueConstraint(fields=["district_id", "case"], name="back_trace_once_a_case")]


class BackTraceNode(AppendOnly):
    """One place on the way back, nearest first: what it held, and the test it made of it, if any. `missed`: it tested
    the same group of items and found nothing."""

    trace = DistrictForeignKey(BackTrace, related_name="nodes", verbose_name="检测倒查")
    position = models.PositiveSmallIntegerField("顺序")
    batch_id = models.UUIDField("批次")
    place_id = models.UUIDField("场所")
    market_id = models.UUIDField("市场", null=True)
    point_id = models.UUIDField("快检点", null=True)
    test_id = models.UUIDField("快检记录", null=True)
    tested = models.BooleanField("已检")
    missed = models.BooleanField("漏检")

    class Meta:
        verbose_name = verbose_name_plural = "倒查节点"
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["district_id", "trace", "position"], name="back_trace_node_once"),
            models.CheckConstraint(condition=Q(missed=False) | Q(tested=True), name="back_trace_missed_was_tested"),
        ]


class BlindSample(DistrictModel):
    """盲样: a sample of known content sent to a point, to see whether it finds what is there."""

    class State(models.TextChoices):
        PLANNED = "planned", "已安排"
        SENT = "sent", "已发样"
        ANSWERED = "answered", "已反馈"
        VOID = "void", "作废"

    point = DistrictForeignKey("TestPoint", related_name="blind_samples", verbose_name="快检点")
    state = models.CharField("状态", max_length=8, choices=State, default=State.PLANNED)
    item = models.ForeignKey("TestItem", models.PROTECT, related_name="+", verbose_name="检测项目")
    product = models.ForeignKey("registry.Product", models.PROTECT, related_name="+", verbose_name="品种")
    expected = models.CharField("真值", max_length=8, choices=[("negative", "未检出"), ("positive", "阳性")])
    reason = models.CharField("安排依据", max_length=200, blank=True)
    planned_for = models.DateField("计划日期")
    planned_at = models.DateTimeField("安排时间")
    planned_by = models.ForeignKey(ACCOUNT, models.PROTECT, null=True, related_name="+", verbose_name="安排人")
    sent_at = models.DateTimeField("发样时间", null=True)
    answer_due_at = models.DateTimeField("反馈期限", null=True)
    test = DistrictForeignKey("RapidTest", null=True, related_name="blind_samples", verbose_name="快检记录")
    agreed = models.BooleanField("一致", null=True)
    answered_at = models.DateTimeField("反馈时间", null=True)
    client_key = models.UUIDField("幂等键")

    class Meta:
        verbose_name = verbose_name_plural = "盲样考核"
        constraints = [
            models.UniqueConstraint(fields=["district_id", "client_key"], name="blind_sample_client_key_once"),
            models.CheckConstraint(
                condition=Q(state="answered", test__isnull=False, agreed__isnull=False)
                | ~Q(state="answered") & Q(agreed__isnull=True),
                name="blind_sample_answer_is_a_test",
            ),
        ]


class PlanLine(DistrictModel):
    """靶向抽检计划: what a point should test on a day, and why. Done is counted from its tests, not ticked."""

    class Reason(models.TextChoices):
        RISK = "risk", "风险靶向"
        RANDOM = "random", "随机"
        FOLLOW_UP = "follow_up", "跟踪抽检"

    point = DistrictForeignKey("TestPoint", related_name="plan", verbose_name="快检点")
    day = models.DateField("日期")
    position = models.PositiveSmallIntegerField("顺序")
    reason = models.CharField("理由", max_length=9, choices=Reason)
    product = models.ForeignKey("registry.Product", models.PROTECT, related_name="+", verbose_name="品种")
    items = ArrayField(models.CharField(max_length=16), verbose_name="检测项目", default=list)
    place = DistrictForeignKey("registry.Place", null=True, related_name="+", verbose_name="被检场所")
    origin_region = models.ForeignKey(
        "registry.Region", models.PROTECT, null=True, related_name="+", verbose_name="产地"
    )
    case = DistrictForeignKey("PositiveCase", null=True, related_name="plan", verbose_name="阳性处置")
    score = models.DecimalField("风险分", max_digits=7, decimal_places=2, default=0)
    explained = models.JSONField("得分说明", default=list)
    made_at = models.DateTimeField("生成时间")

    class Meta:
        verbose_name = verbose_name_plural = "抽检计划"
        ordering = ["point", "day", "position"]
        constraints = [
            models.UniqueConstraint(fields=["district_id", "point", "day", "position"], name="plan_line_once")
        ]
