"""Where goods are: markets, their stalls, and stores of their own.

A stall and a store are two kinds of one thing, the *place* that holds goods, shows a code and
answers for what it sells; one table, so that a batch, a voucher's buyer or a person's scope points
at either in one way.
"""

import datetime as dt

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from kit.district import DistrictForeignKey, DistrictModel
from kit.models import Coded
from registry.business_types import BusinessType

from .history import history
from .visibility import MarketQuerySet, PlaceQuerySet


class Market(DistrictModel):
    """A wholesale or retail market, and whoever opens it.

    `trade_day_starts_at`: a night market's day does not end at midnight; "today", voids and the
    matching of tests go by the market's trade day.
    """

    class Kind(models.TextChoices):
        WHOLESALE = "wholesale", "批发市场"
        RETAIL = "retail", "农贸市场"
        MIXED = "mixed", "批零兼营"

    name = models.CharField("市场名称", max_length=80)
    kind = models.CharField("类型", max_length=10, choices=Kind)
    organisation = models.ForeignKey("registry.Organisation", models.PROTECT, verbose_name="开办者")
    town = models.ForeignKey("registry.Region", models.PROTECT, verbose_name="镇街")
    address = models.CharField("地址", max_length=200)
    area_m2 = models.PositiveIntegerField("面积(平方米)", null=True, blank=True)
    complaint_phone = models.CharField("投诉电话", max_length=20)
    safety_officer = models.CharField("食品安全员", max_length=32, blank=True)
    safety_director = models.CharField("食品安全总监", max_length=32, blank=True)
    star_level = models.PositiveSmallIntegerField("星级", default=0)
    has_lab = models.BooleanField("设快检室", default=False)
    trade_day_starts_at = models.TimeField("交易日起点", default=dt.time(0, 0))
    zones = ArrayField(models.CharField(max_length=20), verbose_name="分区", default=list, blank=True)
    active = models.BooleanField("营业", default=True)

    objects = MarketQuerySet.as_manager()
    history = history()

    class Meta:
        verbose_name = verbose_name_plural = "市场"
        constraints = [
            models.UniqueConstraint(fields=["district_id", "name"], name="market_name_once_in_district"),
            models.CheckConstraint(condition=Q(star_level__lte=5), name="market_star_level_up_to_five"),
        ]

    def __str__(self):
        return self.name


class Place(DistrictModel, Coded):
    """A stall of a market, or a store of its own."""

    class Kind(models.TextChoices):
        STALL = "stall", "摊位"
        STORE = "store", "门店/单位"

    class State(models.TextChoices):
        ACTIVE = "active", "营业"
        VACANT = "vacant", "空置"
        SUSPENDED = "suspended", "暂停"
        CLOSED = "closed", "停用"

    kind = models.CharField("类别", max_length=5, choices=Kind)
    state = models.CharField("状态", max_length=9, choices=State, default=State.ACTIVE)
    name = models.CharField("招牌名", max_length=80, blank=True)
    name_pinyin = models.CharField(max_length=200, blank=True, editable=False)
    name_initials = models.CharField(max_length=80, blank=True, editable=False)
    organisation = models.ForeignKey(
        "registry.Organisation", models.PROTECT, null=True, blank=True, related_name="places", verbose_name="经营者"
    )
    town = models.ForeignKey("registry.Region", models.PROTECT, related_name="places", verbose_name="镇街")
    market = DistrictForeignKey(Market, null=True, blank=True, related_name="places", verbose_name="市场")
    stall_no = models.CharField("摊位号", max_length=20, blank=True)
    zone = models.CharField("分区", max_length=20, blank=True)
    categories = models.ManyToManyField("registry.ProductCategory", blank=True, verbose_name="经营品类")
    business_type = models.CharField(
        "业态", max_length=32, choices=[(kind.value, kind.label) for kind in BusinessType], blank=True
    )
    address = models.CharField("地址", max_length=200, blank=True)
    public_phone = models.CharField("公开电话", max_length=20, blank=True, help_text="经营者同意公开的电话")
    permit_no = models.CharField("许可/备案/登记证号", max_length=32, blank=True)
    permit_expires_on = models.DateField("证件有效期至", null=True, blank=True)
    safety_officer = models.CharField("食品安全员", max_length=32, blank=True)
    latitude = models.DecimalField("纬度", max_digits=9, decimal_places=6, null=True, blank=True)
    longitude = models.DecimalField("经度", max_digits=9, decimal_places=6, null=True, blank=True)
    closed_at = models.DateTimeField("停用时间", null=True, blank=True)

    objects = PlaceQuerySet.as_manager()
    history = history()

    class Meta:
        verbose_name = verbose_name_plural = "场所"
        constraints = [
            models.UniqueConstraint(
                fields=["district_id", "market", "stall_no"],
                condition=Q(kind="stall") & ~Q(state="closed"),
                name="stall_no_once_in_market",
            ),
            models.CheckConstraint(
                condition=Q(kind="stall", market__isnull=False) & ~Q(stall_no="")
                | Q(kind="store", market__isnull=True) & ~Q(address="") & ~Q(business_type=""),
                name="place_is_stall_or_store",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["vacant", "closed"]) | Q(organisation__isnull=False),
                name="place_in_use_has_organisation",
            ),
            models.UniqueConstraint(fields=["district_id", "token"], name="place_token_once"),
        ]

    def __str__(self):
        return f"{self.stall_no} {self.name}".strip()

    @property
    def page_kind(self):
        """The letter of its public address: /s/ for a stall, /d/ for a store."""
        return "s" if self.kind == self.Kind.STALL else "d"


class Stall(Place):
    class Meta:
        proxy = True
        verbose_name = verbose_name_plural = "摊位"

    objects = PlaceQuerySet.only_kind(Place.Kind.STALL)


class Store(Place):
    class Meta:
        proxy = True
        verbose_name = verbose_name_plural = "门店/单位"

    objects = PlaceQuerySet.only_kind(Place.Kind.STORE)


class Occupancy(DistrictModel):
    """Who kept a place, from when to when, under which quality-safety agreement 质量安全协议.

    The archive of a wholesale vendor is kept at least six months after leaving (总局令81号 第21条).
    """

    place = DistrictForeignKey(Place, related_name="occupancies", verbose_name="场所")
    organisation = models.ForeignKey("registry.Organisation", models.PROTECT, verbose_name="经营者")
    trade_name = models.CharField("招牌名", max_length=80, blank=True)
    started_on = models.DateField("入驻日期")
    ended_on = models.DateField("退出日期", null=True, blank=True)
    agreement_signed_on = models.DateField("协议签订日期", null=True, blank=True)
    agreement_ends_on = models.DateField("协议到期日期", null=True, blank=True)

    history = history()

    class Meta:
        verbose_name = verbose_name_plural = "入驻记录"
        constraints = [
            models.UniqueConstraint(
                fields=["district_id", "place"], condition=Q(ended_on__isnull=True), name="place_one_occupant_at_once"
            ),
            models.CheckConstraint(
                condition=Q(ended_on__isnull=True) | Q(ended_on__gte=models.F("started_on")),
                name="occupancy_ends_after_start",
            ),
        ]

    def agreement_valid_on(self, day: dt.date) -> bool:
        return bool(
            self.agreement_signed_on
            and self.agreement_signed_on <= day
            and (self.agreement_ends_on is None or day <= self.agreement_ends_on)
        )
