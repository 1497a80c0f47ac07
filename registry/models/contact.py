from django.db import models

from kit import phones
from kit.crypto import EncryptedTextField


class HasPhone(models.Model):
    """A telephone number, encrypted; found again by blind index, whole or by its last four digits."""

    phone = EncryptedTextField("电话", blank=True, default="")
    phone_index = models.CharField(max_length=64, blank=True, default="", editable=False)
    phone_tail_index = models.CharField(max_length=64, blank=True, default="", editable=False)

    class Meta:
        abstract = True


def phone_fields(phone: str) -> dict:
    """The columns of `HasPhone` for a number as typed: `Model(**phone_fields("138 …"))`. Raises `BadPhone`."""
    if not phone:
        return {"phone": "", "phone_index": "", "phone_tail_index": ""}
    phone = phones.normalise(phone)
    return {
        "phone": phone,
        "phone_index": phones.whole_index(phone),
        "phone_tail_index": phones.tail_index(phone),
    }
