"""Plates with public codes: every printing is a line of the ledger."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext

from kit import clock
from kit.models import PublicCode
from kit.refusals import Invalid, NotFound
from registry.actors import Actor
from registry.models import Place
from registry.permissions import require
from traceability.models import TraceEvent
from traceability.services import events

MOST = 240


@transaction.atomic
def print_plates(actor: Actor, *, place_ids: Collection[UUID]) -> list[Place]:
    """The places whose plates are to be printed, by market and number; written down as printed.

    Raises `Invalid` for none, for more than 240, or for a place whose code is out of use; `NotFound`
    when one of them is out of reach.
    """
    if not 1 <= len(place_ids) <= MOST:
        raise Invalid(fields={"places": gettext("Choose between 1 and 240 places.")})
    chosen = Place.objects.visible_to(actor).filter(pk__in=place_ids).select_related("market", "organisation", "town")
    places = list(chosen.order_by("kind", "market__name", "stall_no", "name", "id"))
    if len(places) != len(set(place_ids)):
        raise NotFound
    for place in places:
        require(actor, "manage_codes", place=place)
    refuse_dead_codes(places)
    at = clock.now()
    events.record_many(
        {"kind": TraceEvent.Kind.PRINTED, "place": place, "at": at, "actor": actor, "code": place.token}
        for place in places
    )
    return places


def refuse_dead_codes(places: list[Place]) -> None:
    alive = PublicCode.objects.filter(pk__in=[place.token for place in places], state=PublicCode.State.ACTIVE)
    tokens = set(alive.values_list("pk", flat=True))
    dead = [str(place) for place in places if place.token not in tokens]
    if dead:
        words = gettext("These have no code in use; give them a new one first: %(places)s.")
        raise Invalid(fields={"places": words % {"places": "、".join(dead)}})
