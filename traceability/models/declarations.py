from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from kit.district import DistrictForeignKey, DistrictModel
from registry.papers import PaperKind
from traceability.evidence import EvidenceLevel

from .visibility import GoodsQuerySet

UNITS = [("kg", "公斤"), ("jin", "斤"), ("t", "吨"), ("head", "头"), ("piece", "只"), ("box", "箱"), ("bag", "件")]
EVIDENCE_CHOICES = [(level.value, level.name) for level in EvidenceLevel]
ACCOUNT = "registry.Account"


class Declaration(DistrictModel):
    """入场申报: what a trader says he brings into a wholesale market (总局令81号 第24条).

    The origin is a county-level division at least (第12条). `gate_outcome`, `gate_missing` and
    `gate_articles` keep what the decision table answered when it was submitted. A supplementary
    declaration 补报 covers what came on top of an earlier one, or what a scale sold beyond it.
    `weight_kg` is `quantity` in kilograms.
    """

    class Kind(models.TextChoices):
        REGULAR = "regular", "申报"
        SUPPLEMENTARY = "supplementary", "补报"

    class State(models.TextChoices):
        SUBMITTED = "submitted", "待审核"
        RETURNED = "returned", "已退回"
        ADMITTED = "admitted", "已准入"
        REJECTED = "rejected", "不准入"
        WITHDRAWN = "withdrawn", "已撤回"

    kind = models.CharField("类别", max_length=13, choices=Kind, default=Kind.REGULAR)
    state = models.CharField("状态", max_length=9, choices=State, default=State.SUBMITTED)
    market = DistrictForeignKey("registry.Market", related_name="declarations", verbose_name="市场")
    place = DistrictForeignKey("registry.Place", related_name="declarations", verbose_name="摊位")
    organisation = models.ForeignKey("registry.Organisation", models.PROTECT, verbose_name="经营者")
    supplements = DistrictForeignKey(
        "self", null=True, blank=True, related_name="supplements_set", verbose_name="补报对象"
    )
    trade_day = models.DateField("交易日")

    product = models.ForeignKey("registry.Product", models.PROTECT, verbose_name="品种")
    origin_region = models.ForeignKey("registry.Region", models.PROTECT, verbose_name="产地")
    origin_detail = models.CharField("产地详情", max_length=120, blank=True)
    base = DistrictForeignKey("registry.Base", null=True, blank=True, verbose_name="基地")
    quantity = models.DecimalField("数量", max_digits=12, decimal_places=3)
    unit = models.CharField("单位", max_length=8, choices=UNITS)
    weight_kg = models.DecimalField("公斤", max_digits=12, decimal_places=3)
    self_grown = models.BooleanField("自产自销", default=False)
    imported = models.BooleanField("进口", default=False)
    supplier = DistrictForeignKey("registry.Supplier", null=True, blank=True, verbose_name="供货者")
    upstream_code = models.CharField("上游追溯码", max_length=200, blank=True)
    vehicle_plate = models.CharField("车牌", max_length=12, blank=True)
    note = models.CharField("备注", max_length=200, blank=True)

    declared_at = models.DateTimeField("申报时间")
    declared_by = models.ForeignKey(ACCOUNT, models.PROTECT, related_name="+", verbose_name="申报人")
    on_behalf = models.BooleanField("代录", default=False)
    eta = models.DateTimeField("预计到场", null=True, blank=True)
    entered_at = models.DateTimeField("入场时间", null=True, blank=True)

    evidence_level = models.PositiveSmallIntegerField("证据等级", choices=EVIDENCE_CHOICES, default=0)
    gate_outcome = models.CharField("准入判定", max_length=20)
    gate_missing = ArrayField(models.CharField(max_length=40), verbose_name="缺少凭证", default=list)
    gate_articles = ArrayField(models.CharField(max_length=20), verbose_name="依据条款", default=list)

    audited_by = models.ForeignKey(ACCOUNT, models.PROTECT, null=True, related_name="+", verbose_name="审核人")
    audited_at = models.DateTimeField("审核时间", null=True)
    audit_reason = models.CharField("审核意见", max_length=200, blank=True)
    second_look_by = models.ForeignKey(ACCOUNT, models.PROTECT, null=True, related_name="+", verbose_name="代录复核人")
    second_look_at = models.DateTimeField("代录复核时间", null=True)
    client_key = models.UUIDField("幂等键")

    objects = GoodsQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "入场申报"
        constraints = [
            models.UniqueConstraint(fields=["district_id", "client_key"], name="declaration_client_key_once"),
            models.CheckConstraint(condition=Q(quantity__gt=0, weight_kg__gt=0), name="declaration_weight_positive"),
            models.CheckConstraint(
                condition=Q(audited_by__isnull=True) | ~Q(audited_by=F("declared_by")),
                name="declaration_auditor_is_not_declarer",
            ),
            models.CheckConstraint(
                condition=Q(second_look_by__isnull=True) | ~Q(second_look_by=F("declared_by")),
                name="declaration_second_look_by_another",
            ),
            models.CheckConstraint(
                condition=Q(audited_by__isnull=False, audited_at__isnull=False)
                | Q(state__in=["submitted", "withdrawn"]),
                name="declaration_decided_by_somebody",
            ),
        ]
        indexes = [
            models.Index(fields=["district_id", "market", "state", "declared_at"], name="declaration_queue"),
            models.Index(fields=["district_id", "place", "-declared_at"], name="declaration_by_place"),
        ]


class Paper(DistrictModel):
    """A photographed document: purchase voucher, quality proof, quarantine or meat certificate, contract.

    `image` is the private storage path of the re-encoded photo (no EXIF); `verified_by` is set when
    somebody checked number and issuer against the paper or an official system.
    """

    declaration = DistrictForeignKey(Declaration, null=True, blank=True, related_name="papers", verbose_name="申报")
    intake = DistrictForeignKey("Intake", null=True, blank=True, related_name="papers", verbose_name="进货")
    kind = models.CharField("种类", max_length=32, choices=[(kind.value, kind.label) for kind in PaperKind])
    number = models.CharField("编号", max_length=60, blank=True)
    issuer = models.CharField("出具单位", max_length=120, blank=True)
    issued_on = models.DateField("出具日期", null=True, blank=True)
    image = models.CharField("照片", max_length=200, blank=True)
    image_sha256 = models.CharField(max_length=64, blank=True)
    added_by = models.ForeignKey(ACCOUNT, models.PROTECT, related_name="+", verbose_name="上传人")
    added_at = models.DateTimeField("上传时间")
    verified_by = models.ForeignKey(ACCOUNT, models.PROTECT, null=True, related_name="+", verbose_name="核验人")
    verified_at = models.DateTimeField("核验时间", null=True)

    class Meta:
        verbose_name = verbose_name_plural = "凭证"
        constraints = [
            models.CheckConstraint(
                condition=Q(declaration__isnull=False) ^ Q(intake__isnull=False), name="paper_belongs_to_one"
            )
        ]
