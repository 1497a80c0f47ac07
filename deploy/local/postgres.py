"""One PostgreSQL of our own: made, started, stopped; two roles with passwords; nothing listens on TCP."""

from __future__ import annotations

import json
import os
import re
import secrets
import shutil
import subprocess
import time
from pathlib import Path
from urllib.parse import quote

import psycopg
from psycopg import sql

from deploy.local import Trouble, binaries
from deploy.local.keeper import home, keeper, reachable, socket_folder
from deploy.local.life import Life, stop

NAME = "sunshine"
ROLES = {"superuser": "postgres", "owner": "sunshine_owner", "app": "sunshine_app"}
START_WITHIN_S = 90


class Postgres:
    """The server whose data lie under `life.var`. `settings` are passed as `-c name=value`."""

    def __init__(self, life: Life, **settings: str) -> None:
        self.life = life
        self.settings = settings
        self.who = keeper()
        self.home = home(life.var, self.who)
        self.data = self.home / "data"
        self.socket = socket_folder(self.data, self.who)
        self.programs = reachable(self.find_programs(), self.home, self.who)
        self.passwords = self.read_passwords()
        self.child: subprocess.Popen[bytes] | None = None
        self.log_began = 0

    def url(self, role: str) -> str:
        return f"postgres://{ROLES[role]}:{self.passwords[role]}@/{NAME}?host={quote(str(self.socket), safe='')}"

    # Making

    def find_programs(self) -> binaries.Programs:
        written_by = self.data / "PG_VERSION"
        major = int(written_by.read_text()) if written_by.exists() else None
        programs = binaries.postgres(major)
        if major not in {None, programs.major}:
            raise Trouble(
                f"The data in {self.data} was written by PostgreSQL {major}, but only {programs.major} was found: "
                f"start it with PGBIN=<folder of PostgreSQL {major}'s programs>, save it with "
                f"`pg_dump -Fc -h {self.socket} -U {ROLES['owner']} {NAME} > {NAME}.dump`, "
                f"move {self.home} away, start again and `pg_restore` the file."
            )
        return programs

    def read_passwords(self) -> dict[str, str]:
        file = self.home / "passwords.json"
        if not file.exists():
            if self.data.exists():
                raise Trouble(f"{file} is missing, and without it the data in {self.data} cannot be opened.")
            partial = file.with_suffix(".partial")
            with open(partial, "w", opener=lambda name, flags: os.open(name, flags, 0o600)) as out:
                json.dump({role: secrets.token_urlsafe(24) for role in ROLES}, out)
            partial.rename(file)
        return json.loads(file.read_text())

    def make(self) -> None:
        """initdb beside the final place, so that an interrupted one leaves nothing that looks finished."""
        partial = self.home / "data.partial"
        shutil.rmtree(partial, ignore_errors=True)
        partial.mkdir()
        self.who.own(partial, 0o700)
        password = self.socket / "password"
        password.write_text(self.passwords["superuser"])
        self.who.own(password, 0o600)
        done = self.who.run(
            self.programs["initdb"],
            *("-D", str(partial), "-U", ROLES["superuser"], "--auth=scram-sha-256", f"--pwfile={password}"),
            # Trigram search finds Chinese only where the character type knows UTF-8.
            *("--encoding=UTF8", "--locale=C.UTF-8", "--data-checksums"),
        )
        password.unlink()
        if done.returncode:
            raise Trouble(f"PostgreSQL could not make its data folder {partial}: {last_line(done.stderr)}")
        partial.rename(self.data)

    # Running

    def start(self) -> None:
        if not self.data.exists():
            self.make()
        self.who.own(self.data, 0o700)
        self.child = None
        if self.answers():
            self.end_earlier_server()
        deadline = time.monotonic() + START_WITHIN_S
        while not self.answers():
            if self.child is None:
                self.child = self.launch()
            elif self.child.poll() is not None:
                # A server that was killed still counts as running until the kernel has cleared it away.
                self.child = None
                if not self.lock_is_in_the_way() or time.monotonic() > deadline - START_WITHIN_S / 2:
                    raise Trouble(f"PostgreSQL did not start: {last_line(self.said_since_launch())} (see {self.log})")
            elif time.monotonic() > deadline:
                raise Trouble(f"PostgreSQL did not answer within {START_WITHIN_S} seconds: see {self.log}")
            time.sleep(0.1)
        self.make_roles()

    @property
    def log(self) -> Path:
        return self.life.logs / "postgres.log"

    def launch(self) -> subprocess.Popen[bytes]:
        settings = {"listen_addresses": "", "unix_socket_directories": str(self.socket), **self.settings}
        options = [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]
        program = (self.programs["postgres"], "-D", str(self.data), *options)
        self.log_began = self.log.stat().st_size if self.log.exists() else 0
        return self.life.start("postgres", *program, stop_with="SIGINT", user=self.who.name, cwd=Path("/"))

    def end_earlier_server(self) -> None:
        """One whose starter was killed, perhaps on its way out already."""
        self.who.run(self.programs["pg_ctl"], "stop", "-D", str(self.data), "-m", "fast", "-w", "-t", "60")

    def lock_is_in_the_way(self) -> bool:
        """Looked for in everything said since the launch: a server on its way out writes between its lines."""
        return any(word in self.said_since_launch() for word in ("postmaster.pid", "shared memory block"))

    def said_since_launch(self) -> str:
        with open(self.log, "rb") as log:
            log.seek(self.log_began)
            return log.read().decode(errors="replace")

    def answers(self) -> bool:
        try:
            self.connect("postgres").close()
        except psycopg.OperationalError:
            return False
        return True

    def connect(self, database: str) -> psycopg.Connection:
        return psycopg.connect(
            host=str(self.socket),
            user=ROLES["superuser"],
            password=self.passwords["superuser"],
            dbname=database,
            autocommit=True,
            connect_timeout=5,
        )

    def make_roles(self) -> None:
        with self.connect("postgres") as connection:
            known = {row[0] for row in connection.execute("SELECT rolname FROM pg_roles")}
            for role, right in (("owner", "CREATEDB"), ("app", "NOCREATEDB")):
                if ROLES[role] not in known:
                    create = sql.SQL(f"CREATE ROLE {{}} LOGIN {right} PASSWORD {{}}")
                    name, password = sql.Identifier(ROLES[role]), sql.Literal(self.passwords[role])
                    connection.execute(create.format(name, password))
            if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [NAME]).fetchone():
                create = sql.SQL("CREATE DATABASE {} OWNER {}")
                connection.execute(create.format(sql.Identifier(NAME), sql.Identifier(ROLES["owner"])))

    def died(self) -> bool:
        return self.child is not None and self.child.poll() is not None

    def stop(self) -> None:
        if self.child is not None:
            stop(self.child)
            self.child = None


def last_line(text: str) -> str:
    lines = [line for line in text.splitlines() if line.strip()]
    wanted = [line for line in lines if re.search(r"FATAL|PANIC|error", line)] or lines
    return wanted[-1].strip() if wanted else "no reason was given"
