"""Urgent notices leave the inbox: once for each notice and channel, whatever is down meanwhile.

    notify() ── commit ──> spread() ─> a row for each notice and channel ─> deliver() ─> the gateway

A gateway may get the same id twice only if a worker dies between its answer and our commit; the id lets it
drop the second. A doubled, lost or late job sends nothing twice.
"""

from __future__ import annotations

from html import unescape
from urllib.parse import urljoin
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils import translation
from django.utils.html import strip_tags

from kit import clock, outbox
from registry import channels
from registry.models import Notice, NoticeDelivery
from registry.selectors.notices import lines

URGENT = ("goods_held", "case_", "recall_")
"""Kinds, or beginnings of kinds, that cannot wait until somebody opens the inbox."""

State = NoticeDelivery.State
NO_PHONE, NO_CHANNEL = "no_phone", "no_channel"


def announce(*, district_id: str, kind: str, once_key: str) -> None:
    """Have the notices just written delivered, if they are urgent and there is a way; in the same transaction."""
    if kind.startswith(URGENT) and channels.names():
        outbox.enqueue("registry.spread_notice", district_id=district_id, once_key=once_key)


@transaction.atomic
def spread(*, district_id: str, once_key: str) -> int:
    """A delivery for each of these notices and each channel that has none yet; returns how many are new."""
    at = clock.now()
    notices = Notice.objects.filter(district_id=district_id, once_key=once_key, account__is_active=True)
    wanted = [
        NoticeDelivery(
            district_id=district_id,
            notice=notice,
            channel=name,
            state=State.WAITING if notice.account.phone else State.SKIPPED,
            reason="" if notice.account.phone else NO_PHONE,
            made_at=at,
        )
        for notice in notices.select_related("account").order_by("pk")
        for name in channels.names()
    ]
    NoticeDelivery.objects.bulk_create(wanted, ignore_conflicts=True, batch_size=1000)
    made = NoticeDelivery.objects.filter(district_id=district_id, pk__in=[each.pk for each in wanted])
    for pk in made.filter(state=State.WAITING).order_by("pk").values_list("pk", flat=True):
        outbox.enqueue("registry.deliver_notice", district_id=district_id, delivery_id=pk)
    return made.count()


@transaction.atomic
def deliver(*, district_id: str, delivery_id: UUID | str) -> NoticeDelivery:
    """Send it, if it is still to be sent. Raises NotDelivered, so that the outbox tries again later."""
    delivery = (
        NoticeDelivery.objects.select_for_update(of=("self",))
        .select_related("notice__account")
        .get(district_id=district_id, pk=delivery_id)
    )
    if delivery.state != State.WAITING:
        return delivery
    channel = channels.channel(delivery.channel)
    if channel is None:
        return _ended(delivery, State.SKIPPED, NO_CHANNEL)
    try:
        channel.send(_message(delivery))
    except channels.Refused as refusal:
        return _ended(delivery, State.REFUSED, str(refusal))
    return _ended(delivery, State.SENT)


def _ended(delivery: NoticeDelivery, state: str, reason: str = "") -> NoticeDelivery:
    delivery.state, delivery.reason, delivery.ended_at = state, reason[:200], clock.now()
    delivery.save(update_fields=["state", "reason", "ended_at"])
    return delivery


def _message(delivery: NoticeDelivery) -> channels.Message:
    """In the person's own language, as plain text."""
    notice, account = delivery.notice, delivery.notice.account
    with translation.override(account.language):
        title, *more = [unescape(strip_tags(line)) for line in lines(notice)]
    return channels.Message(
        id=delivery.pk,
        phone=account.phone,
        kind=notice.kind,
        title=title,
        text=" ".join(more),
        url=urljoin(settings.BASE_URL, notice.url) if notice.url else "",
        language=account.language,
        made_at=notice.made_at,
    )
