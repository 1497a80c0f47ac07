"""Ways in which an urgent notice leaves the inbox: a text message, WeChat, e-mail, whatever a gateway makes of it.

A channel is a name and an address in `NOTICE_CHANNELS`; the scheme says which plug it goes through:

    https://:secret@gateway.example/notices          registry.channels.webhook   signed JSON
    smtp://user:password@mail.example:587?...        registry.channels.smtp      e-mail, or an e-mail-to-text gateway

A new kind of gateway is a module with a class like these two and a line in `PLUGS`.
"""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass
from typing import Protocol
from urllib.parse import SplitResult, urlsplit

from django.conf import settings
from django.utils.module_loading import import_string


@dataclass(frozen=True)
class Message:
    """One notice for one person. `id` is the same however often it is tried: a gateway drops what it has seen."""

    id: uuid.UUID
    phone: str
    kind: str
    title: str
    text: str
    url: str
    language: str
    made_at: dt.datetime


class NotDelivered(Exception):
    """It is not known to have arrived; to be tried again."""


class Refused(Exception):
    """The gateway will not take it, now or later."""


class Channel(Protocol):
    def __init__(self, address: SplitResult) -> None: ...

    def send(self, message: Message) -> None:
        """Raises NotDelivered, Refused."""


TIMEOUT_S = 10
PLUGS = {
    "https": "registry.channels.webhook.Webhook",
    "http": "registry.channels.webhook.Webhook",
    "smtp": "registry.channels.smtp.Mail",
    "smtps": "registry.channels.smtp.Mail",
}


def names() -> list[str]:
    return list(settings.NOTICE_CHANNELS)


def channel(name: str) -> Channel | None:
    """The channel of that name; None when it is not in the settings any more."""
    address = settings.NOTICE_CHANNELS.get(name)
    if address is None:
        return None
    parts = urlsplit(address)
    return import_string(PLUGS[parts.scheme])(parts)
