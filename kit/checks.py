"""What must hold before the platform serves anybody; said by `manage.py check` and at every migrate."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.core.checks import CheckMessage, Error, Tags, register
from django.db import DatabaseError, connections

SUPPORTED_MAJOR = 15


@register(Tags.database)
def chinese_is_searchable(databases: Sequence[str] | None = None, **_kwargs: Any) -> Iterable[CheckMessage]:
    """Under a `C` character type trigrams of Chinese text are empty, and every search silently finds nothing."""
    for alias in databases or ():
        rows = ask(alias, "SELECT current_setting('server_version_num')::int / 10000")
        if rows and rows[0] < SUPPORTED_MAJOR:
            yield Error(f"PostgreSQL {rows[0]} is too old.", hint=f"Use {SUPPORTED_MAJOR} or newer.", id="kit.E001")
        if not ask(alias, "SELECT 1 FROM pg_extension WHERE extname = 'pg_trgm'"):
            if ask(alias, "SELECT 1 FROM django_migrations WHERE app = 'kit'"):
                yield Error("The extension pg_trgm is missing.", hint="CREATE EXTENSION pg_trgm", id="kit.E002")
        elif not ask(alias, "SELECT show_trgm('中') <> '{}'")[0]:
            yield Error(
                "Trigram search does not see Chinese text in this database.",
                hint="Create it with --encoding=UTF8 --locale=C.UTF-8 (or any other UTF-8 character type).",
                id="kit.E003",
            )


@register(Tags.database, deploy=True)
def app_role_owns_nothing(databases: Sequence[str] | None = None, **_kwargs: Any) -> Iterable[CheckMessage]:
    """The role that serves requests may not be able to change a ledger or a table."""
    if "default" not in (databases or ()):
        return
    owns = "SELECT count(*) FROM pg_tables WHERE tableowner = current_user AND schemaname = 'public'"
    may_everything = "SELECT rolsuper FROM pg_roles WHERE rolname = current_user"
    if any(ask("default", owns)) or any(ask("default", may_everything)):
        yield Error(
            "DATABASE_URL names a role that owns tables or is a superuser.",
            hint="Give the app a role of its own, and the owner's address in MIGRATE_DATABASE_URL.",
            id="kit.E010",
        )


def ask(alias: str, query: str) -> list[Any]:
    """The first column, or nothing where the table asked about does not exist yet."""
    try:
        with connections[alias].cursor() as cursor:
            cursor.execute(query)
            return [row[0] for row in cursor.fetchall()]
    except DatabaseError:
        return []
