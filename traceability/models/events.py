from django.db import models

from kit.models import AppendOnly


class TraceEvent(AppendOnly):
    """One line of the goods ledger, with the dimensions of EPCIS 2.0: what, when, where, why, how.

    `digest` is not stored: sealing computes it from the row's canonical bytes, so that a changed row
    no longer fits its seal.
    """

    class Kind(models.TextChoices):
        DECLARED = "declared", "申报"
        ADMITTED = "admitted", "准入赋码"
        RETURNED = "declaration_returned", "退回"
        REJECTED = "rejected", "不准入"
        TESTED = "tested", "快检"
        SOLD = "sold", "销售"
        VOIDED = "voided", "凭证作废"
        TAKEN_IN = "taken_in", "进货"
        REFUSED = "refused", "拒收"
        REVERSED = "reversed", "进货冲正"
        MOVED = "moved", "库存变动"
        HELD = "held", "暂停销售"
        RELEASED = "released", "恢复销售"
        RECALLED = "recalled", "召回"
        PRINTED = "printed", "打印标签"

    kind = models.CharField("事项", max_length=20, choices=Kind)
    happened_at = models.DateTimeField("发生时间")
    recorded_at = models.DateTimeField("记录时间")
    batch_id = models.UUIDField("批次", null=True)
    voucher_id = models.UUIDField("凭证", null=True)
    place_id = models.UUIDField("场所")
    other_place_id = models.UUIDField("对方场所", null=True)
    weight_kg = models.DecimalField("公斤", max_digits=12, decimal_places=3, null=True)
    actor_id = models.UUIDField("经手人或设备", null=True)
    biz_step = models.CharField("业务环节", max_length=24)
    disposition = models.CharField("状态", max_length=24, blank=True)
    data = models.JSONField("内容", default=dict)

    class Meta:
        verbose_name = verbose_name_plural = "追溯事件"
        indexes = [
            models.Index(fields=["district_id", "batch_id", "recorded_at"], name="trace_event_by_batch"),
            models.Index(fields=["district_id", "recorded_at"], name="trace_event_by_time"),
        ]


class Scan(AppendOnly):
    """One opening of a public page: code, time, a daily-salted digest of the address, the kind of browser.

    No position, no full address (个人信息保护法 第6条).
    """

    token = models.CharField("公开码", max_length=17)
    kind = models.CharField("类别", max_length=1)
    scanned_at = models.DateTimeField("时间")
    visitor = models.CharField("访客摘要", max_length=32)
    agent = models.CharField("浏览器", max_length=16)

    class Meta:
        verbose_name = verbose_name_plural = "扫码记录"
        indexes = [models.Index(fields=["district_id", "scanned_at"], name="scan_by_time")]
