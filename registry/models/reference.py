from django.db import models


class ReferenceSet(models.Model):
    """What was last loaded of one set of reference data: a digest of each row, by its code.

    A row is written again only when its digest changes, so that a start with nothing new is quick
    and what people have changed by hand since stays.
    """

    reference = True

    name = models.CharField("名称", max_length=32, primary_key=True)
    digests = models.JSONField("摘要", default=dict)
    loaded_at = models.DateTimeField("载入时间")

    class Meta:
        verbose_name = verbose_name_plural = "参考数据"

    def __str__(self):
        return self.name
