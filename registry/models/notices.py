from django.db import models

from kit.district import DistrictForeignKey, DistrictModel


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


class NoticeDelivery(DistrictModel):
    """That an urgent notice goes out through a channel of `NOTICE_CHANNELS`: once, to the person's phone.

    `refused`: the gateway will not take it; `skipped`: the person has no phone, or the channel is no more. What a
    gateway could not take yet stays `waiting`, and its job is tried again.
    """

    class State(models.TextChoices):
        WAITING = "waiting", "待发送"
        SENT = "sent", "已发送"
        REFUSED = "refused", "被拒绝"
        SKIPPED = "skipped", "未发送"

    notice = DistrictForeignKey(Notice, related_name="deliveries", verbose_name="消息")
    channel = models.CharField("渠道", max_length=20)
    state = models.CharField("状态", max_length=7, choices=State, default=State.WAITING)
    reason = models.CharField("原因", max_length=200, blank=True)
    made_at = models.DateTimeField("提交时间")
    ended_at = models.DateTimeField("结束时间", null=True)

    class Meta:
        verbose_name = verbose_name_plural = "消息发送"
        constraints = [
            models.UniqueConstraint(fields=["district_id", "notice", "channel"], name="notice_delivery_once"),
        ]
