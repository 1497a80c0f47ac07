"""The platform's own processes, and the line that says they are ready."""

from __future__ import annotations

import os
import shlex
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

from honcho import manager
from honcho.printer import Printer

from deploy.local import Trouble
from deploy.local.life import Life, tail

READY_WITHIN_S = 120
ROTATE_ABOVE_BYTES = 10_000_000

manager.KILL_WAIT = 15


class Processes(manager.Manager):
    """Each writes to its own file under VAR/logs and ends with us; when one ends, all end."""

    def __init__(self, life: Life, env: dict[str, str], when_started: Callable[[], None]) -> None:
        super().__init__(Printer(open(os.devnull, "w")))  # noqa: SIM115
        self.life = life
        self.env = {**os.environ, **env}
        self.when_started = when_started

    def add(self, name: str, *module: str) -> None:
        log = self.life.logs / f"{name}.log"
        if log.exists() and log.stat().st_size > ROTATE_ABOVE_BYTES:
            log.replace(log.with_suffix(".log.1"))
        command = shlex.join(self.life.tethered(sys.executable, "-m", *module))
        self.add_process(name, f"exec {command} >> {shlex.quote(str(log))} 2>&1", env=self.env)

    def _start(self) -> None:
        super()._start()
        threading.Thread(target=self.when_started, daemon=True).start()

    def run(self) -> None:
        """Until told to stop. Raises Trouble where a process ended by itself."""
        self.loop()
        asked = {signal["rc"] for signal in manager.SIGNALS.values()}
        if self.returncode not in asked:
            raise Trouble(self.why())

    def why(self) -> str:
        first = next((name for name, state in self._processes.items() if state.get("returncode")), "web")
        log = self.life.logs / f"{first}.log"
        return f"The process {first} ended by itself; its last words, from {log}:\n{tail(log)}"


def wait_until_ready(url: str) -> bool:
    deadline = time.monotonic() + READY_WITHIN_S
    while time.monotonic() < deadline:
        try:
            with urlopen(f"{url}/readyz", timeout=5):  # noqa: S310
                return True
        except (URLError, OSError):
            time.sleep(0.2)
    return False


def web(bind: str, *more: str) -> tuple[str, ...]:
    config = str(Path(__file__).parents[1] / "gunicorn.py")
    return ("gunicorn", "--config", config, "--bind", bind, *more, "config.wsgi:application")


WORKER = ("celery", "-A", "config", "worker", "--concurrency", "2", "--loglevel", "INFO")
BEAT = ("celery", "-A", "config", "beat", "--pidfile", "", "--loglevel", "WARNING")
