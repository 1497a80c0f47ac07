from django.db import models
from django.db.models import F, Q

from kit.district import DistrictForeignKey, DistrictModel

from .declarations import ACCOUNT
from .visibility import PointQuerySet


class TestPoint(DistrictModel):
    """快检点: where rapid tests are made. At a market, at a store (canteen, restaurant), or the regulator's own
    (station, vehicle). `organisation` runs it: the market, the canteen, or a third party 第三方机构."""

    class Kind(models.TextChoices):
        WHOLESALE = "wholesale", "批发市场"
        RETAIL = "retail", "农贸市场"
        SCHOOL_CANTEEN = "school_canteen", "学校食堂"
        STAFF_CANTEEN = "staff_canteen", "职工食堂"
        RESTAURANT = "restaurant", "大型餐馆"
        SUPERMARKET = "supermarket", "超市"
        STATION = "station", "监管所"
        VEHICLE = "vehicle", "快检车"

    class State(models.TextChoices):
        ACTIVE = "active", "运行"
        CLOSED = "closed", "停用"

    kind = models.CharField("类型", max_length=14, choices=Kind)
    state = models.CharField("状态", max_length=6, choices=State, default=State.ACTIVE)
    code = models.CharField("编号", max_length=6)
    name = models.CharField("名称", max_length=80)
    name_pinyin = models.CharField(max_length=200, blank=True, editable=False)
    name_initials = models.CharField(max_length=80, blank=True, editable=False)
    market = DistrictForeignKey(
        "registry.Market", null=True, blank=True, related_name="test_points", verbose_name="市场"
    )
    place = DistrictForeignKey("registry.Place", null=True, blank=True, related_name="test_points", verbose_name="场所")
    town = models.ForeignKey("registry.Region", models.PROTECT, related_name="+", verbose_name="镇街")
    organisation = models.ForeignKey("registry.Organisation", models.PROTECT, related_name="+", verbose_name="运营者")
    daily_target = models.PositiveSmallIntegerField("每日检测量", default=0)
    opened_on = models.DateField("启用日期")
    closed_on = models.DateField("停用日期", null=True, blank=True)

    objects = PointQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "快检点"
        ordering = ["code"]
        constraints = [
            models.UniqueConstraint(fields=["district_id", "code"], name="test_point_code_once"),
            models.UniqueConstraint(
                fields=["district_id", "market"], condition=Q(state="active", market__isnull=False),
                name="test_point_one_at_a_market",
            ),
            models.UniqueConstraint(
                fields=["district_id", "place"], condition=Q(state="active", place__isnull=False),
                name="test_point_one_at_a_place",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=["wholesale", "retail"], market__isnull=False, place__isnull=True)
                | Q(kind__in=["station", "vehicle"], market__isnull=True, place__isnull=True)
                | Q(kind__in=["school_canteen", "staff_canteen", "restaurant", "supermarket"], market__isnull=True,
                    place__isnull=False),
                name="test_point_stands_where_its_kind_does",
            ),
            models.CheckConstraint(
                condition=Q(state="active", closed_on__isnull=True) | Q(state="closed", closed_on__isnull=False),
                name="test_point_closed_has_day",
            ),
        ]  # fmt: skip

    def __str__(self):
        return self.name


class PointStaff(DistrictModel):
    """检测人员: who tests at a point, trained until when. Training is renewed by a further row's dates."""

    point = DistrictForeignKey(TestPoint, related_name="staff", verbose_name="快检点")
    account = models.ForeignKey(ACCOUNT, models.PROTECT, related_name="+", verbose_name="检测员")
    trained_on = models.DateField("培训日期")
    trained_until = models.DateField("培训有效期至")
    started_on = models.DateField("上岗日期")
    ended_on = models.DateField("离岗日期", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "检测人员"
        constraints = [
            models.UniqueConstraint(
                fields=["district_id", "point", "account"], condition=Q(ended_on__isnull=True),
                name="point_staff_once_while_it_lasts",
            ),
            models.CheckConstraint(condition=Q(trained_until__gte=F("trained_on")), name="point_staff_training_lasts"),
        ]  # fmt: skip


class PointInstrument(DistrictModel):
    """An instrument that stands at a point; its key and calibration are the device's."""

    point = DistrictForeignKey(TestPoint, related_name="instruments", verbose_name="快检点")
    device = DistrictForeignKey("registry.Device", related_name="test_points", verbose_name="快检仪")
    placed_at = models.DateTimeField("放置时间")
    removed_at = models.DateTimeField("移走时间", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "快检点仪器"
        constraints = [
            models.UniqueConstraint(
                fields=["district_id", "device"], condition=Q(removed_at__isnull=True), name="instrument_at_one_point"
            )
        ]


class TestKit(DistrictModel):
    """试剂盒: one batch of strips or reagents at a point, for one item. An expired one is refused."""

    class State(models.TextChoices):
        IN_USE = "in_use", "在用"
        USED_UP = "used_up", "用完"
        DISCARDED = "discarded", "报废"

    point = DistrictForeignKey(TestPoint, related_name="kits", verbose_name="快检点")
    item = models.ForeignKey("TestItem", models.PROTECT, related_name="+", verbose_name="检测项目")
    method_no = models.CharField("方法编号", max_length=40, blank=True)
    brand = models.CharField("品牌", max_length=60)
    batch_no = models.CharField("批号", max_length=40)
    expires_on = models.DateField("有效期至")
    received_on = models.DateField("入库日期")
    tests_total = models.PositiveIntegerField("总份数", null=True, blank=True)
    state = models.CharField("状态", max_length=9, choices=State, default=State.IN_USE)
    client_key = models.UUIDField("幂等键")

    class Meta:
        verbose_name = verbose_name_plural = "试剂盒"
        constraints = [
            models.UniqueConstraint(fields=["district_id", "client_key"], name="test_kit_client_key_once"),
            models.UniqueConstraint(
                fields=["district_id", "point", "item", "brand", "batch_no"], condition=Q(state="in_use"),
                name="test_kit_batch_once_at_a_point",
            ),
        ]  # fmt: skip
