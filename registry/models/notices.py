from django.db import models

from kit.district import DistrictModel


class Notice(DistrictModel):
    """A line in somebody's inbox. `kind` chooses the words at the door, `data` fills them in."""

    account = models.ForeignKey("registry.Account", models.PROTECT, related_name="notices", verbose_name="收件人")
    kind = models.CharField("类别", max_length=40)
    data = models.JSONField("内容", default=dict)
    url = models.CharField("链接", max_length=200, blank=True)
    made_at = models.DateTimeField("时间")
    read_at = models.DateTimeField("已读时间", null=True)
    once_key = models.CharField("唯一键", max_length=120)

    class Meta:
        verbose_name = verbose_name_plural = "消息"
        constraints = [
            models.UniqueConstraint(fields=["district_id", "account", "once_key"], name="notice_once"),
        ]
        indexes = [models.Index(fields=["account", "-made_at"], name="notice_inbox")]
