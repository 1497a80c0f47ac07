"""Tests work as the app's role, on a database the owner made and the owner cleans."""

from __future__ import annotations

from collections.abc import Iterator

import psycopg
import pytest
from django.db import connections
from django.test import TransactionTestCase
from pytest_django import DjangoDbBlocker

from tests import database


@pytest.fixture(scope="session")
def django_db_setup(django_db_blocker: DjangoDbBlocker, django_db_use_migrations: bool) -> Iterator[None]:
    """One database for each xdist worker, migrated by the owner, used by the app's role."""
    if not django_db_use_migrations:
        database.skip_migrations()
    owner = connections["owner"]
    name = f"test_{owner.settings_dict['NAME']}{database.worker_suffix()}"
    owner.settings_dict["TEST"]["NAME"] = name
    with django_db_blocker.unblock():
        database.drop(name)
        before = connections["default"].settings_dict["NAME"]
        owner.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
        connections["default"].settings_dict["NAME"] = name
        yield
        connections.close_all()
        database.drop(name)
        owner.settings_dict["NAME"] = connections["default"].settings_dict["NAME"] = before


@pytest.fixture(scope="session", autouse=True)
def owner_cleans() -> Iterator[None]:
    """The app's role may not empty a ledger, so the owner does after each transactional test."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", lambda case: database.empty())
        yield


@pytest.fixture
def owner_cursor(db: None) -> Iterator[psycopg.Cursor]:
    """A cursor of the role that owns the tables; every statement commits at once."""
    with database.owner_connection() as connection, connection.cursor() as cursor:
        yield cursor
