from django.db import models

from kit.codes import TOKEN_LENGTH, TYPED_LENGTH
from kit.district import DistrictField


class PublicCode(models.Model):
    """Every code ever issued, and what it leads to.

    A global table, so that a scan finds its district with one look-up, and so that no two things
    anywhere share a code. A code is never deleted: a retired or replaced one still answers.

    `kind` is the letter of the page's address. A `reserved` code was handed to a device in advance
    (`device_id`) and has no target until the device's record arrives. `version` rises whenever the
    page behind the code has to be drawn anew.
    """

    class State(models.TextChoices):
        RESERVED = "reserved", "已预留"
        ACTIVE = "active", "使用中"
        REPLACED = "replaced", "已换新码"
        RETIRED = "retired", "已停用"

    token = models.CharField("公开码", max_length=TOKEN_LENGTH, primary_key=True)
    typed_code = models.CharField("短码", max_length=TYPED_LENGTH, unique=True)
    kind = models.CharField("类别", max_length=1)
    district_id = DistrictField()
    target_id = models.UUIDField("对象", null=True)
    device_id = models.UUIDField("预留设备", null=True)
    state = models.CharField("状态", max_length=8, choices=State)
    replaced_by = models.CharField("新码", max_length=TOKEN_LENGTH, blank=True)
    version = models.PositiveIntegerField("页面版本", default=1)
    issued_at = models.DateTimeField("发出时间")
    ended_at = models.DateTimeField("停用时间", null=True)
    scan_count = models.PositiveIntegerField("扫码次数", default=0)
    first_scanned_at = models.DateTimeField("首次扫码", null=True)

    class Meta:
        verbose_name = verbose_name_plural = "公开码"
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state="reserved") ^ models.Q(target_id__isnull=False),
                name="public_code_reserved_or_has_target",
            ),
        ]
        indexes = [
            models.Index(fields=["target_id"], name="public_code_target"),
            models.Index(fields=["device_id"], condition=models.Q(state="reserved"), name="public_code_reserved"),
        ]

    def __str__(self):
        return self.token
