"""Who runs PostgreSQL, which refuses to run as root, and where that user can keep its data."""

from __future__ import annotations

import hashlib
import itertools
import os
import pwd
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

from deploy.local import Trouble
from deploy.local.binaries import Programs
from deploy.local.life import make_folder

APART = Path("/var/lib/sunshine-food-safety")
MOVED = "MOVED"
SOCKET_PATH_LIMIT = 107
SOCKET_NAME = ".s.PGSQL.5432.lock"


@dataclass(frozen=True)
class Keeper:
    """The user PostgreSQL runs as: `postgres` or `nobody` when we are root, otherwise ourselves."""

    name: str
    uid: int
    gid: int

    @property
    def is_other(self) -> bool:
        return self.uid != os.geteuid()

    def run(self, *command: str, cwd: str = "/") -> subprocess.CompletedProcess[str]:
        who = {"user": self.uid, "group": self.gid, "extra_groups": []} if self.is_other else {}
        return subprocess.run(command, capture_output=True, text=True, check=False, cwd=cwd, **who)  # type: ignore[call-overload]

    def reaches(self, path: Path) -> bool:
        return self.run("/bin/sh", "-c", 'test -x "$0"', str(path)).returncode == 0

    def own(self, path: Path, mode: int) -> None:
        if self.is_other:
            os.chown(path, self.uid, self.gid)
        path.chmod(mode)


def keeper() -> Keeper:
    if os.geteuid() != 0:
        return Keeper("-", os.geteuid(), os.getegid())
    for name in ("postgres", "nobody"):
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return Keeper(name, entry.pw_uid, entry.pw_gid)
    raise Trouble(
        "PostgreSQL does not run as root, and neither the user postgres nor nobody exists: run as another user."
    )


def home(var: Path, who: Keeper) -> Path:
    """VAR/pg, or a folder under /var/lib where the keeper cannot reach VAR (a home closed to others)."""
    inside = var / "pg"
    make_folder(inside)
    if not (inside / MOVED).exists():
        if who.reaches(inside):
            return inside
        (inside / MOVED).write_text(f"{unused(APART / digest(var))}\n")
    apart = found(var)
    make_folder(apart)
    print(f"PostgreSQL's data is kept in {apart}: the user {who.name} could not reach {inside}.", flush=True)
    return apart


def found(var: Path) -> Path:
    """Where an earlier start has put PostgreSQL's data. VAR/pg/MOVED says so, for as long as VAR is kept."""
    moved = var / "pg" / MOVED
    return Path(moved.read_text().strip()) if moved.exists() else var / "pg"


def unused(wanted: Path) -> Path:
    """Whoever has deleted VAR starts anew, and the data of the deleted one stay untouched."""
    following = (wanted.with_name(f"{wanted.name}-{number}") for number in itertools.count(2))
    return next(path for path in itertools.chain([wanted], following) if not path.exists())


def reachable(programs: Programs, place: Path, who: Keeper) -> Programs:
    """The same programs, copied beside the data where the keeper cannot reach the originals."""
    if who.reaches(programs.folder / "postgres"):
        return programs
    copy = place / f"programs-{programs.major}"
    if not copy.exists():
        partial = copy.with_suffix(".partial")
        shutil.rmtree(partial, ignore_errors=True)
        shutil.copytree(programs.folder.parent, partial, symlinks=True)
        partial.rename(copy)
    return Programs(copy / programs.folder.name, programs.major)


def socket_folder(data: Path, who: Keeper) -> Path:
    """A short private folder within the keeper's reach: a socket's whole path may have 107 bytes."""
    for parent in (tempfile.gettempdir(), "/tmp"):  # noqa: S108
        folder = Path(parent).resolve() / f"sunshine-{digest(data)}"
        if len(os.fsencode(folder / SOCKET_NAME)) <= SOCKET_PATH_LIMIT and who.reaches(folder.parent):
            break
    folder.mkdir(mode=0o700, exist_ok=True)
    if folder.is_symlink() or folder.stat().st_uid not in {who.uid, os.geteuid()}:
        raise Trouble(f"{folder} belongs to somebody else: remove it, or set TMPDIR to a folder of your own.")
    who.own(folder, 0o700)
    return folder


def digest(path: Path) -> str:
    return hashlib.sha256(os.fsencode(path)).hexdigest()[:12]
