"""What the app's role may do: read and write everywhere, except that ledgers only grow."""

from collections.abc import Iterable

from django.apps import apps
from django.db import connections, transaction
from psycopg import sql

HISTORY_OF_MIGRATIONS = "django_migrations"


def append_only_tables() -> set[str]:
    return {model._meta.db_table for model in apps.get_models() if getattr(model, "append_only", False)}


def apply(role: str, using: str = "owner") -> None:
    """Set the rights of `role` on every table, in one transaction. An owner keeps its own."""
    owner = connections[using]
    if role == owner.settings_dict["USER"]:
        return
    with transaction.atomic(using=using), owner.cursor() as cursor:
        present = set(owner.introspection.table_names(cursor))
        for statement in statements(role, present):
            cursor.execute(statement.as_string(cursor.connection))


def statements(role: str, present: set[str]) -> Iterable[sql.Composed]:
    who = sql.Identifier(role)
    yield sql.SQL("GRANT USAGE ON SCHEMA public TO {}").format(who)
    yield sql.SQL("GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {}").format(who)
    yield sql.SQL("GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {}").format(who)
    for table in sorted(present & append_only_tables()):
        yield sql.SQL("REVOKE UPDATE, DELETE, TRUNCATE ON {} FROM {}").format(sql.Identifier(table), who)
    if HISTORY_OF_MIGRATIONS in present:
        yield sql.SQL("REVOKE INSERT, UPDATE, DELETE ON {} FROM {}").format(sql.Identifier(HISTORY_OF_MIGRATIONS), who)
