"""One clock: the database's transaction time.

Services take time from `now()`; rules take it as an argument; tests hold it with `freeze()`.
Two clocks are never compared, so a web server whose clock is wrong cannot lengthen a lease.
"""

import contextlib
import contextvars
import datetime as dt

from django.db import connection
from django.utils import timezone

_frozen: contextvars.ContextVar[dt.datetime | None] = contextvars.ContextVar("frozen_clock", default=None)


def now() -> dt.datetime:
    """The current transaction's start, aware, in the current time zone."""
    held = _frozen.get()
    if held is None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT now()")
            held = cursor.fetchone()[0]
    return timezone.localtime(held)


def glance() -> dt.datetime:
    """This machine's time, or the held moment: for words on a page, never for a decision or a row."""
    return _frozen.get() or timezone.now()


@contextlib.contextmanager
def freeze(moment: dt.datetime):
    """Hold the clock at an aware `moment` inside the block."""
    if timezone.is_naive(moment):
        moment = timezone.make_aware(moment)
    mark = _frozen.set(moment)
    try:
        yield moment
    finally:
        _frozen.reset(mark)
