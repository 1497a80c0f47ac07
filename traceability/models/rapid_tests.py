from django.db import models
from django.db.models import Q

from kit.district import DistrictForeignKey
from kit.models import AppendOnly

from .declarations import ACCOUNT
from .visibility import GoodsQuerySet, TestQuerySet


class Sample(AppendOnly):
    """样品: a portion of one product taken at a place, at one point; many items may be tested on it.

    `label` is the code printed on its bag. `link` says how it was tied to goods: to the batch itself,
    through its voucher or intake, by the published rule (same seller, product and trade day), or not.
    The line or intake may be of another district: no database foreign key.
    """

    class Purpose(models.TextChoices):
        ENTRY = "entry", "入场快检"
        ROUTINE = "routine", "日常自检"
        REGULATOR = "regulator", "监管抽查"
        CITIZEN = "citizen", "你送我检"
        ACCEPTANCE = "acceptance", "食堂验收"
        FOLLOW_UP = "follow_up", "复检跟踪"
        BLIND = "blind", "盲样考核"

    class Link(models.TextChoices):
        BATCH = "batch", "批次"
        VOUCHER = "voucher", "凭证"
        INTAKE = "intake", "进货"
        RULE = "rule", "规则匹配"
        NONE = "none", "未关联"

    label = models.CharField("样品编号", max_length=12)
    point = DistrictForeignKey("TestPoint", related_name="samples", verbose_name="快检点")
    purpose = models.CharField("用途", max_length=10, choices=Purpose)
    place = DistrictForeignKey("registry.Place", null=True, related_name="samples", verbose_name="被检场所")
    organisation = models.ForeignKey(
        "registry.Organisation", models.PROTECT, null=True, related_name="+", verbose_name="被检主体"
    )
    product = models.ForeignKey("registry.Product", models.PROTECT, related_name="+", verbose_name="品种")
    link = models.CharField("关联方式", max_length=7, choices=Link)
    batch = DistrictForeignKey("Batch", null=True, related_name="samples", verbose_name="批次")
    voucher_line_id = models.UUIDField("凭证行", null=True)
    intake_id = models.UUIDField("进货登记", null=True)
    origin_text = models.CharField("产地", max_length=200, blank=True)
    trade_day = models.DateField("交易日")
    sampled_at = models.DateTimeField("采样时间")
    sampled_by = models.ForeignKey(ACCOUNT, models.PROTECT, null=True, related_name="+", verbose_name="采样人")
    recorded_at = models.DateTimeField("登记时间")
    amount = models.CharField("样品量", max_length=20, blank=True)
    note = models.CharField("备注", max_length=200, blank=True)
    client_key = models.UUIDField("幂等键")

    objects = GoodsQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "样品"
        constraints = [
            models.UniqueConstraint(fields=["district_id", "client_key"], name="sample_client_key_once"),
            models.UniqueConstraint(fields=["district_id", "label"], name="sample_label_once"),
            models.CheckConstraint(
                condition=Q(link="none", batch__isnull=True) | ~Q(link="none") & Q(batch__isnull=False),
                name="sample_link_has_batch",
            ),
            models.CheckConstraint(condition=Q(place__isnull=False) | Q(purpose="blind"), name="sample_names_whose"),
        ]
        indexes = [
            models.Index(fields=["district_id", "point", "-sampled_at"], name="sample_by_point"),
            models.Index(fields=["district_id", "place", "-sampled_at"], name="sample_by_place"),
        ]


class RapidTest(AppendOnly):
    """快检: one item tested on one sample. Screening, not a legal finding (食品安全法 第112条).

    The reading is kept as it came (`raw_*`; `control_line` and `test_line` of a strip), with the method
    and limit that judged it and `why` in a word (see `traceability.judging`). A repeat names the test it
    repeats (`repeats`); one by the same person is marked as such.
    """

    class Result(models.TextChoices):
        NEGATIVE = "negative", "未检出"
        POSITIVE = "positive", "阳性"
        SUSPECT = "suspect", "可疑"
        INVALID = "invalid", "无效"
        UNDECIDED = "undecided", "待判定"

    class Source(models.TextChoices):
        PHONE = "phone", "手机录入"
        SHEET = "sheet", "表格导入"
        INSTRUMENT = "instrument", "仪器上传"
        API = "api", "接口上传"

    sample = DistrictForeignKey(Sample, related_name="tests", verbose_name="样品")
    point = DistrictForeignKey("TestPoint", related_name="tests", verbose_name="快检点")
    batch = DistrictForeignKey("Batch", null=True, related_name="rapid_tests", verbose_name="批次")
    place = DistrictForeignKey("registry.Place", null=True, related_name="rapid_tests", verbose_name="被检场所")
    organisation = models.ForeignKey(
        "registry.Organisation", models.PROTECT, null=True, related_name="+", verbose_name="被检主体"
    )
    product = models.ForeignKey("registry.Product", models.PROTECT, related_name="+", verbose_name="品种")
    item = models.ForeignKey("TestItem", models.PROTECT, related_name="+", verbose_name="检测项目")
    method = models.ForeignKey("TestMethod", models.PROTECT, null=True, related_name="+", verbose_name="方法")
    limit = models.ForeignKey("TestLimit", models.PROTECT, null=True, related_name="+", verbose_name="限量")
    kit = DistrictForeignKey("TestKit", null=True, related_name="tests", verbose_name="试剂盒")
    device = DistrictForeignKey("registry.Device", null=True, related_name="+", verbose_name="快检仪")
    source = models.CharField("录入方式", max_length=10, choices=Source, default=Source.PHONE)
    raw_value = models.DecimalField("读数", max_digits=14, decimal_places=4, null=True)
    raw_unit = models.CharField("读数单位", max_length=16, blank=True)
    raw_text = models.CharField("读数文字", max_length=60, blank=True)
    control_line = models.BooleanField("质控线", null=True)
    test_line = models.CharField("检测线", max_length=8, blank=True, help_text="absent, weaker, equal, stronger")
    result = models.CharField("结果", max_length=9, choices=Result)
    why = models.CharField("判定理由", max_length=24, blank=True)
    repeats = DistrictForeignKey("self", null=True, related_name="repeated_by", verbose_name="复测对象")
    same_person = models.BooleanField("同一人复测", default=False)
    strip_image = models.CharField("照片", max_length=200, blank=True)
    tested_at = models.DateTimeField("检测时间")
    recorded_at = models.DateTimeField("登记时间")
    tested_by = models.ForeignKey(ACCOUNT, models.PROTECT, null=True, related_name="+", verbose_name="检测人")
    late = models.BooleanField("迟报", default=False)
    note = models.CharField("备注", max_length=200, blank=True)
    client_key = models.UUIDField("幂等键")

    objects = TestQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "快检记录"
        constraints = [
            models.UniqueConstraint(fields=["district_id", "client_key"], name="rapid_test_client_key_once"),
            models.CheckConstraint(
                condition=Q(tested_by__isnull=False) | Q(device__isnull=False), name="rapid_test_by_somebody"
            ),
        ]
        indexes = [
            models.Index(fields=["district_id", "place", "-tested_at"], name="rapid_test_by_place"),
            models.Index(fields=["district_id", "batch", "-tested_at"], name="rapid_test_by_batch"),
            models.Index(fields=["district_id", "point", "-tested_at"], name="rapid_test_by_point"),
            models.Index(
                fields=["district_id", "-tested_at"], condition=Q(result__in=["positive", "suspect", "undecided"]),
                name="rapid_test_to_see_to",
            ),
        ]  # fmt: skip


class InstrumentReading(AppendOnly):
    """What an instrument sent, word for word, once per system code; its test, or why there is none yet.

    The same code with other content is kept beside the first and answered as a failure.
    """

    device = DistrictForeignKey("registry.Device", related_name="readings", verbose_name="快检仪")
    system_code = models.CharField("系统编号", max_length=64)
    content_sha256 = models.CharField(max_length=64)
    content = models.JSONField("内容")
    received_at = models.DateTimeField("收到时间")
    test = DistrictForeignKey(RapidTest, null=True, related_name="readings", verbose_name="快检记录")
    problem = models.CharField("未入账原因", max_length=24, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "仪器读数"
        constraints = [
            models.UniqueConstraint(
                fields=["district_id", "device", "system_code", "content_sha256"], name="instrument_reading_once"
            ),
            models.UniqueConstraint(
                fields=["district_id", "device", "system_code"], condition=Q(problem=""),
                name="instrument_reading_one_test_a_code",
            ),
        ]  # fmt: skip


class ReadingTie(AppendOnly):
    """What a person did with a reading that could not be booked by itself: its test, or why there is none."""

    reading = DistrictForeignKey(InstrumentReading, related_name="ties", verbose_name="仪器读数")
    test = DistrictForeignKey(RapidTest, null=True, related_name="+", verbose_name="快检记录")
    note = models.CharField("说明", max_length=200, blank=True)
    tied_by = models.ForeignKey(ACCOUNT, models.PROTECT, related_name="+", verbose_name="处理人")
    tied_at = models.DateTimeField("处理时间")

    class Meta:
        verbose_name = verbose_name_plural = "读数处理"
        constraints = [
            models.UniqueConstraint(fields=["district_id", "reading"], name="reading_tied_once"),
            models.CheckConstraint(condition=Q(test__isnull=False) | ~Q(note=""), name="reading_tie_says_why_not"),
        ]


class SheetImport(AppendOnly):
    """A sheet of results as it was read, row by row; sent again by the same point, it is the same one.

    `rows` are lists of cells. A row's test is found by its key, made of the file's digest and the row's number.
    """

    point = DistrictForeignKey("TestPoint", related_name="imports", verbose_name="快检点")
    file_name = models.CharField("文件名", max_length=120)
    file_sha256 = models.CharField(max_length=64)
    rows = models.JSONField("内容")
    sent_by = models.ForeignKey(ACCOUNT, models.PROTECT, related_name="+", verbose_name="上传人")
    sent_at = models.DateTimeField("上传时间")

    class Meta:
        verbose_name = verbose_name_plural = "表格导入"
        constraints = [
            models.UniqueConstraint(fields=["district_id", "point", "file_sha256"], name="sheet_import_once_per_point")
        ]
