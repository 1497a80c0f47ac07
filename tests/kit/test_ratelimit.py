"""Misses are limited, hits are not; a broken cache shuts nobody out."""

import time

import pytest
from django.core.cache import cache
from redis.exceptions import ConnectionError as ValkeyAway

from kit.ratelimit import Misses

THREE = Misses("test", limit=3, window=60)
ADDRESS = "203.0.113.9"


@pytest.fixture(autouse=True)
def empty_cache():
    cache.clear()


def test_the_limit_is_reached_with_the_last_allowed_miss():
    seen = []
    for _ in range(4):
        seen.append(THREE.blocked(ADDRESS))
        THREE.hit(ADDRESS)
    assert seen == [False, False, False, True]


def test_others_are_not_concerned():
    for _ in range(3):
        THREE.hit(ADDRESS)
    assert not THREE.blocked("203.0.113.10")
    assert not Misses("other", limit=3, window=60).blocked(ADDRESS)


def test_a_new_window_starts_from_nothing(monkeypatch):
    for _ in range(3):
        THREE.hit(ADDRESS)
    later = time.time() + 60
    monkeypatch.setattr(time, "time", lambda: later)
    assert not THREE.blocked(ADDRESS)


def test_any_text_can_be_a_key():
    THREE.hit("码 \ud800\x00" + "x" * 10_000)


def test_without_a_cache_nothing_is_counted_and_nobody_is_blocked(monkeypatch):
    def away(*args, **kwargs):
        raise ValkeyAway

    for name in ("add", "incr", "get"):
        monkeypatch.setattr(cache, name, away, raising=False)
    THREE.hit(ADDRESS)
    assert not THREE.blocked(ADDRESS)
