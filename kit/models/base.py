"""Abstract bases that several packages share."""

from django.db import models

from kit.codes import TOKEN_LENGTH, TYPED_LENGTH
from kit.district import DistrictModel


class AppendOnly(DistrictModel):
    """A ledger row: written once. The application's database role may not change or delete it."""

    append_only = True

    class Meta:
        abstract = True


class Coded(models.Model):
    """A thing with a public page: its current token and typed code (see `PublicCode`)."""

    token = models.CharField("公开码", max_length=TOKEN_LENGTH, editable=False)
    typed_code = models.CharField("短码", max_length=TYPED_LENGTH, editable=False)

    class Meta:
        abstract = True
