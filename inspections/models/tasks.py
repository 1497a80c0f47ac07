"""What is to be done, for how much, by whom; who took it and until when."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from kit.district import DistrictForeignKey, DistrictModel
from kit.models import AppendOnly

from .people import ACCOUNT, REGION, Coordinator
from .visibility import OwnWorkQuerySet, TaskQuerySet, TownQuerySet


class TaskKind(DistrictModel):
    """任务类型 (监管 + 整改 + 宣传): versions with prices; an edit is the next version, tasks keep theirs.

    `hours`: the time limit. `minutes`: what it takes. `unseen_fen`: pay when the place is closed, moved or not found.
    """

    class Group(models.TextChoices):
        SUPERVISION = "supervision", "监管"
        RECTIFICATION = "rectification", "整改"
        PROMOTION = "promotion", "宣传"

    code = models.CharField("代码", max_length=10)
    version = models.PositiveSmallIntegerField("版本")
    name = models.CharField("名称", max_length=40)
    group = models.CharField("类别", max_length=13, choices=Group)
    min_level = models.PositiveSmallIntegerField("最低等级", default=1)
    kinds = ArrayField(models.CharField(max_length=20), verbose_name="人员类别", default=list, blank=True)
    course_code = models.CharField("须通过课程", max_length=20, blank=True)
    checklist_codes = ArrayField(models.CharField(max_length=20), verbose_name="检查表", default=list, blank=True)
    base_fen = models.PositiveIntegerField("单价(分)")
    unseen_fen = models.PositiveIntegerField("未见面单价(分)", default=0)
    hours = models.PositiveSmallIntegerField("时限(小时)")
    minutes = models.PositiveSmallIntegerField("用时(分钟)")
    min_stay_minutes = models.PositiveSmallIntegerField("最短停留(分钟)", default=8)
    hidden = models.BooleanField("暗访复核", default=False)
    effective_from = models.DateTimeField("生效时间")
    retired = models.BooleanField("停用", default=False)

    class Meta:
        verbose_name = verbose_name_plural = "任务类型"
        constraints = [
            models.UniqueConstraint(fields=["district_id", "code", "version"], name="task_kind_version_once")
        ]

    def __str__(self):
        return self.name


class Budget(DistrictModel):
    """经费科目: a line of one month. `reserved_fen` moves by conditional UPDATE and never passes the cap."""

    name = models.CharField("科目", max_length=40)
    month = models.DateField("月份", help_text="当月第一天")
    cap_fen = models.PositiveBigIntegerField("上限(分)")
    reserved_fen = models.PositiveBigIntegerField("已占用(分)", default=0)

    class Meta:
        verbose_name = verbose_name_plural = "经费科目"
        constraints = [
            models.UniqueConstraint(fields=["district_id", "name", "month"], name="budget_line_once_a_month"),
            models.CheckConstraint(condition=Q(reserved_fen__lte=F("cap_fen")), name="budget_within_cap"),
        ]


class Campaign(DistrictModel):
    """专项行动: tasks published over a filtered list of places (`places`), or by a plan that repeats (`every_days`).

    `terms`: grade, night, urgent, brief: what each of its tasks is published with. `town`: the only one it is for.
    """

    class State(models.TextChoices):
        RUNNING = "running", "进行中"
        ENDED = "ended", "已结束"

    state = models.CharField("状态", max_length=7, choices=State, default=State.RUNNING)
    title = models.CharField("名称", max_length=80)
    kind = DistrictForeignKey(TaskKind, related_name="+", verbose_name="任务类型")
    checklist = DistrictForeignKey("Checklist", null=True, related_name="+", verbose_name="检查表")
    town = models.ForeignKey(REGION, models.PROTECT, null=True, related_name="+", verbose_name="镇街")
    places = models.JSONField("范围", default=dict)
    terms = models.JSONField("条件", default=dict)
    every_days = models.PositiveSmallIntegerField("周期(天)", null=True, blank=True)
    next_on = models.DateField("下次发布", null=True, blank=True)
    due_on = models.DateField("截止日期", null=True, blank=True)
    budget = DistrictForeignKey(Budget, null=True, related_name="campaigns", verbose_name="经费科目")
    made_at = models.DateTimeField("发布时间")
    made_by = models.ForeignKey(ACCOUNT, models.PROTECT, related_name="+", verbose_name="发布人")
    client_key = models.UUIDField("幂等键")

    objects = TownQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "专项行动"
        constraints = [
            models.UniqueConstraint(fields=["district_id", "client_key"], name="campaign_client_key_once"),
            models.CheckConstraint(
                condition=Q(every_days__isnull=True, next_on__isnull=True)
                | Q(every_days__gte=1, next_on__isnull=False),
                name="campaign_plan_has_next_day",
            ),
        ]
        indexes = [
            models.Index(fields=["next_on"], condition=Q(state="running"), name="campaign_next_on"),
        ]


class Task(DistrictModel):
    """任务: one visit or one piece of work. Its price is fixed when published; `released` times back in the pool.

    `town_first_until`: the own town alone until then. `excluded`: coordinators who may not take it (the finder, whose
    work was rejected, who refused). `visit_no` rises with every accepted claim.
    """

    class State(models.TextChoices):
        DRAFT = "draft", "草稿"
        OPEN = "open", "可抢"
        CLAIMED = "claimed", "已领取"
        ON_SITE = "on_site", "现场"
        SUBMITTED = "submitted", "待审"
        RETURNED = "returned", "退回补正"
        ACCEPTED = "accepted", "通过"
        REJECTED = "rejected", "不通过"
        CANCELLED = "cancelled", "撤销"
        EXPIRED = "expired", "过期"

    class Source(models.TextChoices):
        SINGLE = "single", "单独发布"
        CAMPAIGN = "campaign", "专项行动"
        PLAN = "plan", "计划巡查"
        REPORT = "report", "公众反映"
        FINDING = "finding", "整改到期"
        BLIND = "blind", "暗访复核"

    state = models.CharField("状态", max_length=9, choices=State, default=State.DRAFT)
    kind = DistrictForeignKey(TaskKind, related_name="tasks", verbose_name="任务类型")
    title = models.CharField("标题", max_length=80)
    brief = models.CharField("说明", max_length=400, blank=True)
    place = DistrictForeignKey("registry.Place", null=True, related_name="tasks", verbose_name="场所")
    town = models.ForeignKey(REGION, models.PROTECT, related_name="+", verbose_name="镇街")
    grid = DistrictForeignKey("Grid", null=True, related_name="tasks", verbose_name="网格")
    checklist = DistrictForeignKey("Checklist", null=True, related_name="tasks", verbose_name="检查表")
    source = models.CharField("来源", max_length=8, choices=Source, default=Source.SINGLE)
    campaign = DistrictForeignKey(Campaign, null=True, related_name="tasks", verbose_name="专项行动")
    finding = DistrictForeignKey("Finding", null=True, related_name="rechecks", verbose_name="整改建议")
    repeats = DistrictForeignKey("self", null=True, related_name="blind_visits", verbose_name="被复核任务")
    bundle = models.UUIDField("同街任务包", null=True)
    urgent = models.BooleanField("紧急", default=False)
    min_level = models.PositiveSmallIntegerField("最低等级", default=1)
    price_fen = models.PositiveIntegerField("单价(分)")
    price_parts = models.JSONField("单价构成", default=list)
    budget = DistrictForeignKey(Budget, null=True, related_name="tasks", verbose_name="经费科目")
    excluded = ArrayField(models.UUIDField(), verbose_name="不可领取", default=list, blank=True)
    assigned_to = DistrictForeignKey(Coordinator, null=True, related_name="assigned", verbose_name="指派给")
    published_at = models.DateTimeField("发布时间", null=True)
    town_first_until = models.DateTimeField("本镇优先至", null=True)
    due_at = models.DateTimeField("截止时间")
    released = models.PositiveSmallIntegerField("退回次数", default=0)
    returns = models.PositiveSmallIntegerField("补正次数", default=0)
    reviewing_by = models.ForeignKey(ACCOUNT, models.PROTECT, null=True, related_name="+", verbose_name="在审人")
    reviewing_since = models.DateTimeField("开审时间", null=True)
    reviewing_until = models.DateTimeField("在审至", null=True)
    submitted_at = models.DateTimeField("提交时间", null=True)
    decided_at = models.DateTimeField("审定时间", null=True)
    cancelled_at = models.DateTimeField("撤销时间", null=True)
    cancel_reason = models.CharField("撤销原因", max_length=200, blank=True, default="")
    made_by = models.ForeignKey(ACCOUNT, models.PROTECT, null=True, related_name="+", verbose_name="发布人")
    made_at = models.DateTimeField("编制时间")
    client_key = models.UUIDField("幂等键")

    objects = TaskQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "任务"
        constraints = [
            models.UniqueConstraint(fields=["district_id", "client_key"], name="task_client_key_once"),
            models.UniqueConstraint(
                fields=["district_id", "finding"],
                condition=Q(finding__isnull=False) & ~Q(state__in=["accepted", "rejected", "cancelled", "expired"]),
                name="task_one_recheck_at_a_time",
            ),
            models.CheckConstraint(
                condition=Q(state="draft") | Q(published_at__isnull=False) | Q(state="cancelled"),
                name="task_published_before_taken",
            ),
            models.CheckConstraint(condition=Q(returns__lte=2), name="task_returned_twice_at_most"),
        ]
        indexes = [
            models.Index(fields=["district_id", "town", "due_at"], condition=Q(state="open"), name="task_pool_by_town"),
            models.Index(fields=["district_id", "state", "submitted_at"], name="task_review_queue"),
            models.Index(fields=["district_id", "place", "-decided_at"], name="task_by_place"),
            models.Index(fields=["due_at"], condition=Q(state="open"), name="task_open_by_due"),
            models.Index(fields=["district_id", "-made_at"], name="task_latest"),
            models.Index(
                fields=["district_id", "campaign"], condition=Q(campaign__isnull=False), name="task_by_campaign"
            ),
        ]


class Claim(DistrictModel):
    """领取: who holds a task until when. One open claim a task, by constraint. Every later write carries its id
    (fencing); expiry is tested in WHERE (`lease_until`), not by a sweeper."""

    class End(models.TextChoices):
        OPEN = "", "有效"
        SUBMITTED = "submitted", "已提交"
        RELEASED = "released", "放弃"
        TIMEOUT = "timeout", "超时"
        CANCELLED = "cancelled", "任务撤销"
        REJECTED = "rejected", "不通过"

    task = DistrictForeignKey(Task, related_name="claims", verbose_name="任务")
    coordinator = DistrictForeignKey(Coordinator, related_name="claims", verbose_name="协管人员")
    town = models.ForeignKey(REGION, models.PROTECT, related_name="+", verbose_name="镇街")
    place = DistrictForeignKey("registry.Place", null=True, related_name="+", db_index=False, verbose_name="场所")
    assigned = models.BooleanField("指派", default=False)
    claimed_at = models.DateTimeField("领取时间")
    lease_until = models.DateTimeField("有效至")
    released_at = models.DateTimeField("结束时间", null=True)
    end_reason = models.CharField("结束原因", max_length=9, choices=End, blank=True, default="")
    note = models.CharField("放弃原因", max_length=200, blank=True, default="")
    client_key = models.UUIDField("幂等键")

    objects = OwnWorkQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "领取"
        constraints = [
            models.UniqueConstraint(
                fields=["district_id", "task"], condition=Q(released_at__isnull=True), name="claim_one_open_a_task"
            ),
            models.UniqueConstraint(fields=["district_id", "coordinator", "client_key"], name="claim_client_key_once"),
            models.CheckConstraint(
                condition=Q(released_at__isnull=True, end_reason="") | Q(released_at__isnull=False) & ~Q(end_reason=""),
                name="claim_ended_has_reason",
            ),
            models.CheckConstraint(condition=~Q(end_reason="released") | ~Q(note=""), name="claim_given_back_says_why"),
        ]
        indexes = [
            models.Index(
                fields=["district_id", "coordinator"],
                condition=Q(released_at__isnull=True),
                name="claim_open_by_person",
            ),
            models.Index(fields=["district_id", "coordinator", "-released_at"], name="claim_by_person"),
            models.Index(
                fields=["district_id", "place", "-released_at"],
                condition=Q(end_reason="submitted"),
                name="claim_visits_of_place",
            ),
            models.Index(fields=["lease_until"], condition=Q(released_at__isnull=True), name="claim_open_by_lease"),
        ]


class GrabAttempt(AppendOnly):
    """Every attempt to take a task: won, or which rule refused it; how soon after it was published."""

    coordinator = DistrictForeignKey(Coordinator, related_name="attempts", verbose_name="协管人员")
    task = DistrictForeignKey(Task, related_name="attempts", verbose_name="任务")
    at = models.DateTimeField("时间")
    outcome = models.CharField("结果", max_length=20)
    after_ms = models.PositiveBigIntegerField("发布后毫秒", null=True)

    class Meta:
        verbose_name = verbose_name_plural = "抢单记录"
        indexes = [
            models.Index(fields=["district_id", "coordinator", "-at"], name="grab_attempt_by_person"),
            models.Index(fields=["district_id", "-at"], name="grab_attempt_latest"),
        ]


class AssignmentRefusal(AppendOnly):
    """拒绝指派, with its reason."""

    task = DistrictForeignKey(Task, related_name="refusals", verbose_name="任务")
    coordinator = DistrictForeignKey(Coordinator, related_name="+", verbose_name="协管人员")
    reason = models.CharField("原因", max_length=200)
    at = models.DateTimeField("时间")

    class Meta:
        verbose_name = verbose_name_plural = "拒绝指派"
        constraints = [
            models.CheckConstraint(condition=~Q(reason=""), name="assignment_refusal_has_reason"),
            models.UniqueConstraint(
                fields=["district_id", "task", "coordinator"], name="assignment_refused_once_a_person"
            ),
        ]
