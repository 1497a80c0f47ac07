"""Several threads, released at once, each with its own database connection."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from django.db import connections


def together(*calls):
    """What each call returned, or the exception it raised, in order."""
    start = Barrier(len(calls))

    def one(call):
        try:
            start.wait(timeout=10)
            return call()
        except Exception as error:
            return error
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(one, calls))
