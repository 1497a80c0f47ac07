from django.db import models
from django.db.models import Q

from kit.crypto import EncryptedTextField
from kit.district import DistrictForeignKey, DistrictModel

from .history import history
from .visibility import DeviceQuerySet


class Device(DistrictModel):
    """A machine that signs what it sends: a smart scale, a rapid-test instrument.

    `last_sequence` is the highest sequence number accepted; a gap is reported, never refused.
    `delta_at` is what the device knows up to: a sale it made before it could know of a hold is told
    apart from one it made in spite of it.
    """

    class Kind(models.TextChoices):
        SCALE = "scale", "智能溯源秤"
        INSTRUMENT = "instrument", "快检仪"

    class State(models.TextChoices):
        ACTIVE = "active", "在用"
        DISABLED = "disabled", "停用"

    kind = models.CharField("类型", max_length=10, choices=Kind)
    state = models.CharField("状态", max_length=8, choices=State, default=State.ACTIVE)
    name = models.CharField("名称", max_length=60)
    serial_no = models.CharField("出厂编号", max_length=60, blank=True)
    market = DistrictForeignKey("registry.Market", null=True, blank=True, related_name="devices", verbose_name="市场")
    place = DistrictForeignKey("registry.Place", null=True, blank=True, related_name="devices", verbose_name="场所")
    key = EncryptedTextField("密钥")
    previous_key = EncryptedTextField("上一把密钥", blank=True, default="")
    previous_key_until = models.DateTimeField(null=True, blank=True)
    calibrated_on = models.DateField("检定日期", null=True, blank=True)
    calibration_ends_on = models.DateField("检定有效期至", null=True, blank=True)
    last_sequence = models.PositiveBigIntegerField("最后序号", default=0)
    last_seen_at = models.DateTimeField("最近上线", null=True, blank=True)
    delta_at = models.DateTimeField("最近同步", null=True, blank=True)

    objects = DeviceQuerySet.as_manager()
    history = history(excluded=("key", "previous_key", "last_sequence", "last_seen_at", "delta_at"))

    class Meta:
        verbose_name = verbose_name_plural = "设备"
        constraints = [
            models.CheckConstraint(
                condition=Q(market__isnull=False) | Q(place__isnull=False), name="device_stands_somewhere"
            )
        ]

    def __str__(self):
        return self.name


class DeviceButton(DistrictModel):
    """A product button of a scale."""

    device = DistrictForeignKey(Device, models.CASCADE, related_name="buttons", verbose_name="设备")
    number = models.PositiveSmallIntegerField("键号")
    product = models.ForeignKey("registry.Product", models.PROTECT, verbose_name="品种")

    class Meta:
        verbose_name = verbose_name_plural = "产品键"
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["district_id", "device", "number"], name="device_button_number_once"),
        ]
