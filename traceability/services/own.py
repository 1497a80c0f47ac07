"""Goods, slips and entries of a place belong to the trader who made them, not to who keeps the place later."""

from kit.refusals import NotFound
from registry.permissions import require


def require_own(actor, verb, record) -> None:
    """`record` has `place` and `organisation`. What an earlier keeper traded answers like a missing thing."""
    require(actor, verb, place=record.place)
    if record.organisation_id != record.place.organisation_id:
        raise NotFound()
