"""Who may write a trader's suppliers and bases."""

from __future__ import annotations

from typing import TypeVar

from kit.refusals import NotFound
from registry.actors import Actor
from registry.models import Base, Place, Supplier
from registry.permissions import VERBS, may, require, require_role

Source = TypeVar("Source", Supplier, Base)


def require_place(actor: Actor, place: Place) -> None:
    """A trader keeps the own sources; a clerk of the market may enter one for a trader. Nobody trades at
    a vacant stall: raises `NotFound` there, and out of reach."""
    if not may(actor, "manage_sources", place=place):
        clerk = actor.has_role(*VERBS["declare_for"])
        require(actor, "declare_for" if clerk else "manage_sources", place=place)
    if place.organisation_id is None:
        raise NotFound


def locked_own(actor: Actor, source: Source) -> Source:
    """The trader's own row, held until the transaction ends; `NotFound` for somebody else's."""
    require_role(actor, "manage_sources")
    own = {(scope.district_id, scope.organisation_id) for scope in actor.with_role(*VERBS["manage_sources"])}
    found = type(source).objects.filter(pk=source.pk, district_id=source.district_id).select_for_update().first()
    if found is None or (found.district_id, found.organisation_id) not in own:
        raise NotFound
    return found
