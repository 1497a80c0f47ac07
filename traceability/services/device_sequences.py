"""Which of a device's numbers have come, and which are missing.

Everything here happens with the device's row locked, so that messages of one device are taken one
after the other, in whatever order they come.
"""

import datetime as dt

from django.db import transaction
from django.urls import reverse

from kit import clock
from registry.models import Device
from traceability.models import DeviceGap, DeviceMessage
from traceability.services.news import tell_market

PATIENCE = dt.timedelta(minutes=10)
"""How long a gap may stay open before the market's manager is told: messages overtake each other."""


def lock_device(device: Device) -> Device:
    return (
        Device.objects.select_related("place__market", "place__organisation", "market")
        .select_for_update(of=("self",), no_key=True)
        .get(district_id=device.district_id, pk=device.pk)
    )


def known_message(device: Device, sequence: int) -> DeviceMessage | None:
    return DeviceMessage.objects.filter(district_id=device.district_id, device=device, sequence=sequence).first()


def keep_message(device: Device, *, sequence, kind, content_sha256, answer, at) -> None:
    """Remember a number with its answer, and what it says about the numbers before it."""
    DeviceMessage.objects.create(
        district_id=device.district_id,
        device=device,
        sequence=sequence,
        kind=kind,
        content_sha256=content_sha256,
        received_at=at,
        answer=answer,
    )
    if sequence > device.last_sequence:
        if sequence > device.last_sequence + 1:
            _open_gap(device, device.last_sequence + 1, sequence - 1, at)
        device.last_sequence = sequence
    else:
        _narrow_gap(device, sequence)
    Device.objects.filter(district_id=device.district_id, pk=device.pk).update(
        last_sequence=device.last_sequence, last_seen_at=at
    )


@transaction.atomic
def tell_gaps() -> int:
    """Tell the market's managers of gaps that stay open; returns how many there were."""
    at = clock.now()
    due = (
        DeviceGap.objects.filter(told_at__isnull=True, noticed_at__lte=at - PATIENCE)
        .select_related("device__market", "device__place__market")
        .select_for_update(of=("self",), skip_locked=True)
        .order_by("noticed_at", "pk")[:500]
    )
    told = list(due)
    for gap in told:
        if market := market_of(gap.device):
            tell_market(
                market, "scale_gap",
                {"device": gap.device.name, "first": gap.first, "last": gap.last, "count": gap.last - gap.first + 1},
                url=reverse("device_messages", args=[gap.device_id]), once_key=f"gap:{gap.id}",
            )  # fmt: skip
    DeviceGap.objects.filter(pk__in=[gap.pk for gap in told]).update(told_at=at)
    return len(told)


def market_of(device: Device):
    return device.market or (device.place and device.place.market)


def _open_gap(device, first, last, at, told_at=None):
    DeviceGap.objects.create(
        district_id=device.district_id, device=device, first=first, last=last, noticed_at=at, told_at=told_at
    )


def _narrow_gap(device, sequence):
    """A missing number has come: what is left of its gap are the numbers before and after it."""
    found = DeviceGap.objects.filter(
        district_id=device.district_id, device=device, first__lte=sequence, last__gte=sequence
    )
    for gap in list(found):
        gap.delete()
        if gap.first < sequence:
            _open_gap(device, gap.first, sequence - 1, gap.noticed_at, gap.told_at)
        if sequence < gap.last:
            _open_gap(device, sequence + 1, gap.last, gap.noticed_at, gap.told_at)
