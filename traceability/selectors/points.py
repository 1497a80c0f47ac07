"""Test points: where rapid tests are made, and which one serves a place."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from registry.actors import Actor
from registry.models import Place
from registry.permissions import may
from traceability.models import TestPoint


def points_for(actor: Actor) -> QuerySet[TestPoint]:
    """The open points within reach, in order of their codes."""
    found = TestPoint.objects.visible_to(actor).filter(state=TestPoint.State.ACTIVE)
    return found.select_related("market", "place", "town", "organisation").order_by("code")


def point_for(actor: Actor, place: Place) -> TestPoint | None:
    """The point at which this person would test goods of a place: its own, its market's, else one of the district."""
    found = points_for(actor).filter(district_id=place.district_id)
    near = found.filter(Q(place=place) | Q(market_id=place.market_id, market__isnull=False)).first()
    if near is not None:
        return near
    return found.filter(market=None, place=None).first() if may(actor, "record_test", place=place) else None
