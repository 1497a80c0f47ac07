from django.contrib.postgres.fields import ArrayField
from django.db import models

from kit.ids import uuid7
from registry.papers import PaperKind


class ProductCategory(models.Model):
    reference = True

    code = models.CharField("代码", max_length=4, primary_key=True)
    name = models.CharField("名称", max_length=32)
    name_en = models.CharField("英文名", max_length=64)
    position = models.PositiveSmallIntegerField("顺序")

    class Meta:
        verbose_name = verbose_name_plural = "品类"
        ordering = ["position"]

    def __str__(self):
        return self.name


class Product(models.Model):
    """A kind of goods. Trade is weighed in kilograms; a product sold by the head or box says how many
    kilograms one is, so that quantities can be compared."""

    reference = True

    class Unit(models.TextChoices):
        KG = "kg", "公斤"
        HEAD = "head", "头"
        PIECE = "piece", "只"
        BOX = "box", "箱"
        BAG = "bag", "件"

    code = models.CharField("代码", max_length=8, primary_key=True)
    category = models.ForeignKey(ProductCategory, models.PROTECT, related_name="products", verbose_name="品类")
    name = models.CharField("名称", max_length=64, unique=True)
    name_en = models.CharField("英文名", max_length=96)
    pinyin = models.CharField("拼音", max_length=160)
    initials = models.CharField("拼音首字母", max_length=32)
    unit = models.CharField("单位", max_length=8, choices=Unit, default=Unit.KG)
    kg_per_unit = models.DecimalField("每单位公斤", max_digits=9, decimal_places=3, null=True)
    shelf_days = models.PositiveSmallIntegerField("保质天数", help_text="按自然日,自进货交易日起")
    is_meat = models.BooleanField("肉类", default=False)
    required_papers = ArrayField(
        models.CharField(max_length=32, choices=[(kind.value, kind.label) for kind in PaperKind]),
        verbose_name="必备检疫凭证",
        default=list,
        blank=True,
    )
    commitment_certificate = models.BooleanField("适用承诺达标合格证", default=False)
    position = models.PositiveSmallIntegerField("顺序", default=0)
    active = models.BooleanField("启用", default=True)

    class Meta:
        verbose_name = verbose_name_plural = "品种"
        ordering = ["category__position", "position", "code"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(unit="kg") | models.Q(kg_per_unit__gt=0), name="product_unit_has_weight"
            ),
            models.CheckConstraint(condition=models.Q(shelf_days__gte=1), name="product_shelf_days_positive"),
        ]

    def __str__(self):
        return self.name


class ProductAlias(models.Model):
    """Another name of a product, as another market says it."""

    reference = True

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    product = models.ForeignKey(Product, models.CASCADE, related_name="aliases", verbose_name="品种")
    alias = models.CharField("别名", max_length=64)
    pinyin = models.CharField("拼音", max_length=160)
    initials = models.CharField("拼音首字母", max_length=32)

    class Meta:
        verbose_name = verbose_name_plural = "品种别名"
        constraints = [models.UniqueConstraint(fields=["product", "alias"], name="product_alias_once")]

    def __str__(self):
        return self.alias
