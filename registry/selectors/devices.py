"""Reads of devices."""

from __future__ import annotations

import datetime as dt
import uuid

from django.db.models import Q, QuerySet

from kit.refusals import NotFound
from registry.actors import Actor
from registry.models import Device
from registry.permissions import VERBS

CALIBRATION_DUE_DAYS = 30
MANAGING = VERBS["manage_devices"] | VERBS["oversee"] | VERBS["keep_platform"]


def devices_for(actor: Actor) -> QuerySet[Device]:
    """The devices of the actor's places, market, town or district, with where they stand."""
    managing = Actor(actor.account_id, actor.name, actor.with_role(*MANAGING))
    return Device.objects.visible_to(managing).select_related("market", "place__market", "place__organisation")


def device_for(actor: Actor, device_id: uuid.UUID) -> Device:
    """Raises NotFound for a missing one and for one out of reach alike."""
    found = devices_for(actor).filter(id=device_id).first()
    if found is None:
        raise NotFound
    return found


def narrowed(
    devices: QuerySet[Device], *, today: dt.date, q: str = "", kind: str = "", state: str = "", due: bool = False
) -> QuerySet[Device]:
    """`q` is part of a name or serial number, or a stall number; `due`: calibration is over soon, or unknown."""
    if q:
        q = q.strip()
        devices = devices.filter(Q(name__icontains=q) | Q(serial_no__icontains=q) | Q(place__stall_no__istartswith=q))
    if kind:
        devices = devices.filter(kind=kind)
    if state:
        devices = devices.filter(state=state)
    if due:
        soon = today + dt.timedelta(days=CALIBRATION_DUE_DAYS)
        devices = devices.filter(Q(calibration_ends_on__lte=soon) | Q(calibration_ends_on__isnull=True))
    return devices.order_by("kind", "name", "id")
