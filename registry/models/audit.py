from django.db import models

from kit.models import AppendOnly


class PrivateView(AppendOnly):
    """One look at a sensitive field: who, whose, which field, when, and why (个人信息保护法 第51条)."""

    account_id = models.UUIDField("查看人")
    account_name = models.CharField("查看人姓名", max_length=40)
    subject_kind = models.CharField("对象类别", max_length=32)
    subject_id = models.UUIDField("对象")
    subject_name = models.CharField("对象名称", max_length=120)
    field = models.CharField("字段", max_length=32)
    reason = models.CharField("事由", max_length=120, blank=True)
    viewed_at = models.DateTimeField("时间")
    request_id = models.CharField("请求号", max_length=64, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "敏感信息查看记录"
        indexes = [
            models.Index(fields=["district_id", "-viewed_at"], name="private_view_by_time"),
            models.Index(fields=["district_id", "subject_id"], name="private_view_by_subject"),
        ]
