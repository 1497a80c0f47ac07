"""A tiny world: one of everything of ours, and of others, for the role matrix.

Ours lies in one market of one town of the district. The others hold the same roles elsewhere: at
another stall or store, in another market and town, or in another district.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from registry.models import Account, Grant, Market, Notice, Place, Region
from registry.roles import BUSINESS_ROLES, Role
from registry.services.notices import notify
from tests.factories.registry import (
    AccountFactory,
    ElsewhereFactory,
    GrantFactory,
    MarketFactory,
    OtherTownFactory,
    StallFactory,
    StoreFactory,
    TownFactory,
)

WHOLE_DISTRICT = frozenset({Role.DISTRICT_OFFICER, Role.FINANCE, Role.AUDITOR, Role.SUPPORT})


@dataclass
class Side:
    """A town with a market, its stalls, a store, and somebody in every role."""

    town: Region
    market: Market
    stall: Place
    wholesale_stall: Place
    store: Place
    people: dict[Role, Account] = field(default_factory=dict)

    def place_of(self, role: Role) -> Place:
        return {Role.WHOLESALER: self.wholesale_stall, Role.VENDOR: self.stall, Role.STORE_MANAGER: self.store}[role]


@dataclass
class World:
    ours: Side
    theirs: Side
    helper: Account
    """Works at our retail stall beside its keeper."""

    notice: Notice
    """Told to the keeper of our retail stall."""

    @property
    def helpers_grant(self) -> Grant:
        return self.helper.grants.get()


def make_world() -> World:
    ours = make_side(TownFactory(), whole_district=TownFactory())
    theirs = make_side(OtherTownFactory(), whole_district=ElsewhereFactory())
    helper = GrantFactory(role=Role.VENDOR, place=ours.stall, title="帮工").account
    keeper = ours.people[Role.VENDOR]
    notify(
        [keeper],
        district_id=ours.market.district_id,
        kind="role_given",
        once_key="world",
        data={"role": "vendor"},
        url="/desk/me",
    )
    return World(ours=ours, theirs=theirs, helper=helper, notice=keeper.notices.get())


def make_side(town: Region, *, whole_district: Region) -> Side:
    market = MarketFactory(town=town)
    side = Side(
        town=town,
        market=market,
        stall=StallFactory(market=market),
        wholesale_stall=StallFactory(market=market),
        store=StoreFactory(town=town),
    )
    for role in Role:
        person = AccountFactory(name=role.label[:8])
        side.people[role] = GrantFactory(account=person, role=role, **scope(side, role, whole_district)).account
    return side


def scope(side: Side, role: Role, whole_district: Region) -> dict[str, object]:
    if role in BUSINESS_ROLES:
        return {"place": side.place_of(role)}
    if role in WHOLE_DISTRICT:
        return {"district_id": whole_district.code[:6]}
    if role is Role.TOWN_OFFICER:
        return {"town": side.town}
    return {"market": side.market}
