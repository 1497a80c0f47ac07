"""What is tested, how, and against which limit: versions, each with its first day and its source.

A version is never changed: an edit adds one that begins later, so that a result can be read with the
rule of its day.
"""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from kit.ids import uuid7


class TestItem(models.Model):
    """检测项目: a substance or property. `categories` are catalogue codes of the goods it is meant for;
    `banned` substances may not be there at all, whatever the limit (a stricter reach of the hold)."""

    reference = True

    class Group(models.TextChoices):
        PESTICIDE = "pesticide", "农药残留"
        VETERINARY = "veterinary", "兽药残留"
        ILLEGAL = "illegal", "非法添加"
        ADDITIVE = "additive", "食品添加剂"
        TOXIN = "toxin", "生物毒素"
        METAL = "metal", "重金属"
        OIL = "oil", "油品质量"
        HYGIENE = "hygiene", "餐饮具卫生"

    code = models.CharField("代码", max_length=16, primary_key=True)
    name = models.CharField("名称", max_length=60, unique=True)
    name_en = models.CharField("英文名", max_length=80)
    group = models.CharField("类别", max_length=10, choices=Group)
    banned = models.BooleanField("禁用物质", default=False)
    categories = ArrayField(models.CharField(max_length=4), verbose_name="适用品类", default=list, blank=True)
    position = models.PositiveSmallIntegerField("顺序", default=0)
    active = models.BooleanField("启用", default=True)

    class Meta:
        verbose_name = verbose_name_plural = "检测项目"
        ordering = ["position", "code"]

    def __str__(self):
        return self.name


class Versioned(models.Model):
    """One version of a rule. `retired` says that from this day the rule is no more."""

    reference = True

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    effective_from = models.DateField("生效日期")
    retired = models.BooleanField("废止", default=False)
    source = models.CharField("依据", max_length=200)
    verified = models.BooleanField("已核对原文", default=False)
    made_at = models.DateTimeField("录入时间")
    made_by = models.UUIDField("录入人", null=True, blank=True)

    class Meta:
        abstract = True


class TestMethod(Versioned):
    """快检方法: how an item is tested, and what a reading means. `lod` and readings are in `unit`."""

    class Principle(models.TextChoices):
        COLLOIDAL_GOLD = "colloidal_gold", "胶体金免疫层析"
        ENZYME_INHIBITION = "enzyme_inhibition", "酶抑制率"
        COLORIMETRIC = "colorimetric", "比色/试纸"
        ATP = "atp", "ATP荧光"
        FLUORESCENCE = "fluorescence_tr", "时间分辨荧光"
        XRF = "xrf", "X射线荧光"
        PCR = "pcr", "核酸扩增"
        OTHER = "other", "其他"

    item = models.ForeignKey(TestItem, models.PROTECT, related_name="methods", verbose_name="检测项目")
    method_no = models.CharField("方法编号", max_length=40)
    title = models.CharField("方法名称", max_length=120)
    principle = models.CharField("原理", max_length=20, choices=Principle)
    lod = models.DecimalField("检出限", max_digits=12, decimal_places=4, null=True, blank=True)
    unit = models.CharField("单位", max_length=16, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "快检方法"
        ordering = ["item", "method_no", "effective_from"]
        constraints = [
            models.UniqueConstraint(fields=["item", "method_no", "effective_from"], name="test_method_version_once"),
            models.CheckConstraint(
                condition=Q(lod__isnull=True) | Q(lod__gt=0) & ~Q(unit=""), name="test_method_lod_has_unit"
            ),
        ]

    def __str__(self):
        return f"{self.method_no} {self.title}".strip()


class TestLimit(Versioned):
    """限量: for all goods, those of one category, or one product; the narrowest in force counts.

    `not_detected` 不得检出 has no number: a reading is compared with the method's limit of detection.
    """

    class Kind(models.TextChoices):
        MAX = "max", "不得超过"
        NOT_DETECTED = "not_detected", "不得检出"
        INHIBITION = "inhibition", "抑制率低于"

    item = models.ForeignKey(TestItem, models.PROTECT, related_name="limits", verbose_name="检测项目")
    category = models.ForeignKey(
        "registry.ProductCategory", models.PROTECT, null=True, blank=True, related_name="+", verbose_name="品类"
    )
    product = models.ForeignKey(
        "registry.Product", models.PROTECT, null=True, blank=True, related_name="+", verbose_name="品种"
    )
    kind = models.CharField("类别", max_length=12, choices=Kind)
    value = models.DecimalField("限量", max_digits=12, decimal_places=4, null=True, blank=True)
    unit = models.CharField("单位", max_length=16, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "限量"
        ordering = ["item", "category", "product", "effective_from"]
        constraints = [
            models.UniqueConstraint(
                fields=["item", "category", "product", "effective_from"], nulls_distinct=False,
                name="test_limit_version_once",
            ),
            models.CheckConstraint(
                condition=Q(category__isnull=True) | Q(product__isnull=True), name="test_limit_one_scope"
            ),
            models.CheckConstraint(
                condition=Q(kind="not_detected", value__isnull=True)
                | ~Q(kind="not_detected") & Q(value__gt=0) & ~Q(unit=""),
                name="test_limit_number_has_unit",
            ),
        ]  # fmt: skip

    def __str__(self):
        return f"{self.get_kind_display()} {self.value or ''} {self.unit}".strip()
