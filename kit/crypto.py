"""Encrypted columns, and blind indexes to search them by.

`FIELD_KEYS` lists the secrets of encrypted columns: the first encrypts, every one decrypts. To
change a key, put the new one in front, run `manage.py reencrypt`, then drop the old one. A value that
no key opens raises `Unreadable`: a page never shows a cipher text in place of a phone.

A blind index is an HMAC under `BLIND_INDEX_KEY`: equal values are found, nothing else is learned
without the key.
"""

import base64
import hashlib
import hmac
from functools import cache
from typing import Any

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django import forms
from django.conf import settings
from django.core.exceptions import FieldError
from django.core.validators import MaxLengthValidator
from django.db import models


class Unreadable(Exception):
    """A stored value that none of `FIELD_KEYS` opens."""


def encrypt(text: str) -> str:
    return _cipher(tuple(settings.FIELD_KEYS)).encrypt(text.encode()).decode("ascii")


def decrypt(stored: str) -> str:
    try:
        return _cipher(tuple(settings.FIELD_KEYS)).decrypt(stored.encode()).decode()
    except InvalidToken as error:
        raise Unreadable from error


def blind_index(value: str, purpose: str) -> str:
    """64 hexadecimal characters. Different purposes give unrelated indexes of one value."""
    message = f"{purpose}\0{value}".encode()
    return hmac.new(settings.BLIND_INDEX_KEY.encode(), message, hashlib.sha256).hexdigest()


@cache
def _cipher(secrets: tuple[str, ...]) -> MultiFernet:
    return MultiFernet([Fernet(_fernet_key(secret)) for secret in secrets])


def _fernet_key(secret: str) -> bytes:
    derived = HKDF(algorithm=hashes.SHA256(), length=32, salt=None, info=b"encrypted columns").derive(secret.encode())
    return base64.urlsafe_b64encode(derived)


class EncryptedTextField(models.TextField):
    """Text that is encrypted in the database. It cannot be searched; store a `blind_index` beside it."""

    def get_prep_value(self, value: Any) -> Any:
        value = super().get_prep_value(value)
        return encrypt(value) if value else value

    def from_db_value(self, value: str | None, expression: Any, connection: Any) -> str | None:
        return decrypt(value) if value else value

    def get_lookup(self, lookup_name: str) -> Any:
        if lookup_name != "isnull":
            raise FieldError(f"{self.name} is encrypted: search by its blind index")
        return super().get_lookup(lookup_name)


class EncryptedCharField(EncryptedTextField):
    """One line; `max_length` limits the plain text, not the column."""

    def __init__(self, verbose_name: str | None = None, *, max_length: int, **kwargs: Any) -> None:
        super().__init__(verbose_name, max_length=max_length, **kwargs)
        self.validators.append(MaxLengthValidator(max_length))

    def formfield(self, **kwargs: Any) -> Any:
        return super().formfield(**{"widget": forms.TextInput, **kwargs})
