"""Who acts: a person and the scopes the person's roles reach. Plain data, no database."""

import uuid
from dataclasses import dataclass

from registry.roles import BUSINESS_ROLES, Role


@dataclass(frozen=True)
class Scope:
    """One role of a person and how far it reaches. Unset ids mean "the whole district"."""

    role: Role
    district_id: str
    organisation_id: uuid.UUID | None = None
    place_id: uuid.UUID | None = None
    market_id: uuid.UUID | None = None
    town_id: str | None = None

    def covers(self, *, place=None, market=None, town=None, district=None) -> bool:
        """Whether this scope reaches a place, a market, a town's code or a district's code."""
        if place is not None:
            return self._covers_place(place)
        if market is not None:
            return (
                market.district_id == self.district_id
                and not self.place_id
                and (
                    market.id == self.market_id
                    if self.market_id
                    else market.town_id == (self.town_id or market.town_id)
                )
            )
        if town is not None:
            return (
                town.startswith(self.district_id)
                and not (self.place_id or self.market_id)
                and (self.town_id in (None, town))
            )
        return district == self.district_id and not (self.place_id or self.market_id or self.town_id)

    def _covers_place(self, place):
        if place.district_id != self.district_id:
            return False
        if self.role in BUSINESS_ROLES:
            return place.id == self.place_id and place.organisation_id == self.organisation_id
        if self.market_id:
            return place.market_id == self.market_id
        return self.town_id is None or place.town_id == self.town_id


@dataclass(frozen=True)
class Actor:
    """A person with the roles in force now. `account` is None for a device or a job."""

    account_id: uuid.UUID | None
    name: str
    scopes: tuple[Scope, ...] = ()
    device_id: uuid.UUID | None = None

    def with_role(self, *roles):
        return tuple(scope for scope in self.scopes if scope.role in roles)

    def has_role(self, *roles):
        return bool(self.with_role(*roles))

    @property
    def roles(self):
        return frozenset(scope.role for scope in self.scopes)

    @property
    def place_ids(self):
        return tuple(scope.place_id for scope in self.scopes if scope.place_id)

    @property
    def districts(self):
        return tuple(sorted({scope.district_id for scope in self.scopes}))
