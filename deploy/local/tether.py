"""Run a program that must not outlive the one that started it.

    python tether.py ALIVE SIGNAL USER PROGRAM [ARGUMENT ...]

The starter holds a POSIX lock on the file ALIVE. The kernel drops it when the starter ends, however it
ends; then, or when the tether is told to stop, PROGRAM gets SIGNAL. USER is `-` to stay who we are.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import pwd
import signal
import subprocess
import sys
import threading
from types import FrameType
from typing import Any

GRACE_S = 20


def main(alive: str, stop_with: str, user: str, command: list[str]) -> int:
    signal.pthread_sigmask(signal.SIG_SETMASK, [])
    child = subprocess.Popen(command, **identity(user))

    def stop(_signal: int = 0, _frame: FrameType | None = None) -> None:
        with contextlib.suppress(ProcessLookupError):
            child.send_signal(signal.Signals[stop_with])

    def stop_when_alone() -> None:
        wait_for_end_of_starter(alive)
        stop()
        try:
            child.wait(GRACE_S)
        except subprocess.TimeoutExpired:
            os.killpg(0, signal.SIGKILL)

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    threading.Thread(target=stop_when_alone, daemon=True).start()
    return child.wait()


def wait_for_end_of_starter(alive: str) -> None:
    with contextlib.suppress(FileNotFoundError), open(alive) as file:
        fcntl.lockf(file, fcntl.LOCK_SH)


def identity(user: str) -> dict[str, Any]:
    if user == "-":
        return {}
    return {"user": user, "group": pwd.getpwnam(user).pw_gid, "extra_groups": []}


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2], sys.argv[3], sys.argv[4:]))
