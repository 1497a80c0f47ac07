"""协管规则: a district sets its own quotas, waits, fences and weights. A version is added, never changed."""

from __future__ import annotations

import datetime as dt
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from inspections import work_policies
from inspections.models import WorkPolicy
from kit import clock, locks
from kit.refusals import Invalid, NotFound
from registry.actors import Actor
from registry.permissions import require
from registry.services.checks import Checks, unique


@transaction.atomic
def set_work_policy(
    actor: Actor, *, district_id: str, name: str, value: dict[str, Any], note: str, client_key: UUID,
    effective_from: dt.datetime | None = None,
) -> WorkPolicy:  # fmt: skip
    """A version of a rule, in force from now or from a later moment. What changes nothing makes no version.

    `note` says why. Raises `Invalid` with the key that the rule cannot have.
    """
    require(actor, "manage_work_rules", district=district_id)
    if name not in work_policies.POLICIES:
        raise NotFound()
    locks.one_request(client_key)
    at = clock.now()
    begins = effective_from or at
    _readable(name, value)
    versions = WorkPolicy.objects.filter(district_id=district_id, name=name).order_by("-effective_from")
    last = versions.first()
    if last and last.value == value and (effective_from is None or last.effective_from == effective_from):
        return last
    checks = Checks()
    checks.require("effective_from", begins >= at, _("A rule cannot be changed for what has already happened."))
    checks.require("note", len(note.strip()) >= 2, _("Say why the rule changes."))
    checks.done()
    with unique("work_policy_version_once", "effective_from", _("Another version begins at that very moment.")):
        return WorkPolicy.objects.create(
            district_id=district_id, name=name, value=value, effective_from=begins, made_at=at,
            made_by_id=actor.account_id, note=note.strip()[:200],
        )  # fmt: skip


def _readable(name: str, value: dict[str, Any]) -> None:
    """`read` raises ValueError with the key it is about; a rule about several of them names none of the fields."""
    try:
        work_policies.read(name, value)
    except ValueError as error:
        field = str(error)
        message = _("The weights add up to 100.") if field == "weights" else _("The rule cannot have this value.")
        raise Invalid(fields={field if field in value else "rule": message}) from error
