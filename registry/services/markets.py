"""Markets: opened by the district, their profile kept by their managers."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext

from kit import public_codes
from kit.refusals import NotFound
from registry.actors import Actor
from registry.models import Market, Organisation, Place, Region
from registry.permissions import require
from registry.services.checks import Checks, unique


@dataclass(frozen=True, kw_only=True)
class Standing:
    """What the district decides of a market: who opens it, what it is called and is, its stars."""

    organisation: Organisation
    town: Region
    name: str
    kind: str
    star_level: int = 0
    active: bool = True


@dataclass(frozen=True, kw_only=True)
class Profile:
    """What the market's own manager keeps up to date."""

    address: str
    complaint_phone: str
    area_m2: int | None = None
    safety_officer: str = ""
    safety_director: str = ""
    has_lab: bool = False
    trade_day_starts_at: dt.time = dt.time(0, 0)
    zones: Sequence[str] = ()


@transaction.atomic
def open_market(actor: Actor, *, standing: Standing, profile: Profile) -> Market:
    """A new market of the town's district. Raises `Invalid` when the name is taken there."""
    district_id = standing.town.code[:6]
    require(actor, "manage_markets", district=district_id)
    market = Market(district_id=district_id)
    _stand(market, standing)
    _describe(market, profile)
    return _saved(market)


@transaction.atomic
def change_standing(actor: Actor, *, market: Market, standing: Standing) -> Market:
    market = _locked(actor, "manage_markets", market)
    _stand(market, standing)
    return _saved(market)


@transaction.atomic
def change_profile(actor: Actor, *, market: Market, profile: Profile) -> Market:
    market = _locked(actor, "manage_market_profile", market)
    _describe(market, profile)
    return _saved(market)


def _locked(actor: Actor, verb: str, market: Market) -> Market:
    found = Market.objects.filter(pk=market.pk, district_id=market.district_id).select_for_update().first()
    if found is None:
        raise NotFound
    require(actor, verb, market=found)
    return found


def _stand(market: Market, standing: Standing) -> None:
    checks = Checks()
    checks.require("name", standing.name.strip(), gettext("Write the name."))
    checks.require("kind", standing.kind in Market.Kind.values, gettext("Choose what kind of market this is."))
    checks.require("star_level", 0 <= standing.star_level <= 5, gettext("Stars go from 0 to 5."))
    in_district = standing.town.level == Region.Level.TOWN and standing.town.code.startswith(market.district_id)
    checks.require("town", in_district, gettext("Choose a town of this district."))
    checks.done()
    market.organisation, market.town = standing.organisation, standing.town
    market.name, market.kind = standing.name.strip(), standing.kind
    market.star_level, market.active = standing.star_level, standing.active


def _describe(market: Market, profile: Profile) -> None:
    checks = Checks()
    checks.require("address", profile.address.strip(), gettext("Write the address."))
    checks.require(
        "complaint_phone", profile.complaint_phone.strip(), gettext("Write the phone that takes complaints.")
    )
    checks.done()
    market.address, market.complaint_phone = profile.address.strip(), profile.complaint_phone.strip()
    market.area_m2, market.has_lab = profile.area_m2, profile.has_lab
    market.safety_officer, market.safety_director = profile.safety_officer, profile.safety_director
    market.trade_day_starts_at = profile.trade_day_starts_at
    market.zones = list(dict.fromkeys(zone.strip() for zone in profile.zones if zone.strip()))


def _saved(market: Market) -> Market:
    taken = gettext("A market of this name is in the district already.")
    with unique("market_name_once_in_district", "name", taken):
        market.save()
    places = Place.objects.filter(district_id=market.district_id, market=market)
    public_codes.touch(*places.values_list("token", flat=True))
    return market
