"""What scales told us: each sequence number once, what could not be read, and what is still missing."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from kit.crypto import EncryptedTextField
from kit.district import DistrictForeignKey, DistrictModel
from kit.models import AppendOnly

DEVICE = "registry.Device"


class DeviceMessage(AppendOnly):
    """One sequence number of a device, and the answer it got: a sale, or a request for codes.

    `content_sha256` is of the sale's canonical JSON: the same number with the same content gets
    `answer` again, with other content it is set aside.
    """

    class Kind(models.TextChoices):
        SALE = "sale", "销售"
        CODES = "codes", "领码"

    device = DistrictForeignKey(DEVICE, related_name="messages", verbose_name="设备")
    sequence = models.PositiveBigIntegerField("设备序号")
    kind = models.CharField("类别", max_length=5, choices=Kind)
    content_sha256 = models.CharField(max_length=64)
    received_at = models.DateTimeField("收到时间")
    answer = models.JSONField("应答")

    class Meta:
        verbose_name = verbose_name_plural = "设备上报"
        constraints = [
            models.UniqueConstraint(fields=["district_id", "device", "sequence"], name="device_message_once"),
        ]


class SetAsideSale(AppendOnly):
    """A sale that could not be booked, word for word as the device sent it, for a person to look at.

    `code` says why (docs/device-api.md), `fields` which parts of it could not be read.
    """

    device = DistrictForeignKey(DEVICE, related_name="set_aside_sales", verbose_name="设备")
    sequence = models.PositiveBigIntegerField("设备序号")
    content_sha256 = models.CharField(max_length=64)
    code = models.CharField("原因", max_length=24)
    fields = ArrayField(models.CharField(max_length=60), verbose_name="有误字段", default=list)
    sent = EncryptedTextField("原文")
    received_at = models.DateTimeField("收到时间")

    class Meta:
        verbose_name = verbose_name_plural = "单独存放的销售"
        constraints = [
            models.UniqueConstraint(
                fields=["district_id", "device", "sequence", "content_sha256"], name="set_aside_sale_once"
            ),
        ]
        indexes = [models.Index(fields=["district_id", "received_at"], name="set_aside_sale_by_time")]


class DeviceGap(DistrictModel):
    """Sequence numbers that a device has passed and never sent, `first` to `last`; gone once they came.

    One that stays open means that sales were removed, or that the scale lost its memory.
    """

    device = DistrictForeignKey(DEVICE, related_name="gaps", verbose_name="设备")
    first = models.PositiveBigIntegerField("起始序号")
    last = models.PositiveBigIntegerField("终止序号")
    noticed_at = models.DateTimeField("发现时间")
    told_at = models.DateTimeField("告知时间", null=True)

    class Meta:
        verbose_name = verbose_name_plural = "序号缺口"
        ordering = ["first"]
        constraints = [
            models.CheckConstraint(condition=Q(first__gte=1, first__lte=F("last")), name="device_gap_in_order"),
            models.UniqueConstraint(fields=["district_id", "device", "first"], name="device_gap_once"),
        ]
        indexes = [models.Index(fields=["noticed_at"], condition=Q(told_at__isnull=True), name="device_gap_untold")]
