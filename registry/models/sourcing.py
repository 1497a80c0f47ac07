from django.db import models
from django.db.models import Q

from kit.crypto import EncryptedTextField
from kit.district import DistrictForeignKey, DistrictModel

from .contact import HasPhone
from .history import history
from .visibility import OwnedQuerySet


class Supplier(DistrictModel, HasPhone):
    """Whom a trader buys from: name, address and phone, as the purchase record must show
    (食品安全法 第65条). Remembered per trader, so that nobody types it twice."""

    organisation = models.ForeignKey(
        "registry.Organisation", models.PROTECT, related_name="suppliers", verbose_name="经营者"
    )
    name = models.CharField("供货者", max_length=120)
    address = models.CharField("地址", max_length=200, blank=True)
    id_number = EncryptedTextField("身份证号", blank=True, default="", help_text="自产自销者")
    last_used_at = models.DateTimeField("最近使用", null=True, blank=True)

    objects = OwnedQuerySet.as_manager()
    history = history(excluded=("last_used_at",))

    class Meta:
        verbose_name = verbose_name_plural = "供货者"
        constraints = [
            models.UniqueConstraint(
                fields=["district_id", "organisation", "name", "phone_index"], name="supplier_once_per_trader"
            )
        ]

    def __str__(self):
        return self.name


class Base(DistrictModel):
    """A production base under contract 产地挂钩: where a trader's goods grow, with the contract seen."""

    class State(models.TextChoices):
        ACTIVE = "active", "有效"
        ENDED = "ended", "已结束"

    organisation = models.ForeignKey(
        "registry.Organisation", models.PROTECT, related_name="bases", verbose_name="经营者"
    )
    state = models.CharField("状态", max_length=6, choices=State, default=State.ACTIVE)
    name = models.CharField("基地名称", max_length=120)
    region = models.ForeignKey("registry.Region", models.PROTECT, verbose_name="产地")
    detail = models.CharField("村镇/地块", max_length=120, blank=True)
    supplier = DistrictForeignKey(Supplier, null=True, blank=True, verbose_name="供货者")
    products = models.ManyToManyField("registry.Product", blank=True, verbose_name="品种")
    contract_no = models.CharField("合同编号", max_length=60, blank=True)
    contract_starts_on = models.DateField("合同开始", null=True, blank=True)
    contract_ends_on = models.DateField("合同结束", null=True, blank=True)
    contract_image = models.CharField("合同照片", max_length=200, blank=True, editable=False)
    verified_at = models.DateTimeField("核验时间", null=True, blank=True)
    verified_by = models.ForeignKey("registry.Account", models.PROTECT, null=True, blank=True, related_name="+")

    objects = OwnedQuerySet.as_manager()
    history = history()

    class Meta:
        verbose_name = verbose_name_plural = "产地基地"
        constraints = [
            models.UniqueConstraint(
                fields=["district_id", "organisation", "name"], condition=Q(state="active"), name="base_name_once"
            )
        ]

    def __str__(self):
        return self.name
