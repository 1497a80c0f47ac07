"""What is wrong with what was sent, field by field, said all at once."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext

from kit.refusals import Invalid
from registry import identifiers, stall_numbers


class Checks:
    """Collects messages by field; `done()` raises `Invalid` when there are any."""

    def __init__(self) -> None:
        self.fields: dict[str, list[str]] = {}

    def read(self, field: str, reader: Callable[..., Any], *args: Any) -> Any:
        """What `reader` makes of the text; empty, with a message at the field, when it refuses."""
        try:
            return reader(*args)
        except (identifiers.Unclear, stall_numbers.Unclear) as error:
            self.add(field, gettext(error.words))
        except Invalid as refusal:
            self.add(field, refusal.words())
        return ""

    def require(self, field: str, held: object, message: str) -> None:
        if not held:
            self.add(field, message)

    def add(self, field: str, message: str) -> None:
        self.fields.setdefault(field, []).append(message)

    def done(self) -> None:
        if self.fields:
            raise Invalid(fields=self.fields)


@contextmanager
def unique(constraint: str, field: str, message: str) -> Iterator[None]:
    """A second row that the named constraint forbids is the field's mistake: raises `Invalid`."""
    try:
        with transaction.atomic():
            yield
    except IntegrityError as error:
        if error.__cause__.diag.constraint_name != constraint:
            raise
        raise Invalid(fields={field: message}) from error
