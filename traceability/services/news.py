"""Telling people what happened to their goods."""

from kit.bulk import any_of
from registry.models import Account, Grant
from registry.roles import BUSINESS_ROLES, Role
from registry.services.notices import notify


def tell_place(place, kind, data, *, url, once_key):
    """A notice to everybody who works at a place."""
    tell_places(place.district_id, [place.id], kind, data, url=url, once_key=once_key)


def tell_places(district_id, place_ids, kind, data, *, url, once_key):
    """A notice to everybody who works at any of the places; once each, however often it is told."""
    workers = Grant.objects.current().filter(
        district_id=district_id, place_id__in=any_of(place_ids), role__in=BUSINESS_ROLES
    )
    accounts = workers.values_list("account_id", flat=True).distinct()
    notify(accounts, district_id=district_id, kind=kind, data=data, url=url, once_key=once_key)


def tell_market(market, kind, data, *, url, once_key):
    """A notice to everybody who manages a market."""
    managers = Grant.objects.current().filter(
        district_id=market.district_id, market_id=market.id, role=Role.MARKET_MANAGER
    )
    accounts = Account.objects.filter(grants__in=managers).distinct().only("id")
    notify(accounts, district_id=market.district_id, kind=kind, data=data, url=url, once_key=once_key)
