"""Thousands of rows with one statement: values travel as arrays, and PostgreSQL makes the rows of them."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db import connection, models
from django.db.models.expressions import RawSQL

from kit.ids import uuid7


def insert_many(
    model: type[models.Model], columns: Mapping[str, Sequence[Any]], *, once: bool = False, **alike: Any
) -> None:
    """Insert a row for every place of the `columns` (by field name, all equally long); `alike` is the same in each.

    Ids are made here, defaults are the model's. With `once`, a row that a unique constraint keeps out is passed over.
    """
    length = len(next(iter(columns.values())))
    if not length:
        return
    differing, shared = dict(columns), dict(alike)
    for field in model._meta.concrete_fields:
        if field.primary_key and field.name not in columns:
            differing[field.name] = [uuid7() for _ in range(length)]
        elif field.name not in differing and field.attname not in differing and _missing(field, shared):
            shared[field.attname] = field.get_default()
    sql, values = _statement(model, differing, shared, once)
    with connection.cursor() as cursor:
        cursor.execute(sql, values)


def any_of(ids: Iterable[uuid.UUID]) -> RawSQL:
    """For `pk__in`: thousands of ids as one value."""
    return RawSQL("SELECT unnest(%s::uuid[])", [list(ids)])


def _missing(field, given):
    return field.name not in given and field.attname not in given


def _statement(model, differing, shared, once):
    arrays = [(model._meta.get_field(name), values) for name, values in differing.items()]
    same = [(model._meta.get_field(name), value) for name, value in shared.items()]
    quoted = connection.ops.quote_name
    names = ", ".join(quoted(field.column) for field, _ in (*arrays, *same))
    taken = ", ".join(f"of_{place}" for place in range(len(arrays)))
    constants = "".join(f", %s::{field.db_type(connection)}" for field, _ in same)
    unnested = ", ".join(f"%s::{field.db_type(connection)}[]" for field, _ in arrays)
    sql = (
        f"INSERT INTO {quoted(model._meta.db_table)} ({names}) "  # noqa: S608 - names of columns and types only
        f"SELECT {taken}{constants} FROM unnest({unnested}) AS given({taken})"
        f"{' ON CONFLICT DO NOTHING' if once else ''}"
    )
    values = [field.get_db_prep_save(value, connection) for field, value in same]
    return sql, [*values, *(list(each) for _, each in arrays)]
