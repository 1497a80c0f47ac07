"""`make run`: from an environment with the requirements to a platform that answers."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from types import FrameType

from deploy.local import Trouble, lan, processes
from deploy.local.life import Life
from deploy.local.servers import Servers
from deploy.local.venv import ROOT, folder

FREE_WITHIN_S = 5


class Run:
    def __init__(self, var: Path) -> None:
        self.port = port()
        self.life = Life(var)
        self.url = f"http://127.0.0.1:{self.port}"
        self.lan_ip = lan.address() if os.environ.get("LAN") == "1" else ""
        self.servers = Servers(self.life)
        self.note = var / "env"

    def __call__(self) -> None:
        for host in filter(None, ("127.0.0.1", self.lan_ip)):
            wait_for_port(host, self.port)
        try:
            self.servers.start()
            self.write_env()
            self.prepare()
            self.servers.watch()
            self.serve()
        finally:
            self.note.unlink(missing_ok=True)
            self.servers.stop()
            self.life.end()

    @property
    def env(self) -> dict[str, str]:
        """What every process of the platform is told, besides its own environment."""
        return {
            **self.servers.env,
            "VAR": str(self.life.var),
            "BASE_URL": os.environ.get("BASE_URL")
            or (f"https://{self.lan_ip}:{self.port}" if self.lan_ip else self.url),
            "PROMETHEUS_MULTIPROC_DIR": str(self.life.var / "metrics"),
        }

    def write_env(self) -> None:
        """So that `manage.py` in another terminal finds the same servers."""
        self.note.touch(mode=0o600)
        self.note.write_text("".join(f"{name}={value}\n" for name, value in self.env.items()))

    def prepare(self) -> None:
        metrics = self.life.var / "metrics"
        shutil.rmtree(metrics, ignore_errors=True)
        metrics.mkdir()
        done = subprocess.run(
            [sys.executable, "-m", "deploy.local.prepare"], env={**os.environ, **self.env}, check=False
        )
        if done.returncode:
            raise Trouble("The platform could not be prepared; the reason is above.")

    def serve(self) -> None:
        platform = processes.Processes(self.life, self.env, self.announce)
        platform.add("web", *processes.web(f"127.0.0.1:{self.port}"))
        if self.lan_ip:
            chain, key = lan.certificate(self.life.var / "lan", self.lan_ip)
            door = ("--certfile", str(chain), "--keyfile", str(key))
            platform.add("lan", *processes.web(f"{self.lan_ip}:{self.port}", *door))
        platform.add("worker", *processes.WORKER)
        platform.add("beat", *processes.BEAT)
        platform.run()

    def announce(self) -> None:
        if not processes.wait_until_ready(self.url):
            print(f"{self.url}/readyz does not answer 200: see {self.life.logs}", file=sys.stderr, flush=True)
            os.kill(os.getpid(), signal.SIGTERM)
            return
        self.life.announce(self.url)
        if self.lan_ip:
            lan.show(f"https://{self.lan_ip}:{self.port}/", self.life.var / "lan" / "authority.pem")
        print(f"Logs are in {self.life.logs}. Ctrl-C stops everything.\nready {self.url}", flush=True)


def port() -> int:
    wanted = os.environ.get("PORT") or "8000"
    if not (wanted.isascii() and wanted.isdigit() and 0 < int(wanted) < 65536):
        raise Trouble(f"PORT={wanted} is not a port: give a number from 1 to 65535.")
    return int(wanted)


def wait_for_port(host: str, number: int) -> None:
    """An earlier start that was killed may take some seconds to let go of it."""
    deadline = time.monotonic() + FREE_WITHIN_S
    while True:
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((host, number))
            except PermissionError as error:
                raise Trouble(f"Port {number} may not be used by this user: give another with PORT=.") from error
            except OSError as error:
                if time.monotonic() > deadline:
                    raise Trouble(f"Port {number} is taken by another program: give another with PORT=.") from error
            else:
                return
        time.sleep(0.2)


def leave(_signal: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def main() -> None:
    signal.signal(signal.SIGTERM, leave)
    os.chdir(ROOT)
    try:
        Run(folder())()
    except Trouble as error:
        sys.exit(str(error))
    except KeyboardInterrupt:
        sys.exit(130)


if __name__ == "__main__":
    main()
