"""What a scale has sold is recorded: a fact, never refused for its weight or its lateness.

Each sale is a transaction of its own, done once by device and sequence. What cannot be booked is set
aside word for word, for a person. Every answer is final (docs/device-api.md, section 4).
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.urls import reverse

from kit import clock, jsonsafe
from registry.models import Device
from traceability.device_sale import Unreadable, read_sale
from traceability.models import DeviceMessage, SetAsideSale
from traceability.services.device_booking import CannotBook, book_sale
from traceability.services.device_sequences import keep_message, known_message, lock_device, market_of
from traceability.services.news import tell_market

KIND = DeviceMessage.Kind.SALE


@dataclass(frozen=True)
class Sent:
    """One sale as it stands in the message. `late`: the message came long after it was signed."""

    sequence: int
    content: Mapping[str, Any]
    late: bool

    @property
    def sha256(self) -> str:
        return hashlib.sha256(jsonsafe.canonical(self.content)).hexdigest()


def receive_sales(device: Device, *, sales: Sequence[Mapping[str, Any]], late: bool) -> list[dict[str, Any]]:
    """One answer a sale, in their order. Each sale has a readable `sequence`."""
    return [receive_sale(device, sent=Sent(sale["sequence"], sale, late)) for sale in sales]


@transaction.atomic
def receive_sale(device: Device, *, sent: Sent) -> dict[str, Any]:
    device = lock_device(device)
    at = clock.now()
    if known := known_message(device, sent.sequence):
        return _again(device, sent, known, at)
    try:
        answer = _booked(device, sent, at)
    except CannotBook as why:
        answer = _set_aside(device, sent, why.code, why.fields, at)
    keep_message(device, sequence=sent.sequence, kind=KIND, content_sha256=sent.sha256, answer=answer, at=at)
    return answer


def _booked(device, sent, at):
    try:
        sale = read_sale(sent.content)
    except Unreadable as why:
        raise CannotBook("invalid", why.fields) from why
    with transaction.atomic():
        return book_sale(device, sale, late=sent.late, at=at)


def _again(device, sent, known, at):
    """A number that came before: the same answer for the same content, and a place of its own for other."""
    if known.kind != KIND or known.content_sha256 != sent.sha256:
        return _set_aside(device, sent, "different_content", [], at)
    if known.answer["result"] == "recorded":
        return {**known.answer, "result": "duplicate"}
    return known.answer


def _set_aside(device, sent, code, fields, at):
    SetAsideSale.objects.bulk_create(
        [
            SetAsideSale(
                district_id=device.district_id,
                device=device,
                sequence=sent.sequence,
                content_sha256=sent.sha256,
                code=code,
                fields=fields[:50],
                sent=jsonsafe.canonical(sent.content).decode(),
                received_at=at,
            )
        ],
        ignore_conflicts=True,
    )
    if market := market_of(device):
        tell_market(
            market, "scale_set_aside", {"device": device.name, "sequence": sent.sequence, "code": code},
            url=reverse("device_messages", args=[device.id]), once_key=f"set-aside:{device.id}:{at:%Y-%m-%d}",
        )  # fmt: skip
    token = sent.content.get("token")
    return {
        "sequence": sent.sequence,
        "result": "set_aside",
        "code": code,
        **({"fields": fields} if fields else {}),
        "flags": [],
        "token": token if isinstance(token, str) else None,
        "lines": [],
    }
