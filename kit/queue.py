"""A small first-in-first-out list in Valkey, for what may be lost when Valkey is: counts, never facts."""

from functools import cache

import redis
import structlog
from django.conf import settings
from prometheus_client import Counter

LONGEST = 1_000_000

log = structlog.get_logger("queue")
dropped = Counter("queue_dropped_total", "Items not queued because Valkey was away", ["queue"])


def push(name: str, item: str) -> None:
    """Append; quietly counted as dropped while Valkey is away, not configured, or the list is full."""
    try:
        if _client().rpush(_key(name), item) > LONGEST:
            _client().ltrim(_key(name), -LONGEST, -1)
    except (redis.RedisError, ValueError) as error:
        dropped.labels(name).inc()
        log.debug("queue_item_dropped", queue=name, error=str(error))


def pop(name: str, count: int) -> list[str]:
    """Take up to `count` of the oldest items; empty while Valkey is away."""
    try:
        return _client().lpop(_key(name), count) or []
    except (redis.RedisError, ValueError):
        return []


@cache
def _client():
    address = str(settings.CACHES["default"]["LOCATION"])
    return redis.Redis.from_url(address, decode_responses=True, socket_timeout=0.5, socket_connect_timeout=0.2)


def _key(name):
    return f"queue:{name}"
