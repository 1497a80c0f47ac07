"""Jobs that exist only for the tests. An effect is a row: another job, of the name `test.effect`."""

import os
import signal
import time

from kit import outbox
from kit.models import OutboxJob

HANDLERS = {
    "test.work": "tests.kit.handlers.work",
    "test.slow": "tests.kit.handlers.slow",
    "test.fail": "tests.kit.handlers.fail",
    "test.die": "tests.kit.handlers.die",
    "test.effect": "tests.kit.handlers.nothing",
}


def effects():
    return OutboxJob.objects.filter(name="test.effect").count()


def work(**ids):
    outbox.enqueue("test.effect", **ids)


def slow(**ids):
    outbox.enqueue("test.effect", **ids)
    time.sleep(0.5)


def fail(**ids):
    outbox.enqueue("test.effect", **ids)
    raise RuntimeError("the other side is closed\x00")


def die(**ids):
    """What `kill -9` in the middle of the work does."""
    outbox.enqueue("test.effect", **ids)
    os.kill(os.getpid(), signal.SIGKILL)


def nothing(**ids):
    pass
