"""The environment is read once, and everything wrong with it is said at once."""

import os
import subprocess
import sys

import pytest
from django.db import connection, connections

from config.env import BadEnvironment, read
from deploy.local.venv import ROOT

SECRETS = {
    "SECRET_KEY": "Zr8!vQ2#mK7$wL4%xN9&yB3*cD6(eF1)gH5-jP0_tR8+uS2=qA7",
    "FIELD_KEYS": "aB3$kLm9#pQr5%tUv7&xYz1*cDe4(fGh6)jKn8-wSx2_iOp0+eR",
    "BLIND_INDEX_KEY": "mN4#bVc6$xZl8%kJh2&gFd5*sAp9(oIu1)yTr3-eWq7_LkJ0+hG",
}
DESK = {
    "DATABASE_URL": "postgres://app:secret@db.example:5432/food",
    "BROKER_URL": "redis://broker.example:6379/0",
}
PRODUCTION = {
    **DESK,
    **SECRETS,
    "APP_ENV": "production",
    "MIGRATE_DATABASE_URL": "postgres://owner:secret@db.example:5432/food",
    "ALLOWED_HOSTS": "food.example",
    "BASE_URL": "https://food.example",
}


def problems(environ: dict[str, str]) -> str:
    with pytest.raises(BadEnvironment) as raised:
        read({"VAR": "/nonexistent", **environ})
    return str(raised.value)


def test_every_mistake_is_reported_together():
    words = problems(
        {"DATABASE_URL": "mysql://db/food", "DEMO": "perhaps", "TRUSTED_PROXIES": "two", "LOG_LEVEL": "loud"}
    )

    for name in ("DATABASE_URL", "BROKER_URL", "DEMO", "TRUSTED_PROXIES", "LOG_LEVEL"):
        assert name in words


def test_each_variable_is_complained_about_once():
    words = problems({"APP_ENV": "production"})

    assert words.count("SECRET_KEY ") == 1


@pytest.mark.parametrize(
    ("address", "why"),
    [
        ("postgres://db.example", "must name a database"),
        ("sqlite:///food.db", "PostgreSQL is the only engine"),
        ("postgres://db.example:port/food", "port that is not a number"),
    ],
)
def test_a_malformed_database_address_says_what_is_wrong(address, why):
    assert why in problems({**DESK, "DATABASE_URL": address})


def test_a_database_address_may_name_a_socket_folder_and_hold_any_password():
    found = read({**DESK, "DATABASE_URL": "postgres://app:a%40b%2Fc@/food?host=%2Ftmp%2Fpg&sslmode=disable"}).database

    assert (found.host, found.name, found.user, found.password) == ("/tmp/pg", "food", "app", "a@b/c")  # noqa: S108
    assert found.options == {"sslmode": "disable"}


def test_a_desk_needs_two_addresses_and_nothing_else():
    found = read({"VAR": "/nonexistent", **DESK})

    assert found.demo
    assert not found.production
    assert found.owner_database == found.database


def test_a_running_platform_lends_its_servers_to_other_commands(tmp_path):
    (tmp_path / "env").write_text("".join(f"{name}={value}\n" for name, value in DESK.items()))

    assert read({"VAR": str(tmp_path)}).broker_url == DESK["BROKER_URL"]


def test_an_address_of_ones_own_is_never_mixed_with_a_lent_one(tmp_path):
    (tmp_path / "env").write_text("MIGRATE_DATABASE_URL=postgres://lent@/lent\nBROKER_URL=redis://lent\n")

    found = read({**DESK, "VAR": str(tmp_path)})

    assert found.owner_database == found.database


def test_production_with_everything_right_is_accepted():
    found = read(PRODUCTION)

    assert found.production
    assert not found.demo


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DEBUG", "1"),
        ("DEMO", "1"),
        ("EMBEDDED", "1"),
        ("SECRET_KEY", "short"),
        ("SECRET_KEY", "development-only-secret-key-never-used-in-production-0000000000"),
        ("FIELD_KEYS", "a" * 60),
        ("BLIND_INDEX_KEY", "development-only-blind-index-key"),
        ("ALLOWED_HOSTS", "*"),
        ("BASE_URL", "http://food.example"),
        ("MIGRATE_DATABASE_URL", DESK["DATABASE_URL"]),
        ("MIGRATE_DATABASE_URL", ""),
    ],
)
def test_production_refuses_what_is_only_convenient_on_a_desk(name, value):
    assert f"  - {name} " in problems({**PRODUCTION, name: value})


def manage(*arguments: str, **environ: str) -> subprocess.CompletedProcess[str]:
    kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    return subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=ROOT,
        env={**kept, "VAR": "/nonexistent", **environ},
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_bad_environment_is_told_without_a_traceback():
    done = manage("check")

    assert done.returncode != 0
    assert "Traceback" not in done.stderr
    assert "DATABASE_URL is missing" in done.stderr


def test_production_settings_pass_djangos_own_deployment_check():
    done = manage("check", "--deploy", "--fail-level", "WARNING", **PRODUCTION)

    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.django_db
def test_tests_work_as_a_role_that_owns_nothing():
    with connection.cursor() as cursor:
        cursor.execute("SELECT rolsuper FROM pg_roles WHERE rolname = current_user")
        assert cursor.fetchone() == (False,)
        cursor.execute("SELECT count(*) FROM pg_tables WHERE tableowner = current_user")
        assert cursor.fetchone() == (0,)


def test_connections_suit_a_transaction_pooler():
    for alias in ("default", "owner"):
        settings = connections[alias].settings_dict
        assert settings["DISABLE_SERVER_SIDE_CURSORS"]
        assert settings["OPTIONS"]["prepare_threshold"] is None
