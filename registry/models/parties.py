from django.db import models

from kit.crypto import EncryptedTextField
from kit.ids import uuid7

from .contact import HasPhone
from .history import history


class Organisation(HasPhone):
    """A legal subject 主体: whoever answers for goods or premises. Global, since one subject may trade
    in several districts.

    A natural person (a grower selling what he grew) has an identity number instead of a unified
    social credit code; it is encrypted, found by blind index, and every view of it is logged.
    """

    class Kind(models.TextChoices):
        ENTERPRISE = "enterprise", "企业"
        COOPERATIVE = "cooperative", "合作社"
        INDIVIDUAL_BUSINESS = "individual_business", "个体工商户"
        NATURAL_PERSON = "natural_person", "自产自销个人"
        INSTITUTION = "institution", "机关事业单位"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    kind = models.CharField("类型", max_length=20, choices=Kind)
    name = models.CharField("名称", max_length=120)
    uscc = models.CharField("统一社会信用代码", max_length=18, unique=True, null=True, blank=True)
    id_number = EncryptedTextField("身份证号", blank=True, default="")
    id_number_index = models.CharField(max_length=64, unique=True, null=True, blank=True, editable=False)
    legal_person = models.CharField("负责人", max_length=64, blank=True)
    address = models.CharField("住所", max_length=200, blank=True)
    created_at = models.DateTimeField("登记时间", auto_now_add=True)

    history = history()

    class Meta:
        verbose_name = verbose_name_plural = "主体"
        constraints = [
            models.CheckConstraint(
                condition=models.Q(uscc__isnull=False) | models.Q(kind="natural_person", id_number_index__isnull=False),
                name="organisation_is_identified",
            ),
        ]

    def __str__(self):
        return self.name

    @property
    def is_person(self):
        return self.kind == self.Kind.NATURAL_PERSON
