"""回避: a place somebody may not visit, declared by himself or by an officer. Taking tasks asks for it."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from inspections.models import Conflict, Coordinator
from kit import clock
from kit.refusals import NotFound
from registry.actors import Actor
from registry.models import Place
from registry.permissions import require
from registry.services.checks import Checks


@transaction.atomic
def declare_conflict(actor: Actor, *, coordinator: Coordinator, place: Place, reason: str) -> Conflict:
    """One's own place, a relative's or an employer's. Declared again while it lasts, it is the same."""
    require_self_or_officer(actor, coordinator)
    if place.district_id != coordinator.district_id:
        raise NotFound()
    checks = Checks()
    checks.require("reason", reason.strip(), _("Say whose it is."))
    checks.done()
    return Conflict.objects.get_or_create(
        district_id=coordinator.district_id, coordinator=coordinator, place=place, ended_at=None,
        defaults={"reason": reason.strip()[:120], "declared_at": clock.now(), "declared_by_id": actor.account_id},
    )[0]  # fmt: skip


@transaction.atomic
def end_conflict(actor: Actor, *, conflict: Conflict) -> None:
    """Only an officer says that it is over: nobody lets himself back in."""
    coordinator = conflict.coordinator
    require(actor, "manage_coordinators", **scope_of(coordinator))
    if coordinator.account_id == actor.account_id:
        raise NotFound()
    lasting = Conflict.objects.filter(district_id=conflict.district_id, pk=conflict.pk, ended_at__isnull=True)
    lasting.update(ended_at=clock.now())


def require_self_or_officer(actor: Actor, coordinator: Coordinator) -> None:
    if coordinator.account_id == actor.account_id:
        require_own(actor, coordinator)
    else:
        require(actor, "manage_coordinators", **scope_of(coordinator))


def require_own(actor: Actor, coordinator: Coordinator) -> None:
    """Raises NotFound unless this is the actor himself, still on the list."""
    if coordinator.account_id != actor.account_id or coordinator.state == Coordinator.State.LEFT:
        raise NotFound()


def scope_of(coordinator: Coordinator) -> dict[str, str]:
    if coordinator.town_id:
        return {"town": coordinator.town_id}
    return {"district": coordinator.district_id}
