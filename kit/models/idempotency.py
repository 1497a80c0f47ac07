from django.core.serializers.json import DjangoJSONEncoder
from django.db import models

from kit.ids import uuid7


class IdempotencyRecord(models.Model):
    """The answer given to one keyed request. Global: accounts and devices are. Kept 7 days."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    actor_key = models.CharField("请求方", max_length=60)
    route = models.CharField("接口", max_length=120)
    key = models.CharField("幂等键", max_length=255)
    body_hash = models.CharField("内容摘要", max_length=64)
    status = models.PositiveSmallIntegerField("应答状态", null=True)
    answer = models.JSONField("应答内容", null=True, encoder=DjangoJSONEncoder)
    at = models.DateTimeField("时间")

    class Meta:
        verbose_name = verbose_name_plural = "幂等记录"
        constraints = [
            models.UniqueConstraint(fields=["actor_key", "route", "key"], name="idempotency_record_once"),
        ]
        indexes = [models.Index(fields=["at"], name="idempotency_record_at")]

    def __str__(self):
        return f"{self.actor_key} {self.route} {self.key}"
