"""The platform with its demo world, served as it is served to people, for measurements over HTTP."""

import contextlib
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from urllib.error import URLError
from urllib.request import urlopen

from deploy.local import Trouble, processes
from deploy.local.venv import ROOT, folder

READY_WITHIN_S = 60


def fill() -> None:
    """Migrations, reference data and the demo district; quick where they are there already."""
    told = {**os.environ, "DEMO": "1"}
    prepared = subprocess.run(
        [sys.executable, "-m", "deploy.local.prepare"], cwd=ROOT, env=told, stdout=sys.stderr, check=False
    )
    if prepared.returncode:
        raise Trouble("The demo world could not be made; the reason is above.")


@contextlib.contextmanager
def platform() -> Iterator[int]:
    """The port of a gunicorn with the shipped configuration and `bench.urls`."""
    port = free_port()
    env = {**os.environ, "DJANGO_SETTINGS_MODULE": "bench.settings", "DEMO": "1", "LOG_LEVEL": "INFO"}
    command = [sys.executable, "-m", *processes.web(f"127.0.0.1:{port}")]
    with (folder() / "gunicorn.log").open("w") as log:
        server = subprocess.Popen(command, cwd=ROOT, env=env, stdout=log, stderr=log)
        try:
            wait_for(f"http://127.0.0.1:{port}/readyz")
            yield port
        finally:
            server.terminate()
            server.wait()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_for(url: str) -> None:
    deadline = time.monotonic() + READY_WITHIN_S
    while time.monotonic() < deadline:
        with contextlib.suppress(URLError, OSError), urlopen(url, timeout=5):  # noqa: S310
            return
        time.sleep(0.1)
    raise Trouble(f"{url} does not answer 200.")
