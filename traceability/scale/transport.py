"""Signed requests over HTTP, with every outcome told apart: an answer, a refusal, or not known."""

import http.client
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from kit.device_signing import key_bytes, signed_headers

MAX_ANSWER_BYTES = 8 * 1024 * 1024
_TRY_AGAIN = frozenset({408, 425, 429})


class NoAnswer(Exception):
    """It is not known whether the message arrived: send the same bytes again, after `retry_after` seconds if given."""

    def __init__(self, why: str, retry_after: float | None = None) -> None:
        self.retry_after = retry_after
        super().__init__(why)


class Refused(Exception):
    """The platform read the message and stored nothing of it. `code` is the problem document's."""

    def __init__(self, status: int, problem: Mapping[str, Any]) -> None:
        self.status = status
        self.code = str(problem.get("code", status))
        self.problem = problem
        super().__init__(f"{status} {self.code}")


@dataclass(frozen=True)
class Connection:
    """Where the platform is and who is asking. `base_url` has no path; `key` is 64 hex digits."""

    base_url: str
    device: str
    key: str
    timeout_s: float = 15

    def send(self, method: str, target: str, body: bytes, *, sequence: int, timestamp: int) -> dict[str, Any]:
        """The answer to a signed message. Raises NoAnswer, Refused."""
        key = key_bytes(self.key)
        headers = signed_headers(key, method, target, body, device=self.device, sequence=sequence, timestamp=timestamp)
        return self._exchange(method, target, body, headers)

    def ask(self, target: str) -> dict[str, Any]:
        """The answer to an unsigned GET. Raises NoAnswer, Refused."""
        return self._exchange("GET", target, b"", {})

    def _exchange(self, method, target, body, headers):
        if body:
            headers = {**headers, "Content-Type": "application/json"}
        line = self._open()
        try:
            line.request(method, target, body=body or None, headers={**headers, "Accept": "application/json"})
            response = line.getresponse()
            content = response.read(MAX_ANSWER_BYTES)
        except (OSError, http.client.HTTPException) as error:
            raise NoAnswer(str(error) or type(error).__name__) from error
        finally:
            line.close()
        return _judged(response, content)

    def _open(self):
        address = urlsplit(self.base_url)
        kind = http.client.HTTPSConnection if address.scheme == "https" else http.client.HTTPConnection
        return kind(address.hostname or "", address.port, timeout=self.timeout_s)


def _judged(response, content):
    if response.status >= 500 or response.status in _TRY_AGAIN:
        raise NoAnswer(f"status {response.status}", _seconds(response.headers.get("Retry-After")))
    value = _json(content)
    if response.status == 200:
        if value is None:
            raise NoAnswer("a broken answer")
        return value
    raise Refused(response.status, value or {})


def _json(content):
    try:
        value = json.loads(content)
    except ValueError:
        return None
    return value if isinstance(value, dict) else None


def _seconds(text):
    return float(text) if text and text.isascii() and text.isdigit() else None
