"""Stores of their own: restaurants, canteens, shops and workshops, entered by officers."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass
from decimal import Decimal

from django.db import IntegrityError, transaction
from django.utils.translation import gettext

from kit import clock, public_codes
from kit.transitions import move
from registry import identifiers
from registry.actors import Actor
from registry.business_types import BusinessType
from registry.models import Device, Organisation, Place, Region
from registry.permissions import require
from registry.services import occupancies, places
from registry.services.checks import Checks
from registry.states import DEVICE, PLACE


@dataclass(frozen=True, kw_only=True)
class Details:
    """What stands in the archive of a store. `permit_no` may still be missing."""

    name: str
    business_type: str
    town: Region
    address: str
    permit_no: str = ""
    permit_expires_on: dt.date | None = None
    public_phone: str = ""
    safety_officer: str = ""
    latitude: Decimal | None = None
    longitude: Decimal | None = None


@transaction.atomic
def open_store(actor: Actor, *, organisation: Organisation, details: Details, client_key: uuid.UUID) -> Place:
    """A store with its public code, kept by `organisation` from today.

    `client_key` becomes its id: sent twice, it is one store. Raises `Invalid` with every wrong field.
    """
    require(actor, "manage_stores", town=details.town.code)
    made = Place.objects.visible_to(actor).filter(pk=client_key)
    if earlier := made.first():
        return earlier
    at = clock.now()
    store = Place(id=client_key, district_id=details.town.code[:6], kind=Place.Kind.STORE, organisation=organisation)
    _fill(store, details)
    try:
        with transaction.atomic():
            code = public_codes.issue("d", store.district_id, store.id, at)
            store.token, store.typed_code = code.token, code.typed_code
            store.save(force_insert=True)
    except IntegrityError:
        return made.get()
    occupancies.begin(store, at.date(), occupancies.Agreement())
    return store


@transaction.atomic
def change_store(actor: Actor, *, place: Place, details: Details) -> Place:
    store = places.locked(actor, place, "manage_stores")
    require(actor, "manage_stores", town=details.town.code)
    _fill(store, details)
    return places.saved(store)


@transaction.atomic
def close_store(actor: Actor, *, place: Place, ended_on: dt.date) -> Place:
    """The store is no more: its people's roles end, its devices stop, its code goes on answering."""
    store = places.locked(actor, place, "manage_stores")
    occupancies.end(store, ended_on)
    for device in Device.objects.filter(district_id=store.district_id, place=store, state=Device.State.ACTIVE):
        move(device, DEVICE, Device.State.DISABLED).save()
    return places.saved(move(store, PLACE, Place.State.CLOSED, closed_at=clock.now()))


def _fill(store: Place, details: Details) -> None:
    checks = Checks()
    checks.require("name", details.name.strip(), gettext("Write the name on the sign."))
    checks.require("address", details.address.strip(), gettext("Write the address."))
    known = details.business_type in set(BusinessType)
    checks.require("business_type", known, gettext("Choose what kind of business this is."))
    town = details.town
    in_district = town.level == Region.Level.TOWN and town.code.startswith(store.district_id)
    checks.require("town", in_district, gettext("Choose a town of this district."))
    permit_no = ""
    if details.permit_no.strip():
        permit_no = checks.read("permit_no", identifiers.permit_no, details.permit_no, details.business_type)
    checks.done()
    places.name(store, details.name)
    store.business_type, store.town, store.address = details.business_type, town, details.address.strip()
    store.permit_no, store.permit_expires_on = permit_no, details.permit_expires_on
    store.public_phone, store.safety_officer = details.public_phone.strip(), details.safety_officer.strip()
    store.latitude, store.longitude = details.latitude, details.longitude
