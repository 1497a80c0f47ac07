"""District keys: every tenant row says which district it belongs to, and relations carry it along.

A district is a county-level division (GB/T 2260, six digits). Joins and forward access of a
`DistrictForeignKey` compare `(district_id, id)`, so that the same schema can be distributed by
district over many machines. Reverse managers and `save()` go by id alone, which is correct but
asks every machine: hot paths filter by district explicitly.
"""

from django.core.validators import RegexValidator
from django.db import models

from .ids import uuid7

DISTRICT_LENGTH = 6


class DistrictField(models.CharField):
    """The six digits of a county-level division; set once, never changed."""

    def __init__(self, **kwargs):
        kwargs.setdefault("max_length", DISTRICT_LENGTH)
        kwargs.setdefault("editable", False)
        kwargs.setdefault("verbose_name", "区县代码")
        kwargs.setdefault("validators", [RegexValidator(r"^[0-9]{6}$")])
        super().__init__(**kwargs)


class DistrictModel(models.Model):
    """Base of every tenant row."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    district_id = DistrictField()

    class Meta:
        abstract = True


class DistrictForeignKey(models.ForeignKey):
    """A foreign key between two rows of one district."""

    def __init__(self, to, on_delete=models.PROTECT, **kwargs):
        super().__init__(to, on_delete, **kwargs)

    def get_joining_fields(self, reverse_join=False):
        here = self.model._meta.get_field("district_id")
        there = self.remote_field.model._meta.get_field("district_id")
        pair = (there, here) if reverse_join else (here, there)
        return (*super().get_joining_fields(reverse_join), pair)

    def get_extra_descriptor_filter(self, instance):
        return {"district_id": instance.district_id}
