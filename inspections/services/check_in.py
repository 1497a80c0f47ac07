"""到场签到: one arrives. The place's code, the position with its accuracy, the time: what is lacking is marked.

Nothing keeps a person who stands before the door from working: every attempt is written down as it was, with what it
proves. Position is kept with the person's consent alone (个人信息保护法 第29条), at check-in and at the shutter, never
between.
"""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from django.db import transaction

from inspections import visit_rules
from inspections.models import CheckIn, Claim, Coordinator, Task
from inspections.refusals import LeaseOver
from inspections.selectors.policies import policy
from inspections.services.held import live, lock_own
from inspections.states import TASK
from inspections.visit_rules import STAY, Arrival, Position
from inspections.work_policies import OnSite
from kit import clock, codes
from kit.transitions import move
from registry.actors import Actor
from registry.models import Place

VILLAGE = "镇"
ADDRESS_ENDS_WITH_TOKEN = "/"


def check_in(
    actor: Actor,
    *,
    claim_id: UUID,
    district_id: str,
    phone_at: dt.datetime,
    scanned_token: str = "",
    position: Position | None = None,
    client_key: UUID,
) -> CheckIn:
    """Write an arrival down; while the task is held, renew the lease and put the task on site.

    Sent twice with one `client_key` it is one. Raises NotFound, and `LeaseOver` once it is written down: what was done
    is kept although somebody else may hold the task.
    """
    with transaction.atomic():
        claim = lock_own(actor, claim_id, district_id)
        own = CheckIn.objects.filter(district_id=district_id, claim_id=claim.pk)
        if earlier := own.filter(client_key=client_key).first():
            return earlier
        at = clock.now()
        arrived = _write(claim, at, phone_at, scanned_token, position, client_key)
        held = _renew(claim, at)
    if not held:
        raise LeaseOver
    return arrived


def _write(claim, at, phone_at, scanned_token, position, client_key) -> CheckIn:
    rules: OnSite = policy(claim.district_id, "on_site", at)
    place, consent = claim.task.place, claim.coordinator.location_consent_at is not None
    seen = position if consent else None
    scanned = _scanned(scanned_token, place)
    distance_m = distance_to(place, seen)
    outcome, why = visit_rules.verdict(
        Arrival(
            has_place=place is not None,
            scanned=scanned,
            accuracy_m=seen.accuracy_m if seen else None,
            distance_m=distance_m,
            consent=consent,
            fence_m=fence_m(claim.task, rules),
            in_time=visit_rules.in_time(
                phone_at, since=claim.claimed_at, until=claim.lease_until, now=at, rules=rules
            ),
        ),
        rules,
    )
    return CheckIn.objects.create(
        district_id=claim.district_id,
        claim=claim,
        at=at,
        phone_at=phone_at,
        outcome=outcome,
        scanned=bool(scanned),
        position=str(seen) if seen else "",
        accuracy_m=seen.accuracy_m if seen else None,
        distance_m=distance_m,
        why=why,
        client_key=client_key,
    )


def _renew(claim: Claim, at: dt.datetime) -> bool:
    """Who has arrived has until the task is due, and time to finish in any case."""
    task = claim.task
    until = max(claim.lease_until, task.due_at, at + STAY)
    if not live(claim, at).update(lease_until=until):
        return False
    if task.state == Task.State.CLAIMED:
        move(task, TASK, "on_site")
    return True


def _scanned(text: str, place: Place | None) -> bool | None:
    """Whether the code scanned is this place's, as a token, as its whole address, or as the short code typed."""
    said = text.strip().rsplit(ADDRESS_ENDS_WITH_TOKEN, 1)[-1]
    if not said or place is None:
        return None
    return codes.read_token(said) == place.token or codes.read_typed_code(said) == place.typed_code


def distance_to(place: Place | None, position: Position | None) -> int | None:
    if place is None or position is None or place.latitude is None or place.longitude is None:
        return None
    return visit_rules.distance_m(position, float(place.latitude), float(place.longitude))


def fence_m(task: Task, rules: OnSite) -> int:
    """Villages have wider yards and weaker signals."""
    return rules.fence_village_m if task.town.name.endswith(VILLAGE) else rules.fence_m


def position_kept(coordinator: Coordinator, position: Position | None) -> Position | None:
    return position if coordinator.location_consent_at else None
