"""Roles given and ended. Either ends the person's sessions, so that nothing done before still counts."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from kit import clock
from kit.refusals import Invalid, NotAllowed, NotFound
from registry.actors import Actor
from registry.granting import may_give
from registry.models import Account, Grant, Market, Place, Region
from registry.permissions import VERBS, NotYourJob
from registry.roles import BUSINESS_ROLES, Role
from registry.services.notices import notify
from registry.services.sign_in import end_sessions

MANAGING = VERBS["manage_people"] | VERBS["manage_own_staff"]
AT_MARKET = frozenset({Role.MARKET_MANAGER})
AT_TOWN = frozenset({Role.TOWN_OFFICER})
KIND_OF_PLACE = {Role.VENDOR: Place.Kind.STALL, Role.STORE_MANAGER: Place.Kind.STORE}


class NotYourOwn(NotAllowed):
    code = "not_your_own_roles"
    message = _("Your own roles are changed by somebody else.")


@transaction.atomic
def give(
    actor: Actor,
    *,
    account: Account,
    role: Role,
    district_id: str,
    place: Place | None = None,
    market: Market | None = None,
    town: Region | None = None,
    title: str = "",
) -> Grant:
    """Give a role with its scope; the same role with the same scope is given once.

    Raises `NotYourJob`, `NotYourOwn`, NotFound (the scope is out of reach) or Invalid (it does not
    fit the role).
    """
    require_managing(actor)
    if account.pk == actor.account_id:
        raise NotYourOwn
    check_scope(role, place=place, market=market, town=town)
    if not may_give(actor, role, place=place, market=market, town=town.code if town else None, district=district_id):
        raise NotFound
    scope = {"place": place, "market": market, "town": town}
    grant, made = Grant.objects.get_or_create(
        district_id=district_id,
        account=account,
        role=role,
        ended_at=None,
        **scope,
        defaults={
            "organisation": place.organisation if place else None,
            "title": title,
            "granted_at": clock.now(),
            "granted_by_id": actor.account_id,
        },
    )
    if made:
        end_sessions(account)
        if not account.must_change_password:
            tell(grant, "role_given")
    return grant


@transaction.atomic
def end(actor: Actor, *, grant: Grant) -> None:
    """End a role. A second ending changes nothing."""
    require_managing(actor)
    if grant.account_id == actor.account_id:
        raise NotYourOwn
    if not may_end(actor, grant):
        raise NotFound
    end_quietly(grant)


def end_quietly(grant: Grant) -> None:
    ended = Grant.objects.filter(district_id=grant.district_id, pk=grant.pk, ended_at__isnull=True)
    if ended.update(ended_at=clock.now()):
        end_sessions(grant.account)
        tell(grant, "role_ended")


def tell(grant: Grant, kind: str) -> None:
    where = grant.place or grant.market or grant.town
    notify(
        [grant.account_id],
        district_id=grant.district_id,
        kind=kind,
        once_key=f"{kind}:{grant.pk}",
        data={"role": grant.role, "where": str(where) if where else ""},
        url="/desk/me",
    )


def may_end(actor: Actor, grant: Grant) -> bool:
    """Whoever may give a role may end it."""
    return may_give(
        actor,
        Role(grant.role),
        place=grant.place,
        market=grant.market,
        town=grant.town_id,
        district=grant.district_id,
    )


def require_managing(actor: Actor) -> None:
    if not actor.has_role(*MANAGING):
        raise NotYourJob(verb="manage_people")


def check_scope(role: Role, *, place: Place | None, market: Market | None, town: Region | None) -> None:
    """Raise Invalid unless the role has the scope it needs, and no other."""
    if role in BUSINESS_ROLES:
        if place is None or place.organisation_id is None:
            raise Invalid(fields={"place": _("Say at which stall or store.")})
        if place.kind != KIND_OF_PLACE.get(role, place.kind):
            raise Invalid(fields={"place": _("This role does not fit this kind of place.")})
    elif place is not None:
        raise Invalid(fields={"place": _("This role is not tied to a stall or store.")})
    if role in AT_MARKET and market is None:
        raise Invalid(fields={"market": _("Say for which market.")})
    if role in AT_TOWN and town is None:
        raise Invalid(fields={"town": _("Say for which town.")})
