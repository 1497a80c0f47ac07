"""Giving out public codes, and following them.

Every code stands in one global table (`PublicCode`). It is never deleted and never given twice: a
replaced or retired code still answers, so that no printed label leads nowhere.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable

from django.db import IntegrityError, connection, transaction
from django.utils.translation import gettext_lazy as _

from kit import codes
from kit.models import PublicCode
from kit.refusals import Conflict
from kit.transitions import IllegalMove, States, move

State = PublicCode.State
CODE = States(
    "public_code",
    reserved={"active"},
    active={"replaced", "retired"},
    replaced=set(),
    retired=set(),
)
ATTEMPTS = 5


class NotReserved(Conflict):
    """The code was not handed to this device, or stands for something already."""

    code = "code_not_reserved"
    message = _("This code was not reserved for this device.")


def issue(kind: str, district_id: str, target_id: uuid.UUID, at: dt.datetime) -> PublicCode:
    """A new code in use, leading to `target_id`. `kind` is the letter of the page's address."""
    return issue_many(kind, district_id, [target_id], at)[0]


def issue_many(kind: str, district_id: str, target_ids: Iterable[uuid.UUID], at: dt.datetime) -> list[PublicCode]:
    """One new code for each target, in their order."""
    blanks = [
        {"kind": kind, "district_id": district_id, "target_id": target, "state": State.ACTIVE, "issued_at": at}
        for target in target_ids
    ]
    return _insert(blanks)


def reserve(kind: str, district_id: str, device_id: uuid.UUID, count: int, at: dt.datetime) -> list[PublicCode]:
    """Codes for a device to give out while it is offline."""
    blank = {
        "kind": kind, "district_id": district_id, "device_id": device_id, "state": State.RESERVED, "issued_at": at,
    }  # fmt: skip
    return _insert([blank] * count)


def activate(token: str, *, device_id: uuid.UUID, kind: str, target_id: uuid.UUID) -> PublicCode:
    """Put a reserved code to use. Raises `NotReserved`, or `StaleState` when another was quicker."""
    code = PublicCode.objects.filter(pk=token, device_id=device_id, kind=kind, state=State.RESERVED).first()
    if code is None:
        raise NotReserved(token=token)
    return move(code, CODE, State.ACTIVE, target_id=target_id)


@transaction.atomic
def replace(token: str, at: dt.datetime) -> PublicCode:
    """A new code for the same thing; the old one says that it was replaced, and by which.

    Raises `IllegalMove` or `StaleState` when the old code is not in use.
    """
    old = PublicCode.objects.get(pk=token)
    if old.target_id is None:
        raise IllegalMove(state=old.state, to=State.REPLACED, kind=CODE.name)
    new = issue(old.kind, old.district_id, old.target_id, at)
    move(old, CODE, State.REPLACED, replaced_by=new.token, ended_at=at)
    touch(token)
    return new


@transaction.atomic
def retire(token: str, at: dt.datetime) -> PublicCode:
    """Take a code out of use for good. Raises `IllegalMove` or `StaleState` when it is not in use."""
    code = move(PublicCode.objects.get(pk=token), CODE, State.RETIRED, ended_at=at)
    touch(token)
    return code


_TOUCH = """
UPDATE kit_publiccode SET version = version + 1
  FROM (SELECT token FROM kit_publiccode WHERE token = ANY(%s) ORDER BY token FOR NO KEY UPDATE) locked
 WHERE kit_publiccode.token = locked.token
"""


def touch(*tokens: str) -> None:
    """What these pages show has changed: they are to be drawn anew. Rows go in key order."""
    with connection.cursor() as cursor:
        cursor.execute(_TOUCH, [list(tokens)])


def look_up(text: str) -> PublicCode | None:
    """The code whose token is `text`, however it was typed; a wrong check character costs no query."""
    token = codes.read_token(text)
    return PublicCode.objects.filter(pk=token).first() if token else None


def look_up_typed(text: str) -> PublicCode | None:
    """The code whose short form is `text`; a wrong check character costs no query."""
    typed_code = codes.read_typed_code(text)
    return PublicCode.objects.filter(typed_code=typed_code).first() if typed_code else None


def _insert(blanks: list[dict], attempts: int = ATTEMPTS) -> list[PublicCode]:
    """Random codes may collide with ones already given: then all of them are drawn again."""
    rows = [PublicCode(token=codes.new_token(), typed_code=codes.new_typed_code(), **blank) for blank in blanks]
    try:
        with transaction.atomic():
            return PublicCode.objects.bulk_create(rows)
    except IntegrityError:
        if attempts == 1:
            raise
        return _insert(blanks, attempts - 1)
