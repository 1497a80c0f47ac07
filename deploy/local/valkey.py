"""One Valkey (or Redis) of our own, on a loopback port behind a password, with every write on disk."""

from __future__ import annotations

import secrets
import socket
import subprocess
import time
from pathlib import Path

import redis

from deploy.local import Trouble, binaries
from deploy.local.life import Life, make_folder, stop, tail

START_WITHIN_S = 60


class Valkey:
    def __init__(self, life: Life) -> None:
        self.life = life
        self.home = life.var / "valkey"
        make_folder(self.home)
        self.program = binaries.valkey()
        self.password = secrets.token_urlsafe(24)
        self.port = free_port()
        self.child: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"redis://:{self.password}@127.0.0.1:{self.port}/0"

    @property
    def log(self) -> Path:
        return self.life.logs / "valkey.log"

    def configuration(self) -> str:
        """Read from a file, so that the password shows in no list of processes."""
        return (
            f"bind 127.0.0.1\nport {self.port}\nrequirepass {self.password}\n"
            'appendonly yes\nappendfsync everysec\nsave ""\nmaxmemory-policy noeviction\n'
        )

    def start(self) -> None:
        file = self.home / "valkey.conf"
        file.touch(mode=0o600)
        file.write_text(self.configuration())
        self.child = self.life.start("valkey", self.program, file.name, cwd=self.home)
        deadline = time.monotonic() + START_WITHIN_S
        while not self.answers():
            if self.died() or time.monotonic() > deadline:
                raise Trouble(f"Valkey did not start: {tail(self.log, 1)} (see {self.log})")
            time.sleep(0.05)

    def answers(self) -> bool:
        try:
            with redis.Redis.from_url(self.url, socket_timeout=1) as client:
                return bool(client.ping())
        except redis.RedisError:
            return False

    def died(self) -> bool:
        return self.child is not None and self.child.poll() is not None

    def stop(self) -> None:
        if self.child is not None:
            stop(self.child)
            self.child = None


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
