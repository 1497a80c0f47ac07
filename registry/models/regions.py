from django.db import models


class Region(models.Model):
    """An administrative division: GB/T 2260 to county level, and the towns of the districts served.

    Imported goods come from a country: its code is the three letters of GB/T 2659 (ISO 3166).
    """

    reference = True

    class Level(models.TextChoices):
        COUNTRY = "country", "国家/地区"
        PROVINCE = "province", "省"
        CITY = "city", "市"
        COUNTY = "county", "区县"
        TOWN = "town", "镇街"

    code = models.CharField("代码", max_length=12, primary_key=True)
    name = models.CharField("名称", max_length=64)
    full_name = models.CharField("全称", max_length=160)
    name_en = models.CharField("英文名", max_length=128, blank=True)
    level = models.CharField("级别", max_length=8, choices=Level)
    parent = models.ForeignKey("self", models.PROTECT, null=True, related_name="children", verbose_name="上级")
    pinyin = models.CharField("拼音", max_length=160)
    initials = models.CharField("拼音首字母", max_length=32)

    class Meta:
        verbose_name = verbose_name_plural = "行政区划"
        ordering = ["code"]

    def __str__(self):
        return self.name
