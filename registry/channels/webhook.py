"""A gateway that takes signed JSON: one POST a notice.

The signature is HMAC-SHA256, in lower-case hex, over four lines joined by line feeds: `SUN-NOTICE-1`, the
timestamp in Unix seconds, the notice's id, the SHA-256 of the body. Any 2xx says that it was taken.
"""

from __future__ import annotations

import hashlib
import hmac
import http.client
import json
import time
from urllib.parse import SplitResult, unquote

from registry.channels import TIMEOUT_S, Message, NotDelivered, Refused

SCHEME = "SUN-NOTICE-1"
TRY_AGAIN = frozenset({408, 409, 425, 429})


class Webhook:
    def __init__(self, address: SplitResult) -> None:
        kind = http.client.HTTPSConnection if address.scheme == "https" else http.client.HTTPConnection
        self.open = lambda: kind(address.hostname or "", address.port, timeout=TIMEOUT_S)
        self.target = (address.path or "/") + (f"?{address.query}" if address.query else "")
        self.secret = unquote(address.password or "").encode()

    def send(self, message: Message) -> None:
        body = content(message)
        line = self.open()
        try:
            line.request("POST", self.target, body=body, headers=self.headers(message, body, int(time.time())))
            status = line.getresponse().status
        except (OSError, http.client.HTTPException) as error:
            raise NotDelivered(str(error) or type(error).__name__) from error
        finally:
            line.close()
        if 400 <= status < 500 and status not in TRY_AGAIN:
            raise Refused(f"HTTP {status}")
        if not 200 <= status < 300:
            raise NotDelivered(f"HTTP {status}")

    def headers(self, message: Message, body: bytes, timestamp: int) -> dict[str, str]:
        return {
            "Content-Type": "application/json",
            "Notice-Id": str(message.id),
            "Notice-Timestamp": str(timestamp),
            "Notice-Signature": sign(self.secret, str(message.id), timestamp, body),
        }


def content(message: Message) -> bytes:
    return json.dumps(
        {
            "id": str(message.id), "to": message.phone, "kind": message.kind, "title": message.title,
            "text": message.text, "url": message.url, "language": message.language,
            "at": message.made_at.isoformat(timespec="seconds"),
        },
        ensure_ascii=False,
    ).encode()  # fmt: skip


def sign(secret: bytes, notice_id: str, timestamp: int, body: bytes) -> str:
    lines = (SCHEME, str(timestamp), notice_id, hashlib.sha256(body).hexdigest())
    return hmac.new(secret, "\n".join(lines).encode(), hashlib.sha256).hexdigest()
