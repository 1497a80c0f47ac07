"""The cache lives in Valkey; while Valkey is away it lives in the database, and metrics say so."""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from typing import Any

import structlog
from django.core.cache.backends.base import BaseCache
from django.core.cache.backends.db import DatabaseCache
from django.core.cache.backends.redis import RedisCache, RedisCacheClient
from prometheus_client import Counter, Gauge
from redis.exceptions import RedisError

RETRY_AFTER_S = 5

log = structlog.get_logger("cache")
fell_back = Counter("cache_fallbacks_total", "Times the cache left Valkey for the database")
in_database = Gauge("cache_in_database", "1 while the cache lives in the database", multiprocess_mode="livemax")


class Breaker:
    """Remembers, for all threads of a process, until when Valkey is not asked again."""

    def __init__(self) -> None:
        self.closed_until = 0.0
        self.lock = threading.Lock()

    def usable(self) -> bool:
        return time.monotonic() >= self.closed_until

    def trip(self, error: Exception) -> None:
        with self.lock:
            if self.usable():
                fell_back.inc()
                in_database.set(1)
                log.warning("cache_in_database", error=str(error))
            self.closed_until = time.monotonic() + RETRY_AFTER_S

    def recover(self) -> None:
        if self.closed_until:
            with self.lock:
                self.closed_until = 0.0
                in_database.set(0)


breaker = Breaker()


class Near:
    """Bodies kept in this process, for names that stand for one content for ever; the latest used stay."""

    def __init__(self, size: int) -> None:
        self.size = size
        self.kept: OrderedDict[str, bytes] = OrderedDict()
        self.lock = threading.Lock()

    def get_or_make(self, name: str, make: Callable[[], bytes]) -> bytes:
        with self.lock:
            if name in self.kept:
                self.kept.move_to_end(name)
                return self.kept[name]
        body = make()
        with self.lock:
            self.kept[name] = body
            while len(self.kept) > self.size:
                self.kept.popitem(last=False)
        return body


class OneClient(RedisCacheClient):
    """Makes its client once: Django makes one for every call, which costs more than the call."""

    def get_client(self, *args: Any, **kwargs: Any) -> Any:
        if not hasattr(self, "client"):
            self.client = super().get_client(*args, **kwargs)
        return self.client


class OneServer(RedisCache):
    def __init__(self, server: str, params: dict[str, Any]) -> None:
        super().__init__(server, params)
        self._class = OneClient


def through(name: str) -> Callable[..., Any]:
    def call(self: ValkeyOrDatabase, *args: Any, **kwargs: Any) -> Any:
        return self.run(name, *args, **kwargs)

    call.__name__ = name
    return call


class ValkeyOrDatabase(BaseCache):
    """LOCATION is a Valkey or Redis address (empty: database only); OPTIONS["table"] is the table."""

    def __init__(self, location: str, params: dict[str, Any]) -> None:
        super().__init__(params)
        table = params["OPTIONS"]["table"]
        plain = {name: value for name, value in params.items() if name != "OPTIONS"}
        timeouts = {"OPTIONS": {"socket_connect_timeout": 0.5, "socket_timeout": 1}}
        self.database = DatabaseCache(table, plain)
        self.valkey = OneServer(location, {**plain, **timeouts}) if location else None

    def run(self, name: str, *args: Any, **kwargs: Any) -> Any:
        if self.valkey is not None and breaker.usable():
            try:
                answer = getattr(self.valkey, name)(*args, **kwargs)
            except (RedisError, OSError) as error:
                breaker.trip(error)
            else:
                breaker.recover()
                return answer
        return getattr(self.database, name)(*args, **kwargs)

    add = through("add")
    get = through("get")
    set = through("set")
    touch = through("touch")
    delete = through("delete")
    get_many = through("get_many")
    set_many = through("set_many")
    delete_many = through("delete_many")
    has_key = through("has_key")
    incr = through("incr")
    clear = through("clear")
