"""From an account to an actor: the roles in force now."""

from registry.actors import Actor, Scope
from registry.models import Grant
from registry.roles import Role


def actor_for(account) -> Actor:
    """The actor of a signed-in account; an inactive account has no scopes."""
    grants = Grant.objects.current().filter(account=account) if account.is_active else ()
    return Actor(account_id=account.id, name=account.name, scopes=tuple(scope_of(grant) for grant in grants))


def scope_of(grant) -> Scope:
    return Scope(
        role=Role(grant.role),
        district_id=grant.district_id,
        organisation_id=grant.organisation_id,
        place_id=grant.place_id,
        market_id=grant.market_id,
        town_id=grant.town_id,
    )
