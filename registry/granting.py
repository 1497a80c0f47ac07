"""Who may give which role, and where. Plain data, no database."""

from __future__ import annotations

from registry.actors import Actor
from registry.roles import BUSINESS_ROLES, Role

FIELD_WORK = {Role.TESTER, Role.COORDINATOR, Role.REVIEWER}

GIVES: dict[Role, frozenset[Role]] = {
    Role.WHOLESALER: frozenset({Role.WHOLESALER}),
    Role.VENDOR: frozenset({Role.VENDOR}),
    Role.STORE_MANAGER: frozenset({Role.STORE_MANAGER}),
    Role.MARKET_MANAGER: frozenset({Role.WHOLESALER, Role.VENDOR, Role.MARKET_MANAGER, Role.TESTER}),
    Role.TOWN_OFFICER: BUSINESS_ROLES | FIELD_WORK | {Role.MARKET_MANAGER, Role.TOWN_OFFICER},
    Role.DISTRICT_OFFICER: frozenset(Role) - {Role.AUDITOR, Role.SUPPORT},
    Role.SUPPORT: frozenset(Role),
}
"""A giver's role and the roles it gives. Who is watched does not appoint the watcher: only support
staff, who trade with nobody, appoint auditors."""


def gives(actor: Actor) -> list[Role]:
    """The roles the actor may give somewhere, in the order of the roles."""
    given = frozenset().union(*(GIVES.get(scope.role, frozenset()) for scope in actor.scopes))
    return [role for role in Role if role in given]


def may_give(actor: Actor, role: Role, *, place=None, market=None, town=None, district=None) -> bool:
    """Whether one of the actor's roles gives `role` with this scope: a place, else a market, else a
    town's code, else the whole district."""
    givers = (scope for scope in actor.scopes if role in GIVES.get(scope.role, ()))
    if place is not None:
        return any(scope.covers(place=place) for scope in givers)
    if market is not None:
        return any(scope.covers(market=market) for scope in givers)
    if town is not None:
        return any(scope.covers(town=town) for scope in givers)
    return any(scope.covers(district=district) for scope in givers)
