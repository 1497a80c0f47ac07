"""A limit on misses: wrong codes, wrong passwords, unknown numbers.

Hits are not counted, because a market's Wi-Fi is one address for a hundred people. Windows are fixed.
The counters live in the cache; without a cache nothing is counted and nobody is shut out.
"""

import hashlib
import time
from dataclasses import dataclass

import structlog
from django.core.cache import cache

FREE_S = 1.0
REMEMBERED = 10_000

log = structlog.get_logger(__name__)
_free_until: dict[str, float] = {}


@dataclass(frozen=True)
class Misses:
    """At most `limit` misses for one key in a window of `window` seconds."""

    name: str
    limit: int
    window: int

    def hit(self, key: str) -> None:
        """Count one miss."""
        counter = self._counter(key)
        _free_until.pop(counter, None)
        try:
            cache.add(counter, 0, timeout=self.window)
            cache.incr(counter)
        except Exception:
            log.warning("misses not counted", limit=self.name, exc_info=True)

    def blocked(self, key: str) -> bool:
        """Who was below the limit a moment ago is not asked about again, unless a miss came through this process."""
        counter, now = self._counter(key), time.monotonic()
        if _free_until.get(counter, 0.0) > now:
            return False
        try:
            blocked = (cache.get(counter) or 0) >= self.limit
        except Exception:
            log.warning("misses not known", limit=self.name, exc_info=True)
            return False
        if not blocked:
            if len(_free_until) > REMEMBERED:
                _free_until.clear()
            _free_until[counter] = now + FREE_S
        return blocked

    def _counter(self, key: str) -> str:
        window = int(time.time()) // self.window
        hidden = hashlib.sha256(key.encode(errors="replace")).hexdigest()[:32]
        return f"misses:{self.name}:{window}:{hidden}"


@dataclass(frozen=True)
class Pace:
    """At most one act in `seconds` for one key; the same act sent again, by its token, is let through."""

    name: str
    seconds: int

    def allows(self, key: str, token: str) -> bool:
        hidden = hashlib.sha256(key.encode(errors="replace")).hexdigest()[:32]
        counter = f"pace:{self.name}:{hidden}"
        try:
            return cache.add(counter, token, timeout=self.seconds) or cache.get(counter) in (token, None)
        except Exception:
            log.warning("pace not kept", limit=self.name, exc_info=True)
            return True
