"""A request with a key is done once, however often it is sent.

The record of the answer commits with the effect. A second request with the same key waits for the
first to end: it gets the same answer, or, when the first was refused or died, it is the first.
"""

import datetime as dt
import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, cast

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from kit import clock
from kit.models import IdempotencyRecord
from kit.refusals import Conflict, Invalid

KEPT = dt.timedelta(days=7)
KEY_LENGTH = 255


class DifferentContent(Conflict):
    code = "different_content"
    message = _("This key was already used for something else. Send the new content under a new key.")


class BadKey(Invalid):
    code = "bad_idempotency_key"
    message = _("An Idempotency-Key has 1 to 255 visible ASCII characters.")


@dataclass(frozen=True)
class Answer:
    """What is sent back: an HTTP status and a JSON value. `replayed` when it was given before."""

    status: int
    data: Any
    replayed: bool = False


@transaction.atomic
def once(actor_key: str, route: str, key: str, body: bytes, fn: Callable[[], Answer]) -> Answer:
    """The answer of `fn`, which runs at most once for this actor, route and key in 7 days.

    `body` is what the request says, as bytes. A refusal raised by `fn` undoes the record with the
    effect, so the same key may be tried again. Raises DifferentContent, BadKey.
    """
    if not (0 < len(key) <= KEY_LENGTH and key.isascii() and key.isprintable()):
        raise BadKey
    body_hash = hashlib.sha256(body).hexdigest()
    record, first = IdempotencyRecord.objects.get_or_create(
        actor_key=actor_key, route=route, key=key, defaults={"body_hash": body_hash, "at": clock.now()}
    )
    if first:
        answer = fn()
        IdempotencyRecord.objects.filter(id=record.id).update(status=answer.status, answer=answer.data)
        return answer
    if record.body_hash != body_hash:
        raise DifferentContent
    return Answer(cast(int, record.status), record.answer, replayed=True)


def purge() -> int:
    """Forget keys older than 7 days."""
    return IdempotencyRecord.objects.filter(at__lt=clock.now() - KEPT).delete()[0]
