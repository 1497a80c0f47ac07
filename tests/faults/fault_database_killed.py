"""The database is killed with -9 while it is written to. Nothing it acknowledged may be missing afterwards."""

import os
import shutil
import signal
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg

from deploy.local.life import Life
from deploy.local.postgres import Postgres
from deploy.local.servers import Servers
from deploy.local.venv import folder
from tests.faults.line import Outcome

WRITERS = 8
RECOVERED_WITHIN_S = 10.0


class Load:
    """Writers that count a number only once its COMMIT was answered, and try on while the database is away."""

    def __init__(self, address: str) -> None:
        self.address = address
        self.acked: list[int] = []
        self.over = threading.Event()
        self.threads = [threading.Thread(target=self.write, args=(writer,)) for writer in range(WRITERS)]

    def write(self, writer: int) -> None:
        number = writer
        while not self.over.is_set():
            try:
                with psycopg.connect(self.address, autocommit=True, connect_timeout=5) as connection:
                    while not self.over.is_set():
                        connection.execute("INSERT INTO written VALUES (%s)", [number])
                        self.acked.append(number)
                        number += WRITERS
            except psycopg.Error:
                # A commit whose answer was lost may have happened: its number is not used again.
                number += WRITERS
                time.sleep(0.05)

    def run(self) -> None:
        for thread in self.threads:
            thread.start()

    def stop(self) -> list[int]:
        self.over.set()
        for thread in self.threads:
            thread.join()
        return self.acked


def run(*, full: bool) -> Iterator[Outcome]:
    for _ in range(5 if full else 1):
        yield killed_once()


def killed_once() -> Outcome:
    var = folder() / "faults"
    life = Life(var)
    servers = Servers(life)
    try:
        own = Postgres(life)
        own.start()
        servers.own.append(own)
        servers.watch()
        return under_load(own)
    finally:
        servers.stop()
        life.end()
        shutil.rmtree(own.home, ignore_errors=True)
        shutil.rmtree(var, ignore_errors=True)


def under_load(own: Postgres) -> Outcome:
    address = own.url("owner")
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute("CREATE TABLE written (number bigint)")
    load = Load(address)
    load.run()
    time.sleep(2)
    os.kill(postmaster(own.data), signal.SIGKILL)
    killed_at = len(load.acked)
    recovered = time_until(lambda: len(load.acked) > killed_at + 10 * WRITERS)
    time.sleep(1)
    acked = load.stop()
    with psycopg.connect(address) as connection:
        kept = Counter(number for (number,) in connection.execute("SELECT number FROM written"))
    return Outcome(
        fault="database_killed",
        acked=len(acked),
        lost=sum(number not in kept for number in acked),
        duplicates=sum(times > 1 for times in kept.values()),
        errors_5xx=0,
        recovered_s=recovered,
        limit_s=RECOVERED_WITHIN_S,
    )


def postmaster(data: Path) -> int:
    return int((data / "postmaster.pid").read_text().splitlines()[0])


def time_until(condition: Callable[[], bool]) -> float:
    began = time.monotonic()
    while not condition() and time.monotonic() < began + 60:
        time.sleep(0.02)
    return time.monotonic() - began
