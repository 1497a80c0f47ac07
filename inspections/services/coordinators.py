"""协管人员: enrolled from those who hold the role; moved, paused, let go. Nobody sets this up for himself."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from inspections.models import Claim, Coordinator, GridMember, Team
from inspections.refusals import HoldsTasks
from inspections.states import COORDINATOR
from kit import clock
from kit.refusals import NotFound
from kit.transitions import move
from registry.actors import Actor
from registry.models import Account, Grant, Region
from registry.permissions import require
from registry.roles import Role
from registry.services.checks import Checks, unique
from registry.services.grants import NotYourOwn

LEVELS = range(1, 6)


@dataclass(frozen=True, kw_only=True)
class Post:
    """`town` None: the whole district, for inspectors only. `pay_eligible` is False for the public payroll."""

    kind: str
    level: int = 1
    town: Region | None = None
    team: Team | None = None
    pay_eligible: bool = True


@transaction.atomic
def enrol(actor: Actor, *, account: Account, district_id: str, post: Post, joined_on: dt.date | None = None):
    """Put somebody who holds the role of a coordinator here on the list; somebody who is on it stays as he is.

    Raises `NotFound` (nobody of that role here, or the town is out of reach) or `Invalid`.
    """
    _require(actor, district_id, post.town)
    _not_oneself(actor, account.pk)
    _check(district_id, post)
    held = Grant.objects.current().filter(district_id=district_id, account=account, role=Role.COORDINATOR)
    if not account.is_active or not held.exists():
        raise NotFound()
    present = Coordinator.objects.filter(district_id=district_id, account=account).exclude(state="left").first()
    if present:
        return present
    with unique("coordinator_once_in_district", "account", _("This person is on the list already.")):
        return Coordinator.objects.create(
            district_id=district_id, account=account, joined_on=joined_on or clock.now().date(), **vars(post)
        )


@transaction.atomic
def change(actor: Actor, *, coordinator: Coordinator, post: Post) -> Coordinator:
    """Another kind, level, town or team. Who moves to another town leaves the grids of the old one."""
    found = _locked(actor, coordinator)
    _require(actor, found.district_id, post.town)
    _check(found.district_id, post)
    if found.state == Coordinator.State.LEFT:
        raise NotFound()
    if post.town and found.town_id != post.town.pk:
        GridMember.objects.filter(district_id=found.district_id, coordinator=found).exclude(
            grid__town=post.town
        ).delete()
    for name, value in vars(post).items():
        setattr(found, name, value)
    found.save(update_fields=list(vars(post)))
    return found


@transaction.atomic
def pause(actor: Actor, *, coordinator: Coordinator, until: dt.date | None = None) -> Coordinator:
    """No tasks for the time being. With a day it ends by itself after that day. What is in hand may be finished."""
    found = _locked(actor, coordinator)
    checks = Checks()
    checks.require("until", until is None or until >= clock.now().date(), _("This day is over already."))
    checks.done()
    if until is not None:
        Coordinator.objects.filter(district_id=found.district_id, pk=found.pk).update(paused_until=until)
        found.paused_until = until
        return found
    if found.state == Coordinator.State.PAUSED:
        return found
    return move(found, COORDINATOR, "paused")


@transaction.atomic
def resume(actor: Actor, *, coordinator: Coordinator) -> Coordinator:
    found = _locked(actor, coordinator)
    Coordinator.objects.filter(district_id=found.district_id, pk=found.pk).update(paused_until=None)
    found.paused_until = None
    return move(found, COORDINATOR, "active") if found.state == Coordinator.State.PAUSED else found


@transaction.atomic
def leave(actor: Actor, *, coordinator: Coordinator) -> Coordinator:
    """Off the list. Raises `HoldsTasks` while tasks are in hand; what was consented to ends with it."""
    found = _locked(actor, coordinator)
    if found.state == Coordinator.State.LEFT:
        return found
    at = clock.now()
    held = Claim.objects.filter(district_id=found.district_id, coordinator=found, released_at__isnull=True)
    count = held.filter(lease_until__gt=at).count()
    if count:
        raise HoldsTasks(name=found.account.name, count=count)
    GridMember.objects.filter(district_id=found.district_id, coordinator=found).delete()
    return move(found, COORDINATOR, "left", left_on=at.date(), location_consent_at=None)


def _locked(actor: Actor, coordinator: Coordinator) -> Coordinator:
    rows = Coordinator.objects.filter(district_id=coordinator.district_id, pk=coordinator.pk)
    found = rows.select_related("account").select_for_update(of=("self",), no_key=True).first()
    if found is None:
        raise NotFound()
    _require(actor, found.district_id, found.town)
    _not_oneself(actor, found.account_id)
    return found


def _require(actor, district_id, town) -> None:
    require(actor, "manage_coordinators", **({"town": town.pk} if town else {"district": district_id}))


def _not_oneself(actor, account_id) -> None:
    if actor.account_id == account_id:
        raise NotYourOwn()


def _check(district_id: str, post: Post) -> None:
    checks = Checks()
    checks.require("kind", post.kind in Coordinator.Kind.values, _("Choose one."))
    checks.require("level", post.level in LEVELS, _("A level is 1 to 5."))
    roaming = post.kind == Coordinator.Kind.INSPECTOR
    checks.require("town", roaming or post.town is not None, _("Say for which town."))
    here = post.town is None or post.town.pk.startswith(district_id)
    checks.require("town", here, _("This town lies in another district."))
    team_here = post.team is None or (post.team.district_id == district_id and post.team.active)
    checks.require("team", team_here, _("Choose a team in use."))
    checks.done()
