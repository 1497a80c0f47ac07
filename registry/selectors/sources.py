"""Reads of suppliers and bases."""

from __future__ import annotations

import uuid

from django.db.models import F, Q, QuerySet

from kit import phones
from kit.refusals import NotFound
from registry.actors import Actor
from registry.models import Base, Place, Supplier
from registry.models.visibility import NOTHING


def suppliers_for(actor: Actor, *, q: str = "") -> QuerySet[Supplier]:
    """The suppliers a person may see, those used last first. `q` is part of a name, a whole phone, or its end."""
    suppliers = Supplier.objects.visible_to(actor).select_related("organisation")
    if q:
        suppliers = suppliers.filter(called(q))
    return suppliers.order_by(F("last_used_at").desc(nulls_last=True), "name", "id")


def suppliers_at(place: Place) -> QuerySet[Supplier]:
    """The suppliers of the trader at a place, those used last first: for choosing from."""
    own = Supplier.objects.filter(district_id=place.district_id, organisation_id=place.organisation_id)
    return own.order_by(F("last_used_at").desc(nulls_last=True), "name", "id")


def supplier_for(actor: Actor, supplier_id: uuid.UUID) -> Supplier:
    """Raises NotFound for a missing one and for one out of reach alike."""
    found = Supplier.objects.visible_to(actor).select_related("organisation").filter(id=supplier_id).first()
    if found is None:
        raise NotFound
    return found


def called(q: str) -> Q:
    q = q.strip()
    found = Q(name__icontains=q) | Q(address__icontains=q)
    if len(q) == 4 and q.isdigit():
        return found | Q(phone_tail_index=phones.tail_index(q))
    try:
        return found | Q(phone_index=phones.whole_index(phones.normalise(q)))
    except phones.BadPhone:
        return found | NOTHING


def bases_for(actor: Actor, *, q: str = "", state: str = "", unverified: bool = False) -> QuerySet[Base]:
    """The bases a person may see. `q` is part of a base's, a county's or a trader's name."""
    bases = Base.objects.visible_to(actor).select_related("organisation", "region", "supplier", "verified_by")
    if q:
        q = q.strip()
        bases = bases.filter(
            Q(name__icontains=q) | Q(region__full_name__icontains=q) | Q(organisation__name__icontains=q)
        )
    if state:
        bases = bases.filter(state=state)
    if unverified:
        bases = bases.filter(verified_at__isnull=True, state=Base.State.ACTIVE)
    return bases.order_by("state", "name", "id")


def bases_at(place: Place) -> QuerySet[Base]:
    """The bases under contract of the trader at a place: for choosing from, with their county."""
    own = Base.objects.filter(
        district_id=place.district_id, organisation_id=place.organisation_id, state=Base.State.ACTIVE
    )
    return own.select_related("region", "supplier").order_by("name", "id")


def base_for(actor: Actor, base_id: uuid.UUID) -> Base:
    """Raises NotFound for a missing one and for one out of reach alike."""
    found = bases_for(actor).filter(id=base_id).first()
    if found is None:
        raise NotFound
    return found
