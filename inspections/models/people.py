"""Who works in the field: coordinators of four kinds, their teams and grids, what they have learnt."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from kit.crypto import EncryptedTextField
from kit.district import DistrictForeignKey, DistrictModel
from kit.models import AppendOnly

from .visibility import CoordinatorQuerySet, TownQuerySet

ACCOUNT = "registry.Account"
ORGANISATION = "registry.Organisation"
REGION = "registry.Region"


class Team(DistrictModel):
    """协管队伍: people of one contractor or town office."""

    name = models.CharField("名称", max_length=60)
    organisation = models.ForeignKey(ORGANISATION, models.PROTECT, related_name="+", verbose_name="承接单位")
    town = models.ForeignKey(REGION, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="镇街")
    active = models.BooleanField("在用", default=True)

    objects = TownQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "协管队伍"
        constraints = [models.UniqueConstraint(fields=["district_id", "name"], name="team_name_once_in_district")]

    def __str__(self):
        return self.name


class Grid(DistrictModel):
    """责任网格: streets of one town that a person walks."""

    name = models.CharField("名称", max_length=60)
    town = models.ForeignKey(REGION, models.PROTECT, related_name="+", verbose_name="镇街")

    objects = TownQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "责任网格"
        constraints = [models.UniqueConstraint(fields=["district_id", "town", "name"], name="grid_name_once_in_town")]

    def __str__(self):
        return self.name


class GridPlace(DistrictModel):
    """A place lies in one grid, on one street."""

    grid = DistrictForeignKey(Grid, related_name="places", verbose_name="网格")
    place = DistrictForeignKey("registry.Place", related_name="grids", verbose_name="场所")
    street = models.CharField("街道/村", max_length=60, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "网格场所"
        constraints = [models.UniqueConstraint(fields=["district_id", "place"], name="grid_place_once")]


class Coordinator(DistrictModel):
    """协管人员. `pay_eligible` is False for people on the public payroll, who earn no commission.

    Position and bank account are sensitive personal information (个人信息保护法 第28条): kept only with a separate
    consent.
    This row is locked before a quota is counted.
    """

    class Kind(models.TextChoices):
        DIRECTOR = "safety_director", "食品安全主任"
        COORDINATOR = "coordinator", "协管员"
        INFORMANT = "informant", "信息员"
        INSPECTOR = "district_inspector", "区级巡查员"

    class State(models.TextChoices):
        ACTIVE = "active", "在岗"
        PAUSED = "paused", "暂停"
        LEFT = "left", "离岗"

    state = models.CharField("状态", max_length=6, choices=State, default=State.ACTIVE)
    account = models.ForeignKey(ACCOUNT, models.PROTECT, related_name="coordinators", verbose_name="账号")
    kind = models.CharField("类别", max_length=20, choices=Kind)
    level = models.PositiveSmallIntegerField("等级", default=1)
    town = models.ForeignKey(
        REGION, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="镇街", help_text="空为全区"
    )
    team = DistrictForeignKey(Team, null=True, blank=True, related_name="members", verbose_name="队伍")
    pay_eligible = models.BooleanField("计发佣金", default=True)
    joined_on = models.DateField("上岗日期")
    left_on = models.DateField("离岗日期", null=True, blank=True)
    paused_until = models.DateField("暂停至", null=True, blank=True)
    cool_until = models.DateTimeField("冷却至", null=True, blank=True)
    location_consent_at = models.DateTimeField("定位授权", null=True, blank=True)
    bank_consent_at = models.DateTimeField("银行信息授权", null=True, blank=True)
    bank_name = models.CharField("开户行", max_length=60, blank=True)
    bank_account = EncryptedTextField("银行账号", blank=True, default="")
    id_number = EncryptedTextField("身份证号", blank=True, default="")

    objects = CoordinatorQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "协管人员"
        constraints = [
            models.UniqueConstraint(
                fields=["district_id", "account"], condition=~Q(state="left"), name="coordinator_once_in_district"
            ),
            models.CheckConstraint(condition=Q(level__gte=1, level__lte=5), name="coordinator_level_one_to_five"),
            models.CheckConstraint(
                condition=Q(bank_name="") | Q(bank_consent_at__isnull=False), name="coordinator_bank_by_consent"
            ),
            models.CheckConstraint(
                condition=Q(kind="district_inspector") | Q(town__isnull=False), name="coordinator_of_a_town"
            ),
        ]

    def __str__(self):
        return self.account.name


class GridMember(DistrictModel):
    grid = DistrictForeignKey(Grid, related_name="members", verbose_name="网格")
    coordinator = DistrictForeignKey(Coordinator, related_name="grids", verbose_name="协管人员")

    class Meta:
        verbose_name = verbose_name_plural = "网格人员"
        constraints = [models.UniqueConstraint(fields=["district_id", "grid", "coordinator"], name="grid_member_once")]


class Conflict(DistrictModel):
    """回避: a place one may not visit, being one's own, a relative's or an employer's."""

    coordinator = DistrictForeignKey(Coordinator, related_name="conflicts", verbose_name="协管人员")
    place = DistrictForeignKey("registry.Place", related_name="+", verbose_name="场所")
    reason = models.CharField("原因", max_length=120)
    declared_at = models.DateTimeField("申报时间")
    declared_by = models.ForeignKey(ACCOUNT, models.PROTECT, related_name="+", verbose_name="申报人")
    ended_at = models.DateTimeField("解除时间", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "回避关系"
        constraints = [
            models.UniqueConstraint(
                fields=["district_id", "coordinator", "place"], condition=Q(ended_at__isnull=True),
                name="conflict_once_while_it_lasts",
            )
        ]  # fmt: skip


class Course(DistrictModel):
    """培训课程: a text to read and a short exam. Versions: a new row with the next number, never a change.

    `questions`: [{"text", "choices": [..], "right": index}]. Passing it lets one take tasks that ask for `code`.
    """

    code = models.CharField("代码", max_length=20)
    version = models.PositiveSmallIntegerField("版本")
    title = models.CharField("名称", max_length=80)
    material = models.TextField("内容")
    questions = models.JSONField("题目")
    pass_mark = models.PositiveSmallIntegerField("及格分", default=80)
    valid_days = models.PositiveSmallIntegerField("有效天数", default=365)
    published_at = models.DateTimeField("发布时间")
    retired_at = models.DateTimeField("停用时间", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "培训课程"
        constraints = [models.UniqueConstraint(fields=["district_id", "code", "version"], name="course_version_once")]

    def __str__(self):
        return self.title


class ExamResult(AppendOnly):
    coordinator = DistrictForeignKey(Coordinator, related_name="exams", verbose_name="协管人员")
    course = DistrictForeignKey(Course, related_name="results", verbose_name="课程")
    course_code = models.CharField("代码", max_length=20)
    answers = ArrayField(models.SmallIntegerField(), verbose_name="作答")
    score = models.PositiveSmallIntegerField("得分")
    passed = models.BooleanField("及格")
    taken_at = models.DateTimeField("时间")
    valid_until = models.DateField("有效期至")
    client_key = models.UUIDField("幂等键")

    class Meta:
        verbose_name = verbose_name_plural = "考试成绩"
        constraints = [
            models.UniqueConstraint(fields=["district_id", "client_key"], name="exam_result_client_key_once"),
            models.CheckConstraint(condition=Q(score__lte=100), name="exam_result_out_of_hundred"),
        ]
        indexes = [models.Index(F("district_id"), F("coordinator"), F("course_code"), name="exam_result_validity")]
