"""How tests reach the database as its owner."""

from __future__ import annotations

import os
from typing import Any

import psycopg
from django.apps import apps
from django.conf import settings
from django.db import connections
from django.db.models.signals import pre_migrate
from psycopg import sql

END_OWN = """
    SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = %s AND usename = current_user
"""
KEPT = {"django_migrations", "django_content_type", "auth_permission"}


def worker_suffix() -> str:
    worker = os.environ.get("PYTEST_XDIST_WORKER", "")
    return f"_{worker}" if worker else ""


def connection(alias: str, name: str) -> psycopg.Connection:
    """A connection outside Django, so that no test's transaction is involved."""
    address = connections[alias].settings_dict
    return psycopg.connect(
        host=address["HOST"],
        port=address["PORT"],
        user=address["USER"],
        password=address["PASSWORD"],
        dbname=name,
        autocommit=True,
    )


def owner_connection() -> psycopg.Connection:
    return connection("owner", connections["default"].settings_dict["NAME"])


def drop(name: str) -> None:
    """Drop a test database, whoever still holds a connection to it: a thread, a server of the browser tests."""
    database = sql.Identifier(name)
    with connection("owner", "postgres") as owner:
        if not owner.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone():
            return
        owner.execute(sql.SQL("ALTER DATABASE {} ALLOW_CONNECTIONS false").format(database))
        for alias in ("default", "owner"):  # a role may end only its own connections
            with connection(alias, "postgres") as own:
                own.execute(END_OWN, [name])
        owner.execute(sql.SQL("DROP DATABASE {}").format(database))


def skip_migrations() -> None:
    """For `--nomigrations`: tables straight from the models, quicker while models change."""

    def make_extensions(using: str, **_kwargs: Any) -> None:
        with connections[using].cursor() as cursor:
            cursor.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")

    settings.MIGRATION_MODULES = {config.label: None for config in apps.get_app_configs()}
    pre_migrate.connect(make_extensions, weak=False)


def emptied_tables() -> list[str]:
    """Every table, reference data too: a product of one test must not meet the shipped ones of another."""
    models = apps.get_models(include_auto_created=True)
    wanted = {model._meta.db_table for model in models if model._meta.managed}
    return [*sorted(wanted - KEPT), "cache_entries"]


def empty() -> None:
    """Delete what a test committed. Foreign keys are deferred, so the order does not matter."""
    tables = emptied_tables()
    exists = sql.SQL(" UNION ALL ").join(
        sql.SQL("SELECT {} WHERE EXISTS (SELECT 1 FROM {})").format(sql.Literal(table), sql.Identifier(table))
        for table in tables
    )
    with owner_connection() as connection, connection.transaction():
        connection.execute("SET LOCAL lock_timeout = '10s'")
        for (table,) in connection.execute(exists).fetchall():
            connection.execute(sql.SQL("DELETE FROM {}").format(sql.Identifier(table)))
