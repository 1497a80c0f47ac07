"""On site: arriving, what was seen, its photos, and what has to be put right. None of it is a statutory inspection."""

from django.db import models
from django.db.models import Q

from kit.crypto import EncryptedTextField
from kit.district import DistrictForeignKey, DistrictModel
from kit.models import AppendOnly

from .people import ACCOUNT, ORGANISATION, REGION, Coordinator
from .tasks import Claim, Task
from .visibility import FindingQuerySet, OwnWorkQuerySet


class CheckIn(AppendOnly):
    """到场签到: the place's code scanned, the position with its accuracy, or why there is none.

    Position is encrypted and kept for the check-in and check-out alone; `distance_m` is what is judged.
    """

    class Outcome(models.TextChoices):
        SUCCESS = "success", "在场"
        FAILURE = "failure", "不符"
        SKIPPED = "skipped", "未核"

    claim = DistrictForeignKey(Claim, related_name="check_ins", verbose_name="领取")
    at = models.DateTimeField("服务器时间")
    phone_at = models.DateTimeField("手机时间")
    outcome = models.CharField("结果", max_length=7, choices=Outcome)
    scanned = models.BooleanField("已扫码", default=False)
    position = EncryptedTextField("位置", blank=True, default="")
    accuracy_m = models.PositiveIntegerField("精度(米)", null=True)
    distance_m = models.PositiveIntegerField("距离(米)", null=True)
    why = models.CharField("说明", max_length=20, blank=True)
    client_key = models.UUIDField("幂等键")

    class Meta:
        verbose_name = verbose_name_plural = "到场签到"
        constraints = [models.UniqueConstraint(fields=["district_id", "client_key"], name="check_in_client_key_once")]


class Draft(DistrictModel):
    """What is typed so far, kept on the server for phones without a worker of their own; gone once submitted."""

    claim = DistrictForeignKey(Claim, models.CASCADE, related_name="drafts", verbose_name="领取")
    content = models.JSONField("内容")
    saved_at = models.DateTimeField("保存时间")

    class Meta:
        verbose_name = verbose_name_plural = "草稿"
        constraints = [models.UniqueConstraint(fields=["district_id", "claim"], name="draft_once_a_claim")]


class Submission(AppendOnly):
    """提交: one revision of a visit's record, frozen as it came. `manifest` names every photo by SHA-256; it is
    complete when all have arrived. `late`: after the lease; `orphan`: after somebody else had taken the task."""

    class Outcome(models.TextChoices):
        DONE = "done", "已检查"
        CLOSED = "closed", "关门"
        MOVED = "moved", "已搬迁"
        NOT_FOUND = "not_found", "查无此店"

    task = DistrictForeignKey(Task, related_name="submissions", verbose_name="任务")
    claim = DistrictForeignKey(Claim, related_name="submissions", verbose_name="领取")
    coordinator = DistrictForeignKey(Coordinator, related_name="submissions", verbose_name="协管人员")
    town = models.ForeignKey(REGION, models.PROTECT, related_name="+", verbose_name="镇街")
    revision = models.PositiveSmallIntegerField("版次")
    outcome = models.CharField("结果", max_length=9, choices=Outcome)
    answers = models.JSONField("检查内容", default=list)
    promotion = models.JSONField("宣传情况", default=dict)
    manifest = models.JSONField("照片清单", default=list)
    content_sha256 = models.CharField(max_length=64)
    started_at = models.DateTimeField("开始时间")
    finished_at = models.DateTimeField("完成时间")
    received_at = models.DateTimeField("收到时间")
    signed_by = models.CharField("经营者签字", max_length=40, blank=True)
    signature_sha256 = models.CharField(max_length=64, blank=True)
    sign_refusal = models.CharField("拒签说明", max_length=200, blank=True)
    late = models.BooleanField("逾期提交", default=False)
    orphan = models.BooleanField("他人已领取", default=False)
    offline = models.BooleanField("离线填写", default=False)
    client_key = models.UUIDField("幂等键")

    objects = OwnWorkQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "提交"
        constraints = [
            models.UniqueConstraint(
                fields=["district_id", "coordinator", "client_key"], name="submission_client_key_once"
            ),
            models.UniqueConstraint(
                fields=["district_id", "claim", "revision"], name="submission_revision_once_a_claim"
            ),
        ]


class SubmissionComplete(AppendOnly):
    """All photos of the manifest are here: the phone may forget its copy."""

    submission = DistrictForeignKey(Submission, related_name="completions", verbose_name="提交")
    at = models.DateTimeField("时间")

    class Meta:
        verbose_name = verbose_name_plural = "提交完成"
        constraints = [models.UniqueConstraint(fields=["district_id", "submission"], name="submission_complete_once")]


class VisitPhoto(AppendOnly):
    """One photo from a phone: what was sent (`sha256`), what is stored (re-encoded), perceptual hashes for re-use
    (plain, mirrored, centre), and the position at the shutter."""

    claim = DistrictForeignKey(Claim, related_name="photos", verbose_name="领取")
    item_code = models.CharField("检查项目", max_length=8, blank=True)
    sha256 = models.CharField("原图摘要", max_length=64)
    image = models.CharField("图片", max_length=200)
    dhash = models.BigIntegerField(null=True)
    dhash_mirrored = models.BigIntegerField(null=True)
    dhash_centre = models.BigIntegerField(null=True)
    taken_at = models.DateTimeField("拍摄时间")
    received_at = models.DateTimeField("收到时间")
    position = EncryptedTextField("位置", blank=True, default="")
    distance_m = models.PositiveIntegerField("距离(米)", null=True)

    class Meta:
        verbose_name = verbose_name_plural = "现场照片"
        constraints = [models.UniqueConstraint(fields=["district_id", "claim", "sha256"], name="visit_photo_once")]
        indexes = [models.Index(fields=["district_id", "sha256"], name="visit_photo_by_digest")]


class Finding(DistrictModel):
    """整改建议: what a coordinator saw and suggests. A key item is seen by an officer at once, who may adopt it as an
    order 责令改正 of his own (`adopted_at`)."""

    class State(models.TextChoices):
        OPEN = "open", "待整改"
        REPLIED = "replied", "已回复"
        CLOSED = "closed", "已整改"
        ESCALATED = "escalated", "转监管"
        WITHDRAWN = "withdrawn", "撤回"

    class Measure(models.TextChoices):
        ON_SPOT = "on_spot", "当场整改"
        DEADLINE = "deadline", "限期整改"
        REPORT = "report", "报告监管"

    state = models.CharField("状态", max_length=9, choices=State, default=State.OPEN)
    task = DistrictForeignKey(Task, related_name="findings", verbose_name="任务")
    submission = DistrictForeignKey(Submission, related_name="findings", verbose_name="提交")
    finder = DistrictForeignKey(Coordinator, related_name="findings", verbose_name="发现人")
    place = DistrictForeignKey("registry.Place", related_name="findings", verbose_name="场所")
    organisation = models.ForeignKey(ORGANISATION, models.PROTECT, null=True, related_name="+", verbose_name="经营者")
    town = models.ForeignKey(REGION, models.PROTECT, related_name="+", verbose_name="镇街")
    item_code = models.CharField("检查项目", max_length=8)
    item_text = models.CharField("项目内容", max_length=200)
    key = models.BooleanField("重点项目", default=False)
    text = models.CharField("情况", max_length=400)
    measure = models.CharField("建议措施", max_length=8, choices=Measure)
    due_on = models.DateField("整改期限", null=True)
    found_at = models.DateTimeField("发现时间")
    verified_at = models.DateTimeField("审定时间", null=True)
    closed_at = models.DateTimeField("办结时间", null=True)
    adopted_by = models.ForeignKey(ACCOUNT, models.PROTECT, null=True, related_name="+", verbose_name="采纳人")
    adopted_at = models.DateTimeField("采纳时间", null=True)
    adopted_note = models.CharField("责令改正", max_length=400, blank=True)

    objects = FindingQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "整改建议"
        constraints = [
            models.UniqueConstraint(fields=["district_id", "submission", "item_code"], name="finding_once_an_item"),
            models.CheckConstraint(
                condition=~Q(measure="deadline") | Q(due_on__isnull=False), name="finding_has_deadline"
            ),
        ]
        indexes = [models.Index(fields=["district_id", "place", "-found_at"], name="finding_by_place")]


class FindingReply(AppendOnly):
    """整改回复 of the operator, with a photo."""

    finding = DistrictForeignKey(Finding, related_name="replies", verbose_name="整改建议")
    text = models.CharField("回复", max_length=400)
    image = models.CharField("图片", max_length=200, blank=True)
    at = models.DateTimeField("时间")
    by = models.ForeignKey(ACCOUNT, models.PROTECT, related_name="+", verbose_name="回复人")
    client_key = models.UUIDField("幂等键")

    class Meta:
        verbose_name = verbose_name_plural = "整改回复"
        constraints = [
            models.UniqueConstraint(fields=["district_id", "client_key"], name="finding_reply_client_key_once")
        ]


class Clue(AppendOnly):
    """线索: what an informant saw, unprompted, with a photo."""

    coordinator = DistrictForeignKey(Coordinator, related_name="clues", verbose_name="报告人")
    place = DistrictForeignKey("registry.Place", null=True, related_name="+", verbose_name="场所")
    town = models.ForeignKey(REGION, models.PROTECT, related_name="+", verbose_name="镇街")
    category = models.CharField("类别", max_length=20)
    text = models.CharField("情况", max_length=400)
    image = models.CharField("图片", max_length=200, blank=True)
    at = models.DateTimeField("时间")
    client_key = models.UUIDField("幂等键")

    objects = OwnWorkQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "线索"
        constraints = [models.UniqueConstraint(fields=["district_id", "client_key"], name="clue_client_key_once")]
