"""Notices: a line in each inbox, once per key, however often the step that sends it runs."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from typing import Any

from django.db import transaction

from kit import clock
from registry.actors import Actor
from registry.models import Account, Notice
from registry.selectors.notices import notices_for
from registry.services.deliver import announce


@transaction.atomic
def notify(
    accounts: Iterable[Account | uuid.UUID],
    *,
    district_id: str,
    kind: str,
    once_key: str,
    data: dict[str, Any] | None = None,
    url: str = "",
) -> None:
    """Tell these people, each once per `once_key`.

    `kind` names the words (`templates/notices/<kind>.html`), which `data` fills in; `data` holds
    plain JSON and nothing that would have to be masked. `url` is an address on this site.
    """
    moment = clock.now()
    ids = {each.id if isinstance(each, Account) else each for each in accounts}
    Notice.objects.bulk_create(
        [
            Notice(
                district_id=district_id,
                account_id=account_id,
                kind=kind,
                data=data or {},
                url=url,
                made_at=moment,
                once_key=once_key,
            )
            for account_id in sorted(ids)
        ],
        ignore_conflicts=True,
    )
    if ids:
        announce(district_id=district_id, kind=kind, once_key=once_key)


@transaction.atomic
def mark_read(actor: Actor, *, notice: Notice) -> None:
    """Opening a notice reads it; the moment of the first opening stays."""
    notices_for(actor, unread=True).filter(id=notice.id).update(read_at=clock.now())


@transaction.atomic
def mark_all_read(actor: Actor) -> int:
    """Returns how many there were."""
    return notices_for(actor, unread=True).order_by().update(read_at=clock.now())
