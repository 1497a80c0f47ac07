"""The claim one works under: locked after its task, and fenced in WHERE whenever something is written."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from django.db.models import QuerySet

from inspections.models import Claim
from inspections.refusals import LeaseOver
from inspections.selectors.on_site import own_claim
from registry.actors import Actor
from registry.permissions import require_role


def lock_own(actor: Actor, claim_id: UUID, district_id: str) -> Claim:
    """One's own claim with its task, both locked, the task first as everywhere. Raises NotFound."""
    require_role(actor, "work_in_field")
    found = own_claim(actor, claim_id, district_id)
    for row in (found.task, found):
        type(row).objects.filter(district_id=district_id, pk=row.pk).select_for_update(no_key=True).first()
    return own_claim(actor, claim_id, district_id)


def live(claim: Claim, at: dt.datetime) -> QuerySet[Claim]:
    """The row while it is held: every write under a claim goes through this condition."""
    return Claim.objects.filter(
        district_id=claim.district_id, pk=claim.pk, released_at__isnull=True, lease_until__gt=at
    )


def require_live(claim: Claim, at: dt.datetime) -> None:
    if not live(claim, at).exists():
        raise LeaseOver
