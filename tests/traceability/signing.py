"""A scale's hand: signs messages and keeps count, with Django's test client as its network."""

from __future__ import annotations

import json
import time
from typing import Any

from django.test import Client

from kit import clock
from kit.device_signing import key_bytes, signed_headers

SALES = "/api/v1/device/sales"
CODES = "/api/v1/device/codes"
DELTA = "/api/v1/device/delta"


class Hand:
    """`sequence` is the last number used; `codes` are voucher codes not used yet."""

    def __init__(self, device, client: Client | None = None) -> None:
        self.device = device
        self.client = client or Client()
        self.sequence = 0
        self.codes: list[dict[str, str]] = []

    def post(self, target: str, body: Any, *, sequence: int | None = None, age_s: int = 0, key: str = "", **extra):
        raw = body if isinstance(body, bytes) else json.dumps(body, ensure_ascii=False).encode()
        headers = self.headers("POST", target, raw, self.sequence if sequence is None else sequence, age_s, key)
        content_type = extra.pop("content_type", "application/json")
        return self.client.post(target, raw, content_type=content_type, headers={**headers, **extra})

    def get(self, target: str, *, age_s: int = 0):
        return self.client.get(target, headers=self.headers("GET", target, b"", self.sequence, age_s))

    def headers(self, method, target, raw, sequence, age_s=0, key=""):
        return signed_headers(
            key_bytes(key or self.device.key),
            method,
            target,
            raw,
            device=str(self.device.id),
            sequence=sequence,
            timestamp=int(time.time()) - age_s,
        )

    def reserve(self, count: int = 10):
        self.sequence += 1
        answer = self.post(CODES, {"sequence": self.sequence, "count": count})
        assert answer.status_code == 200, answer.content
        self.codes += answer.json()["codes"]
        return answer.json()

    def sale(self, seller, to, *lines, **changes) -> dict[str, Any]:
        """A sale as the scale writes it; takes the next number and the next code."""
        if not self.codes:
            self.reserve()
        self.sequence += 1
        return {
            "sequence": self.sequence,
            **self.codes.pop(0),
            "sold_at": clock.now().replace(microsecond=0).isoformat(),
            "offline": False,
            "cursor": None,
            "seller_place": seller.token,
            "buyer": to if isinstance(to, dict) else {"stall_token": to.token},
            "lines": list(lines),
            **changes,
        }

    def send(self, *sales, **how):
        answer = self.post(SALES, {"sales": list(sales)}, sequence=max(sale["sequence"] for sale in sales), **how)
        assert answer.status_code == 200, answer.content
        return answer.json()


def line(batch=None, weight_kg="10", *, button=None, price=None) -> dict[str, Any]:
    named = {"button": button} if button is not None else {"batch_token": batch.token}
    amount = None if price is None else int(float(weight_kg) * price)
    return {**named, "weight_kg": weight_kg, "unit_price_fen": price, "amount_fen": amount}
