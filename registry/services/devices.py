"""Smart scales and rapid-test instruments: what they are, where they stand, the key they sign with."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Mapping
from dataclasses import dataclass

from django.db import IntegrityError, transaction
from django.utils.translation import gettext

from kit import clock, device_signing
from kit.refusals import NotFound
from kit.transitions import move
from registry.actors import Actor
from registry.models import Device, DeviceButton, Market, Place, Product
from registry.permissions import require
from registry.selectors.devices import devices_for
from registry.services.checks import Checks
from registry.states import DEVICE

OLD_KEY_LASTS = dt.timedelta(hours=24)
MOST_BUTTONS = 99


@dataclass(frozen=True, kw_only=True)
class Details:
    name: str
    serial_no: str = ""
    calibrated_on: dt.date | None = None
    calibration_ends_on: dt.date | None = None


@transaction.atomic
def register(
    actor: Actor,
    *,
    kind: str,
    details: Details,
    market: Market | None = None,
    place: Place | None = None,
    client_key: uuid.UUID,
) -> Device:
    """A device at a place, or at a market and not yet at a place; it comes with its key.

    `client_key` becomes its id: sent twice, it is one device.
    """
    require_reach(actor, market, place)
    made = devices_for(actor).filter(pk=client_key)
    if earlier := made.first():
        return earlier
    device = Device(id=client_key, kind=kind, key=device_signing.new_key())
    _stand(device, market, place)
    _fill(device, details)
    try:
        with transaction.atomic():
            device.save(force_insert=True)
    except IntegrityError:
        return made.get()
    return device


@transaction.atomic
def change(
    actor: Actor, *, device: Device, details: Details, market: Market | None = None, place: Place | None = None
) -> Device:
    """Correct what is said of a device, and move it to another stall or back to its market."""
    device = locked(actor, device)
    require_reach(actor, market, place)
    _stand(device, market, place)
    _fill(device, details)
    device.save()
    return device


@transaction.atomic
def rotate_key(actor: Actor, *, device: Device) -> Device:
    """A new key; the old one is good for another 24 hours, so that no sale is lost on the way."""
    device = locked(actor, device)
    device.previous_key, device.previous_key_until = device.key, clock.now() + OLD_KEY_LASTS
    device.key = device_signing.new_key()
    device.save()
    return device


@transaction.atomic
def disable(actor: Actor, *, device: Device) -> Device:
    """A lost or stolen device: nothing it signs counts from now on, with any key."""
    device = move(locked(actor, device), DEVICE, Device.State.DISABLED, previous_key="", previous_key_until=None)
    device.save()
    return device


@transaction.atomic
def enable(actor: Actor, *, device: Device) -> Device:
    device = move(locked(actor, device), DEVICE, Device.State.ACTIVE)
    device.save()
    return device


@transaction.atomic
def set_buttons(actor: Actor, *, device: Device, products: Mapping[int, Product]) -> list[DeviceButton]:
    """What each product key of a scale stands for, by its number from 1 to 99; keys left out are free."""
    device = locked(actor, device)
    checks = Checks()
    fits = all(1 <= number <= MOST_BUTTONS for number in products)
    checks.require("number", fits, gettext("Keys are numbered from 1 to 99."))
    checks.done()
    device.buttons.all().delete()
    return DeviceButton.objects.bulk_create(
        DeviceButton(district_id=device.district_id, device=device, number=number, product=product)
        for number, product in sorted(products.items())
    )


def locked(actor: Actor, device: Device) -> Device:
    """The device as it is now, held until the transaction ends; `NotFound` out of reach."""
    found = devices_for(actor).filter(pk=device.pk).select_for_update(of=("self",)).first()
    if found is None:
        raise NotFound
    require_reach(actor, found.market, found.place)
    return found


def require_reach(actor: Actor, market: Market | None, place: Place | None) -> None:
    checks = Checks()
    checks.require("place", market or place, gettext("Say where the device stands."))
    checks.done()
    require(actor, "manage_devices", **({"place": place} if place else {"market": market}))


def _stand(device: Device, market: Market | None, place: Place | None) -> None:
    stands = place or market
    device.district_id, device.place = stands.district_id, place
    device.market = place.market if place else market


def _fill(device: Device, details: Details) -> None:
    checks = Checks()
    checks.require("name", details.name.strip(), gettext("Give the device a name that people will know it by."))
    since, until = details.calibrated_on, details.calibration_ends_on
    checks.require("calibrated_on", not since or since <= clock.now().date(), gettext("This day is still to come."))
    in_order = not (since and until) or since < until
    checks.require("calibration_ends_on", in_order, gettext("The calibration ends before it begins."))
    checks.done()
    device.name, device.serial_no = details.name.strip(), details.serial_no.strip()
    device.calibrated_on, device.calibration_ends_on = since, until
