"""Reads of the inbox. A person sees nobody's notices but their own."""

from __future__ import annotations

import uuid

from django.db.models import QuerySet
from django.template.loader import render_to_string

from kit.refusals import NotFound
from registry.actors import Actor
from registry.models import Notice


def lines(notice: Notice) -> list[str]:
    """What a notice says, in the language of the moment: the lines of its kind's template, filled with its data, as
    HTML. The first says what happened, the second what it means or what to do."""
    said = render_to_string(f"notices/{notice.kind}.html", {"data": notice.data})
    return [line.strip() for line in said.splitlines() if line.strip()]


def notices_for(actor: Actor, *, unread: bool = False) -> QuerySet[Notice]:
    """The person's notices, newest first."""
    found = Notice.objects.filter(account_id=actor.account_id).order_by("-made_at", "-id")
    return found.filter(read_at__isnull=True) if unread else found


def unread_count(actor: Actor) -> int:
    return notices_for(actor, unread=True).count()


def notice_for(actor: Actor, notice_id: uuid.UUID) -> Notice:
    notice = notices_for(actor).filter(id=notice_id).first()
    if notice is None:
        raise NotFound
    return notice
