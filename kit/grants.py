"""What the app's role may do: read and write everywhere, except that ledgers only grow."""

from __future__ import annotations

from collections.abc import Iterable

from django.apps import apps
from django.db.backends.base.base import BaseDatabaseWrapper
from psycopg import sql


def append_only_tables() -> list[str]:
    return sorted({model._meta.db_table for model in apps.get_models() if getattr(model, "append_only", False)})


def apply(owner: BaseDatabaseWrapper, role: str) -> None:
    """Set the rights of `role`, all at once. The owner of the tables keeps its own."""
    if role == owner.settings_dict["USER"]:
        return
    with owner.cursor() as cursor:
        cursor.execute("BEGIN")
        for statement in statements(role, append_only_tables()):
            cursor.execute(statement.as_string(cursor.connection))
        cursor.execute("COMMIT")


def statements(role: str, ledgers: Iterable[str]) -> Iterable[sql.Composed]:
    who = sql.Identifier(role)
    yield sql.SQL("GRANT USAGE ON SCHEMA public TO {}").format(who)
    yield sql.SQL("GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {}").format(who)
    yield sql.SQL("GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {}").format(who)
    yield sql.SQL("REVOKE INSERT, UPDATE, DELETE, TRUNCATE ON django_migrations FROM {}").format(who)
    for table in ledgers:
        yield sql.SQL("REVOKE UPDATE, DELETE, TRUNCATE ON {} FROM {}").format(sql.Identifier(table), who)
