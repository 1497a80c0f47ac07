"""When a scale was last heard of, and up to when it knows the platform's news."""

import datetime as dt

from registry.models import Device


def note_delta(device: Device, *, at: dt.datetime) -> None:
    Device.objects.filter(district_id=device.district_id, pk=device.pk).update(last_seen_at=at, delta_at=at)
