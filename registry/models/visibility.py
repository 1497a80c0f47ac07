"""Which rows a person may see: every list and every look-up starts from `visible_to(actor)`."""

from django.db import models
from django.db.models import Q

from registry.roles import BUSINESS_ROLES, Role

NOTHING = Q(pk__in=[])
WHOLE_DISTRICT = frozenset({Role.DISTRICT_OFFICER, Role.AUDITOR, Role.SUPPORT})


def reach(actor, roles=None, *, place=None, organisation=None, market=None, town=None) -> Q:
    """A condition that holds for the rows within the actor's scopes.

    The arguments name the columns by which a row is reached; a scope whose column is not given
    reaches nothing. `roles` narrows which of the actor's roles count.
    """
    found = NOTHING
    for scope in actor.scopes:
        if roles is not None and scope.role not in roles:
            continue
        condition = _condition(scope, place, organisation, market, town)
        if condition is not None:
            found |= Q(district_id=scope.district_id) & condition
    return found


def _condition(scope, place, organisation, market, town):
    if scope.role in BUSINESS_ROLES:
        parts = [Q(**{place: scope.place_id})] if place else []
        parts += [Q(**{organisation: scope.organisation_id})] if organisation else []
        return all_of(parts) if parts else None
    if scope.market_id:
        return Q(**{market: scope.market_id}) if market else None
    if scope.town_id:
        return Q(**{town: scope.town_id}) if town else None
    return Q()


def all_of(conditions):
    joined = Q()
    for condition in conditions:
        joined &= condition
    return joined


class MarketQuerySet(models.QuerySet):
    def visible_to(self, actor):
        return self.filter(reach(actor, market="id", town="town_id") | Q(places__in=actor.place_ids)).distinct()


class PlaceQuerySet(models.QuerySet):
    def visible_to(self, actor):
        return self.filter(reach(actor, place="id", organisation="organisation_id", market="market_id", town="town_id"))

    def in_use(self):
        return self.filter(state="active")

    @classmethod
    def only_kind(cls, kind):
        class KindManager(models.Manager.from_queryset(cls)):
            def get_queryset(self):
                return super().get_queryset().filter(kind=kind)

        return KindManager()


class OwnedQuerySet(models.QuerySet):
    """Rows that belong to an organisation: its own people see them, and the managers and officers above."""

    def visible_to(self, actor):
        own = reach(actor, BUSINESS_ROLES, organisation="organisation_id")
        above = reach(
            actor,
            frozenset(Role) - BUSINESS_ROLES,
            market="organisation__places__market_id",
            town="organisation__places__town_id",
        )
        return self.filter(own | above).distinct()


class DeviceQuerySet(models.QuerySet):
    """A device at a place belongs to its keeper; one of a market, to the market."""

    def visible_to(self, actor):
        own = reach(actor, BUSINESS_ROLES, place="place_id", organisation="place__organisation_id")
        above = frozenset(Role) - BUSINESS_ROLES
        at_market = reach(actor, above, market="market_id", town="market__town_id")
        return self.filter(own | at_market | reach(actor, above, market="place__market_id", town="place__town_id"))
