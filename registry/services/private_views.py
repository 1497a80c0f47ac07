"""Looking at what is hidden: the value and the record of the look come together or not at all
(个人信息保护法 第51条)."""

from __future__ import annotations

import structlog
from django.db import transaction
from django.db.models import Model
from django.utils.translation import gettext_lazy as _

from kit import clock
from kit.crypto import EncryptedTextField
from kit.refusals import Invalid, NotFound
from registry.actors import Actor
from registry.models import PrivateView
from registry.permissions import VERBS, NotYourJob

SHORTEST_REASON = 2
HIDDEN = frozenset({"phone", "id_number", "bank_account"})


@transaction.atomic
def look(actor: Actor, *, subject: Model, field: str, reason: str, verb: str = "view_private") -> str:
    """The full value of an encrypted field (`HIDDEN`) of a row the actor may see.

    The caller found `subject` through `visible_to(actor)`; `verb` is what lets one see it. Raises
    `NotYourJob`, Invalid (no reason given) or NotFound (there is no such hidden field).
    """
    roles = VERBS[verb]
    if not actor.has_role(*roles):
        raise NotYourJob(verb=verb)
    if len(reason.strip()) < SHORTEST_REASON:
        raise Invalid(fields={"reason": _("Say why you need to see it. The reason is kept with your name.")})
    if not hides(subject, field):
        raise NotFound
    PrivateView.objects.create(
        district_id=getattr(subject, "district_id", None) or actor.with_role(*roles)[0].district_id,
        account_id=actor.account_id,
        account_name=actor.name,
        subject_kind=subject._meta.model_name,
        subject_id=subject.pk,
        subject_name=str(subject)[:120],
        field=field,
        reason=reason.strip()[:120],
        viewed_at=clock.now(),
        request_id=structlog.contextvars.get_contextvars().get("request_id", ""),
    )
    return getattr(subject, field)


def hides(subject: Model, field: str) -> bool:
    fields = {each.name: each for each in subject._meta.fields}
    return isinstance(fields.get(field), EncryptedTextField) and field in HIDDEN
