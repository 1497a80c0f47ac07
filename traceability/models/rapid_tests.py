from django.db import models

from kit.district import DistrictForeignKey
from kit.models import AppendOnly

from .declarations import ACCOUNT
from .visibility import GoodsQuerySet


class RapidTest(AppendOnly):
    """快检: one item tested on one batch. Screening, not a legal finding (食品安全法 第112条)."""

    class Result(models.TextChoices):
        NEGATIVE = "negative", "未检出"
        POSITIVE = "positive", "阳性"
        SUSPECT = "suspect", "可疑"
        INVALID = "invalid", "无效"

    batch = DistrictForeignKey("Batch", related_name="rapid_tests", verbose_name="批次")
    place = DistrictForeignKey("registry.Place", related_name="rapid_tests", verbose_name="被检场所")
    organisation = models.ForeignKey("registry.Organisation", models.PROTECT, related_name="+", verbose_name="被检主体")
    item = models.CharField("检测项目", max_length=60)
    method = models.CharField("方法", max_length=60, blank=True)
    result = models.CharField("结果", max_length=8, choices=Result)
    point_name = models.CharField("快检点", max_length=80)
    tested_at = models.DateTimeField("检测时间")
    recorded_at = models.DateTimeField("登记时间")
    tested_by = models.ForeignKey(ACCOUNT, models.PROTECT, related_name="+", verbose_name="检测人")
    note = models.CharField("备注", max_length=200, blank=True)
    client_key = models.UUIDField("幂等键")

    objects = GoodsQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "快检记录"
        constraints = [models.UniqueConstraint(fields=["district_id", "client_key"], name="rapid_test_client_key_once")]
        indexes = [models.Index(fields=["district_id", "place", "-tested_at"], name="rapid_test_by_place")]
