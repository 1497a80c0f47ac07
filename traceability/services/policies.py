"""区县规则: a district sets its own reach of a hold, clocks and weights. A version is added, never changed."""

from __future__ import annotations

import datetime as dt
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from kit import clock, locks
from kit.refusals import Invalid, NotFound
from registry.permissions import require
from registry.services.checks import unique
from traceability import policies
from traceability.models import Policy


@transaction.atomic
def set_policy(
    actor, *, district_id: str, name: str, value: dict[str, Any], note: str, client_key: UUID,
    effective_from: dt.datetime | None = None,
) -> Policy:  # fmt: skip
    """A version of a rule, in force from now or from a later moment. Sent twice with one `client_key`, it is one.

    `note` says why. Raises `Invalid` with the key that the rule cannot have (`traceability.policies.read`).
    """
    require(actor, "manage_policies", district=district_id)
    if name not in policies.POLICIES:
        raise NotFound
    locks.one_request(client_key)
    if earlier := Policy.objects.filter(district_id=district_id, client_key=client_key).first():
        return earlier
    at = clock.now()
    effective_from = effective_from or at
    if effective_from < at:
        raise Invalid(fields={"effective_from": _("A rule cannot be changed for what has already happened.")})
    if len(note.strip()) < 2:
        raise Invalid(fields={"note": _("Say why the rule changes.")})
    _read(name, value)
    with unique("policy_version_once", "effective_from", gettext("Another version begins at that very moment.")):
        return Policy.objects.create(
            district_id=district_id,
            name=name,
            value=value,
            effective_from=effective_from,
            made_at=at,
            made_by_id=actor.account_id,
            note=note.strip()[:200],
            client_key=client_key,
        )


def _read(name: str, value: dict[str, Any]) -> None:
    """`read` raises ValueError with the key it is about; a rule about several of them names none of the fields."""
    try:
        policies.read(name, value)
    except ValueError as error:
        key = str(error)
        field = key if key in value else "rule"
        raise Invalid(fields={field: _("The rule cannot have this value.")}) from error
