"""When a device was last heard of, and up to when a scale knows the platform's news."""

import datetime as dt

from registry.models import Device


def note_delta(device: Device, *, at: dt.datetime) -> None:
    Device.objects.filter(district_id=device.district_id, pk=device.pk).update(last_seen_at=at, delta_at=at)


def note_seen(device: Device, *, at: dt.datetime) -> None:
    Device.objects.filter(district_id=device.district_id, pk=device.pk).update(last_seen_at=at)
