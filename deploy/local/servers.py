"""The servers a start needs: those it was given, else our own."""

from __future__ import annotations

import os
import sys
import threading

import psycopg

from deploy.local import Trouble
from deploy.local.binaries import OLDEST
from deploy.local.life import Life
from deploy.local.postgres import Postgres
from deploy.local.valkey import Valkey

WATCH_EVERY_S = 1.0


class Servers:
    """Starts what DATABASE_URL and BROKER_URL do not name; `env` says where everything is."""

    def __init__(self, life: Life, **postgres_settings: str) -> None:
        self.own: list[Postgres | Valkey] = []
        self.env: dict[str, str] = {}
        self.stopping = threading.Event()
        self.life = life
        self.postgres_settings = postgres_settings

    def start(self) -> None:
        self.find_database()
        self.find_broker()

    def find_database(self) -> None:
        if given := os.environ.get("DATABASE_URL"):
            check_database(given, "DATABASE_URL")
            owner = os.environ.get("MIGRATE_DATABASE_URL") or given
            check_database(owner, "MIGRATE_DATABASE_URL")
            self.env |= {"DATABASE_URL": given, "MIGRATE_DATABASE_URL": owner}
            return
        postgres = Postgres(self.life, **self.postgres_settings)
        self.own.append(postgres)
        postgres.start()
        self.env |= {
            "DATABASE_URL": postgres.url("app"),
            "MIGRATE_DATABASE_URL": postgres.url("owner"),
            "EMBEDDED": "1",
        }

    def find_broker(self) -> None:
        if given := os.environ.get("BROKER_URL"):
            self.env["BROKER_URL"] = given
            return
        valkey = Valkey(self.life)
        self.own.append(valkey)
        valkey.start()
        self.env |= {"BROKER_URL": valkey.url, "EMBEDDED": "1"}

    def watch(self) -> None:
        """Start again what died, until `stop`."""
        threading.Thread(target=self._watch, daemon=True).start()

    def _watch(self) -> None:
        while not self.stopping.wait(WATCH_EVERY_S):
            for server in self.own:
                if server.died() and not self.stopping.is_set():
                    print(f"{type(server).__name__} ended and is started again.", file=sys.stderr, flush=True)
                    server.start()

    def stop(self) -> None:
        self.stopping.set()
        for server in reversed(self.own):
            server.stop()


def check_database(address: str, name: str) -> None:
    try:
        with psycopg.connect(address, connect_timeout=10) as connection:
            version = connection.info.server_version // 10000
    except psycopg.Error as error:
        raise Trouble(f"{name} leads to no usable PostgreSQL: {str(error).strip().splitlines()[0]}") from error
    if version < OLDEST:
        raise Trouble(f"{name} leads to PostgreSQL {version}; {OLDEST} or newer is needed.")
