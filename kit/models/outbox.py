from django.db import models

from kit.ids import uuid7


class OutboxJob(models.Model):
    """Background work, written in the transaction that wants it.

    Global: a queue is emptied as a whole, and a job finds its district among its `args`.

    `attempts` is also the fencing token: a worker may finish the job only while it still has the
    number the worker claimed. Nobody may claim it before `due_at`; the relay publishes it at
    `publish_at` if it is still waiting then.
    """

    class State(models.TextChoices):
        WAITING = "waiting", "待处理"
        DONE = "done", "已完成"
        DEAD = "dead", "已放弃"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    name = models.CharField("作业", max_length=80)
    args = models.JSONField("参数", default=dict)
    state = models.CharField("状态", max_length=7, choices=State, default=State.WAITING)
    attempts = models.PositiveSmallIntegerField("次数", default=0)
    created_at = models.DateTimeField("提交时间")
    due_at = models.DateTimeField("可处理时间")
    publish_at = models.DateTimeField("发布时间")
    finished_at = models.DateTimeField("结束时间", null=True)
    error = models.TextField("最后错误", blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "后台作业"
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state="waiting") ^ models.Q(finished_at__isnull=False),
                name="outbox_job_waiting_or_finished",
            ),
        ]
        indexes = [
            models.Index(fields=["publish_at"], condition=models.Q(state="waiting"), name="outbox_job_to_publish"),
            models.Index(fields=["finished_at"], condition=~models.Q(state="waiting"), name="outbox_job_finished"),
        ]

    def __str__(self):
        return f"{self.name} {self.id}"
