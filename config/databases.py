"""The two roles: `default` works, `owner` migrates. Safe behind PgBouncer in transaction mode."""

from typing import Any

from config.env import Database, Environment

OWNER = "owner"


def connection(address: Database, *, pool_size: int = 0) -> dict[str, Any]:
    options: dict[str, Any] = {**address.options, "prepare_threshold": None}
    if pool_size:
        options["pool"] = {"min_size": 1, "max_size": pool_size, "timeout": 5, "max_idle": 60}
    return {
        "ENGINE": "django.db.backends.postgresql",
        "HOST": address.host,
        "PORT": address.port,
        "NAME": address.name,
        "USER": address.user,
        "PASSWORD": address.password,
        "CONN_MAX_AGE": 0,
        "DISABLE_SERVER_SIDE_CURSORS": True,
        "OPTIONS": {"connect_timeout": "5", **options},
    }


def databases(env: Environment) -> dict[str, dict[str, Any]]:
    return {
        "default": connection(env.database, pool_size=env.pool_size),
        OWNER: connection(env.owner_database),
    }


class OwnerMigrates:
    """Tables change only through the owner's connection; everything else goes through the app's."""

    def allow_migrate(self, db: str, app_label: str, **hints: Any) -> bool:
        return db == OWNER
