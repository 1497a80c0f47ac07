"""A positive and what follows: who is told, what each side does by when, until it is closed."""

from django.db import models
from django.db.models import Q

from kit.district import DistrictForeignKey, DistrictModel
from kit.models import AppendOnly

from .declarations import ACCOUNT
from .visibility import GoodsQuerySet


class PositiveCase(DistrictModel):
    """阳性处置: one positive test and its clocks. Columns hold the present; `CaseStep` rows the whole story.

    The 4 hours of an objection run from `notified_at` for a regulator's test (食品安全法 第88条); a market's or
    canteen's own test goes by the market's agreement. `branch` is which of the three rules apply. `due_at` is the
    deadline of what the present state waits for (`traceability.case_rules`), `reminded_at` when its passing was told.
    """

    class State(models.TextChoices):
        DETECTED = "detected", "已发现"
        NOTIFIED = "notified", "已告知"
        ACCEPTED = "accepted", "认可结果"
        OBJECTED = "objected", "提出异议"
        LAPSED = "lapsed", "逾期未提"
        SEALED = "sealed", "已封样送检"
        LAB_PASS = "lab_pass", "检验合格"
        LAB_FAIL = "lab_fail", "检验不合格"
        DISPOSED = "disposed", "已处置"
        REPORTED = "reported", "已报告"
        RESAMPLED = "resampled", "已跟踪抽检"
        CLOSED = "closed", "已办结"

    class Branch(models.TextChoices):
        REGULATOR = "regulator", "监管抽查"
        MARKET = "market", "市场自检"
        CANTEEN = "canteen", "食堂自检"

    class Outcome(models.TextChoices):
        OPEN = "", "办理中"
        DISPOSED = "disposed", "已处置"
        CLEARED_BY_LAB = "cleared_by_lab", "经检验合格"
        CLEARED_BY_REPEAT = "cleared_by_repeat", "复测未检出"

    state = models.CharField("状态", max_length=9, choices=State, default=State.DETECTED)
    branch = models.CharField("适用规则", max_length=9, choices=Branch)
    outcome = models.CharField("结论", max_length=17, choices=Outcome, blank=True, default="")
    test = DistrictForeignKey("RapidTest", related_name="cases", verbose_name="快检记录")
    point = DistrictForeignKey("TestPoint", related_name="cases", verbose_name="快检点")
    place = DistrictForeignKey("registry.Place", related_name="cases", verbose_name="被检场所")
    organisation = models.ForeignKey("registry.Organisation", models.PROTECT, related_name="+", verbose_name="被检主体")
    product = models.ForeignKey("registry.Product", models.PROTECT, related_name="+", verbose_name="品种")
    item = models.ForeignKey("TestItem", models.PROTECT, related_name="+", verbose_name="检测项目")
    batch = DistrictForeignKey("Batch", null=True, related_name="cases", verbose_name="批次")
    hold = DistrictForeignKey("Hold", null=True, related_name="cases", verbose_name="暂停销售")
    opened_at = models.DateTimeField("发现时间")
    confirmed = models.BooleanField("复测一致", null=True)
    due_at = models.DateTimeField("当前期限", null=True)
    reminded_at = models.DateTimeField("催办时间", null=True)
    notify_due_at = models.DateTimeField("告知期限")
    notified_at = models.DateTimeField("告知时间", null=True)
    objection_due_at = models.DateTimeField("异议期限", null=True)
    decided_at = models.DateTimeField("表态时间", null=True)
    objection = models.CharField("异议理由", max_length=400, blank=True)
    seal_no = models.CharField("封样编号", max_length=40, blank=True)
    sealed_at = models.DateTimeField("封样时间", null=True)
    lab_due_on = models.DateField("检验期限", null=True)
    lab_due_provisional = models.BooleanField("检验期限待定", default=False)
    disposal_due_at = models.DateTimeField("处置期限", null=True)
    disposed_at = models.DateTimeField("处置时间", null=True)
    reported_at = models.DateTimeField("报告时间", null=True)
    reported_to = models.CharField("报告对象", max_length=80, blank=True)
    resample_due_on = models.DateField("跟踪抽检期限", null=True)
    resample = DistrictForeignKey("Sample", null=True, related_name="follows", verbose_name="跟踪样品")
    published_at = models.DateTimeField("公示时间", null=True)
    closed_at = models.DateTimeField("办结时间", null=True)

    objects = GoodsQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "阳性处置"
        constraints = [
            models.UniqueConstraint(fields=["district_id", "test"], name="positive_case_once_per_test"),
            models.CheckConstraint(
                condition=Q(state="closed", closed_at__isnull=False) & ~Q(outcome="")
                | ~Q(state="closed") & Q(closed_at__isnull=True),
                name="positive_case_closed_has_outcome",
            ),
            models.CheckConstraint(
                condition=~Q(state="objected") | ~Q(objection=""), name="positive_case_objection_has_reason"
            ),
        ]
        indexes = [
            models.Index(fields=["district_id", "state", "opened_at"], name="positive_case_by_state"),
            models.Index(fields=["district_id", "place", "-opened_at"], name="positive_case_by_place"),
            models.Index(fields=["district_id", "due_at"], condition=~Q(state="closed"), name="positive_case_by_due"),
        ]


class CaseStep(AppendOnly):
    """One line of a case's story. `kind` is a state it came to, or `repeat`, `reminder`, `published`, `upstream`,
    `downstream`, `false_positive`, `disposal`. A step a person took carries the key of the form it came with."""

    case = DistrictForeignKey(PositiveCase, related_name="steps", verbose_name="阳性处置")
    kind = models.CharField("事项", max_length=16)
    at = models.DateTimeField("时间")
    by = models.ForeignKey(ACCOUNT, models.PROTECT, null=True, related_name="+", verbose_name="经手人")
    text = models.CharField("说明", max_length=400, blank=True)
    data = models.JSONField("内容", default=dict)
    client_key = models.UUIDField("幂等键", null=True)

    class Meta:
        verbose_name = verbose_name_plural = "处置经过"
        ordering = ["at", "id"]
        constraints = [models.UniqueConstraint(fields=["district_id", "client_key"], name="case_step_client_key_once")]


class CasePhoto(AppendOnly):
    """A photo of a case: the re-encoded picture in private storage, without EXIF."""

    class Kind(models.TextChoices):
        STRIP = "strip", "检测卡"
        SEAL = "seal", "封样"
        BEFORE = "before", "处置前"
        AFTER = "after", "处置后"
        REPORT = "report", "检验报告"

    case = DistrictForeignKey(PositiveCase, related_name="photos", verbose_name="阳性处置")
    kind = models.CharField("类别", max_length=6, choices=Kind)
    image = models.CharField("图片", max_length=200)
    sha256 = models.CharField(max_length=64)
    added_at = models.DateTimeField("时间")
    added_by = models.ForeignKey(ACCOUNT, models.PROTECT, related_name="+", verbose_name="上传人")

    class Meta:
        verbose_name = verbose_name_plural = "处置照片"
        constraints = [
            models.UniqueConstraint(fields=["district_id", "case", "kind", "sha256"], name="case_photo_once")
        ]


class LabReport(AppendOnly):
    """检验报告: what a laboratory found; never by a rapid method (食品安全法 第88条)."""

    case = DistrictForeignKey(PositiveCase, related_name="lab_reports", verbose_name="阳性处置")
    laboratory = models.CharField("检验机构", max_length=80)
    report_no = models.CharField("报告编号", max_length=40)
    method = models.CharField("检验方法", max_length=80)
    passed = models.BooleanField("合格")
    value = models.CharField("检验值", max_length=60, blank=True)
    issued_on = models.DateField("签发日期")
    recorded_at = models.DateTimeField("登记时间")
    recorded_by = models.ForeignKey(ACCOUNT, models.PROTECT, related_name="+", verbose_name="登记人")

    class Meta:
        verbose_name = verbose_name_plural = "检验报告"
        constraints = [models.UniqueConstraint(fields=["district_id", "case", "report_no"], name="lab_report_once")]


class Disposal(AppendOnly):
    """处置: what was done with the goods, how many kilograms, before whom (总局令81号 第26条)."""

    class Method(models.TextChoices):
        DESTROYED = "destroyed", "现场销毁"
        HARMLESS = "harmless", "无害化处理"
        RETURNED = "returned", "退回供货者"
        NON_FOOD = "non_food", "转作非食用"
        NOTHING_LEFT = "nothing_left", "已无存货"

    case = DistrictForeignKey(PositiveCase, related_name="disposals", verbose_name="阳性处置")
    batch = DistrictForeignKey("Batch", null=True, related_name="disposals", verbose_name="批次")
    method = models.CharField("方式", max_length=12, choices=Method)
    weight_kg = models.DecimalField("公斤", max_digits=12, decimal_places=3)
    witnesses = models.CharField("见证人", max_length=120)
    done_at = models.DateTimeField("处置时间")
    recorded_at = models.DateTimeField("登记时间")
    recorded_by = models.ForeignKey(ACCOUNT, models.PROTECT, related_name="+", verbose_name="登记人")
    client_key = models.UUIDField("幂等键")

    class Meta:
        verbose_name = verbose_name_plural = "处置记录"
        constraints = [
            models.UniqueConstraint(fields=["district_id", "client_key"], name="disposal_client_key_once"),
            models.CheckConstraint(
                condition=Q(method="nothing_left", weight_kg=0) | ~Q(method="nothing_left") & Q(weight_kg__gt=0),
                name="disposal_has_kilos",
            ),
            models.CheckConstraint(condition=~Q(witnesses=""), name="disposal_has_witness"),
        ]
