"""Rows for COPY: one writer a table. What a row does not say is the column's default."""

import json
from collections.abc import Callable, Iterable
from functools import lru_cache
from operator import itemgetter
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import connection, models
from psycopg import sql

from kit.crypto import EncryptedTextField, encrypt
from kit.models import PublicCode

Row = dict[str, Any]
_CHANGE = "UPDATE traceability_batch SET state = %s, disposed_kg = %s WHERE id = %s"


@lru_cache(maxsize=20_000)
def _encrypted(text: str) -> str:
    """Telephone numbers come again and again; one cipher text each is enough."""
    return encrypt(text) if text else ""


class Writer:
    """Rows of one model, by attribute name. Every column without a default has to be said."""

    def __init__(self, model: type[models.Model]):
        fields = model._meta.concrete_fields
        self.table = model._meta.db_table
        self.columns = [field.column for field in fields]
        self.blank = {field.attname: _default(field) for field in fields if _has_default(field)}
        self.render: dict[str, Callable] = {
            field.attname: prepare for field in fields if (prepare := _preparation(field))
        }
        self.values = itemgetter(*(field.attname for field in fields))
        self.rows: list[Row] = []

    def add(self, row: Row) -> Row:
        self.rows.append(row)
        return row

    def whole(self, row: Row) -> Row:
        """The row as the table will hold it, before anything is encrypted."""
        return {**self.blank, **row}

    def send(self, cursor) -> int:
        """COPY what has been added; returns how many rows that were."""
        if not self.rows:
            return 0
        names = sql.SQL(", ").join(map(sql.Identifier, self.columns))
        with cursor.copy(sql.SQL("COPY {} ({}) FROM STDIN").format(sql.Identifier(self.table), names)) as copy:
            for row in self.rows:
                copy.write_row(self.values(self._rendered(row)))
        sent = len(self.rows)
        self.rows = []
        return sent

    def _rendered(self, row):
        row = {**self.blank, **row}
        for name, prepare in self.render.items():
            row[name] = prepare(row[name])
        return row


class Writers:
    """The writers of a history, by model."""

    def __init__(self, wanted: Iterable[type[models.Model]]):
        self.by_model = {model: Writer(model) for model in wanted}
        self.changed: list[Row] = []

    def __getitem__(self, model: type[models.Model]) -> Writer:
        return self.by_model[model]

    def code(self, **row: Any) -> None:
        """A public code; its key is its token, so that it needs no id."""
        self.by_model[PublicCode].add(row)

    @property
    def waiting(self) -> int:
        return sum(len(writer.rows) for writer in self.by_model.values())

    def late(self, batch: Row) -> None:
        """A batch that something happened to after its day was written."""
        self.changed.append(batch)

    def send(self) -> int:
        """Everything added so far, in the running transaction: foreign keys are looked at when it commits."""
        with connection.cursor() as cursor:
            sent = sum(writer.send(cursor) for writer in self.by_model.values())
            cursor.executemany(_CHANGE, [(row["state"], row.get("disposed_kg", 0), row["id"]) for row in self.changed])
            self.changed = []
        return sent


def _has_default(field):
    return not field.primary_key and (field.has_default() or field.null or field.empty_strings_allowed)


def _default(field):
    if field.has_default():
        default = field.get_default()
        return default.value if isinstance(default, models.Choices) else default
    return None if field.null else ""


def _preparation(field):
    if isinstance(field, EncryptedTextField):
        return _encrypted
    if isinstance(field, models.JSONField):
        return json.dumps
    if isinstance(field, ArrayField):
        return list
    return None
