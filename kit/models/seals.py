from django.db import models

from kit.district import DistrictForeignKey

from .base import AppendOnly


class Seal(AppendOnly):
    """One Merkle root over the rows of one ledger and district, chained to the one before.

    Digests are hexadecimal. `cutoff` is the newest moment a covered row can have.
    """

    ledger = models.CharField("台账", max_length=40)
    number = models.PositiveIntegerField("序号")
    algorithm = models.CharField("算法", max_length=20)
    previous_root = models.CharField("上一根", max_length=64)
    root = models.CharField("根", max_length=64)
    leaf_count = models.PositiveIntegerField("条数")
    cutoff = models.DateTimeField("截止时间")
    sealed_at = models.DateTimeField("封存时间")

    class Meta:
        verbose_name = verbose_name_plural = "封存"
        constraints = [
            models.UniqueConstraint(fields=["district_id", "ledger", "number"], name="seal_number_once"),
        ]

    def __str__(self):
        return f"{self.ledger} {self.district_id} #{self.number}"


class SealLeaf(AppendOnly):
    """That a seal covers a row, and what the row's digest was."""

    seal = DistrictForeignKey(Seal, related_name="leaves", verbose_name="封存")
    position = models.PositiveIntegerField("位置")
    row_id = models.UUIDField("记录")
    digest = models.CharField("摘要", max_length=64)

    class Meta:
        verbose_name = verbose_name_plural = "封存条目"
        constraints = [
            models.UniqueConstraint(fields=["district_id", "seal", "position"], name="seal_leaf_position_once"),
            models.UniqueConstraint(fields=["district_id", "row_id"], name="seal_leaf_row_once"),
        ]

    def __str__(self):
        return f"{self.seal_id} {self.position}"
