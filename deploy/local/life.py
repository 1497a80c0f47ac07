"""One start at a time in a folder, and children that end with their starter."""

from __future__ import annotations

import fcntl
import json
import os
import signal
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import IO

from deploy.local import Trouble

TETHER = Path(__file__).with_name("tether.py")


class Life:
    """Holds a folder for this process. The hold ends with it, even by kill -9; what it started ends soon after."""

    def __init__(self, var: Path) -> None:
        self.var = var
        self.note = var / "running.json"
        make_folder(var)
        make_folder(self.logs)
        self.lock = self._only_one()
        self.note.unlink(missing_ok=True)
        self.alive = self._sign_of_life()

    @property
    def logs(self) -> Path:
        return self.var / "logs"

    def _only_one(self) -> IO[str]:
        file = open(self.var / "lock", "a")  # noqa: SIM115
        try:
            # A POSIX lock: unlike flock's, no forked child keeps it.
            fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            file.close()
            raise Trouble(f"{self.described()} Stop it first, or give another folder with VAR=.") from error
        return file

    def _sign_of_life(self) -> IO[str]:
        """A file of this very run, so that children of an earlier one never take it for theirs."""
        for left in self.var.glob("alive-*"):
            left.unlink()
        file = tempfile.NamedTemporaryFile("w", prefix="alive-", dir=self.var, delete=False)  # noqa: SIM115
        fcntl.lockf(file, fcntl.LOCK_EX)
        return file

    def described(self) -> str:
        try:
            running = json.loads(self.note.read_text())
        except (OSError, ValueError):
            return f"Another start is at work in {self.var}."
        return f"It is already running in {self.var}: {running['url']} (process {running['pid']})."

    def announce(self, url: str) -> None:
        self.note.write_text(json.dumps({"url": url, "pid": os.getpid()}))

    def tethered(self, *program: str, stop_with: str = "SIGTERM", user: str = "-") -> list[str]:
        return [sys.executable, str(TETHER), self.alive.name, stop_with, user, *program]

    def start(
        self, name: str, *program: str, stop_with: str = "SIGTERM", user: str = "-", cwd: Path | None = None
    ) -> subprocess.Popen[bytes]:
        with open(self.logs / f"{name}.log", "ab") as log:
            return subprocess.Popen(
                self.tethered(*program, stop_with=stop_with, user=user),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
                cwd=cwd,
            )

    def end(self) -> None:
        self.note.unlink(missing_ok=True)
        Path(self.alive.name).unlink(missing_ok=True)
        self.alive.close()
        self.lock.close()


def stop(child: subprocess.Popen[bytes], wait_s: float = 30) -> None:
    """Ask a tethered child to stop; end its whole group where it does not."""
    if child.poll() is None:
        child.terminate()
    try:
        child.wait(wait_s)
    except subprocess.TimeoutExpired:
        os.killpg(child.pid, signal.SIGKILL)
        child.wait()


def make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as error:
        raise Trouble(f"The folder {folder} cannot be written ({error.strerror}): give another with VAR=.") from error


def tail(log: Path, lines: int = 15) -> str:
    return "\n".join(log.read_text(errors="replace").splitlines()[-lines:]) if log.exists() else ""
