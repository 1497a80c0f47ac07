"""Reads of legal subjects."""

from __future__ import annotations

import uuid
from contextlib import suppress

from django.db.models import Q, QuerySet

from kit import phones
from kit.crypto import blind_index
from kit.refusals import NotFound
from registry import identifiers
from registry.actors import Actor
from registry.models import Market, Occupancy, Organisation, Place
from registry.models.visibility import NOTHING, WHOLE_DISTRICT


def organisations_for(actor: Actor) -> QuerySet[Organisation]:
    """Whoever keeps or kept a place within reach, or opens a market there.

    District-wide roles also see those that are in the register and nowhere in use yet.
    """
    places = Place.objects.visible_to(actor)
    seen = (
        Q(id__in=places.values("organisation_id"))
        | Q(id__in=Occupancy.objects.filter(place__in=places.values("id")).values("organisation_id"))
        | Q(id__in=Market.objects.visible_to(actor).values("organisation_id"))
        | Q(id__in=[scope.organisation_id for scope in actor.scopes if scope.organisation_id])
    )
    if actor.has_role(*WHOLE_DISTRICT):
        seen |= Q(places__isnull=True, occupancy__isnull=True, market__isnull=True)
    return Organisation.objects.filter(id__in=Organisation.objects.filter(seen).values("id"))


def organisation_for(actor: Actor, organisation_id: uuid.UUID) -> Organisation:
    """Raises NotFound for a missing one and for one out of reach alike."""
    found = organisations_for(actor).filter(id=organisation_id).first()
    if found is None:
        raise NotFound
    return found


def named(q: str) -> Q:
    """Subjects whose name, person in charge, code or phone this may be."""
    q = q.strip()
    found = Q(name__icontains=q) | Q(legal_person__icontains=q) | Q(uscc__istartswith=q)
    if len(q) == 4 and q.isdigit():
        return found | Q(phone_tail_index=phones.tail_index(q))
    try:
        return found | Q(phone_index=phones.whole_index(phones.normalise(q)))
    except phones.BadPhone:
        return found | NOTHING


def to_choose_from(actor: Actor, q: str) -> QuerySet[Organisation]:
    """Subjects that may be meant: those within reach by name or phone, and whoever has exactly this code.

    Somebody who knows a whole code or identity number finds its subject wherever it trades, so that
    nobody is entered twice.
    """
    meant = Q(id__in=organisations_for(actor).filter(named(q)).values("id"))
    for reader, column in ((identifiers.uscc, "uscc"), (id_number_index_of, "id_number_index")):
        with suppress(identifiers.Unclear):
            meant |= Q(**{column: reader(q)})
    return Organisation.objects.filter(meant).order_by("name", "id")


def id_number_index_of(text: str) -> str:
    """Raises identifiers.Unclear."""
    return id_number_index(identifiers.id_number(text))


def id_number_index(number: str) -> str:
    return blind_index(number, "id number")
