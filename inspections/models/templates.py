"""检查表: what is looked at, in versions. A version in use is never changed; an edit is the next one."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from kit.district import DistrictForeignKey, DistrictModel

from .people import ACCOUNT


class Checklist(DistrictModel):
    """`audience`: which places it is for: stall, catering, workshop, shop, promotion."""

    class State(models.TextChoices):
        DRAFT = "draft", "草稿"
        PUBLISHED = "published", "使用中"
        RETIRED = "retired", "停用"

    class Audience(models.TextChoices):
        STALL = "stall", "市场摊位"
        CATERING = "catering", "餐饮/食堂"
        WORKSHOP = "workshop", "小作坊"
        SHOP = "shop", "食品店"
        PROMOTION = "promotion", "宣传"

    code = models.CharField("代码", max_length=20)
    version = models.PositiveSmallIntegerField("版本")
    state = models.CharField("状态", max_length=9, choices=State, default=State.DRAFT)
    audience = models.CharField("适用对象", max_length=9, choices=Audience)
    title = models.CharField("名称", max_length=80)
    min_photos = models.PositiveSmallIntegerField("至少照片", default=3)
    made_at = models.DateTimeField("编制时间")
    made_by = models.ForeignKey(ACCOUNT, models.PROTECT, null=True, related_name="+", verbose_name="编制人")
    published_at = models.DateTimeField("发布时间", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "检查表"
        constraints = [
            models.UniqueConstraint(fields=["district_id", "code", "version"], name="checklist_version_once"),
            models.UniqueConstraint(
                fields=["district_id", "code"], condition=Q(state="published"), name="checklist_one_in_use"
            ),
        ]

    def __str__(self):
        return f"{self.title} v{self.version}"


class ChecklistItem(DistrictModel):
    """`key` 重点项目: a failure goes to an officer at once. `evidence` is asked for even when the item passes."""

    class Evidence(models.TextChoices):
        NONE = "none", "无"
        PHOTO = "photo", "照片"
        NUMBER = "number", "读数"
        TEXT = "text", "文字"

    checklist = DistrictForeignKey(Checklist, models.CASCADE, related_name="items", verbose_name="检查表")
    position = models.PositiveSmallIntegerField("顺序")
    code = models.CharField("代码", max_length=8)
    text = models.CharField("内容", max_length=200)
    key = models.BooleanField("重点项目", default=False)
    evidence = models.CharField("取证", max_length=6, choices=Evidence, default=Evidence.NONE)
    unit = models.CharField("单位", max_length=12, blank=True)
    measures = ArrayField(models.CharField(max_length=40), verbose_name="常用措施", default=list, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "检查项目"
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["district_id", "checklist", "code"], name="checklist_item_code_once"),
            models.UniqueConstraint(fields=["district_id", "checklist", "position"], name="checklist_item_place_once"),
        ]
