"""What a script needs to know of a running demo: addresses, codes, sign-ins, devices (contract: facts)."""

from django.conf import settings

from demo.cast import logins
from registry.models import Device, Place
from traceability.models import Batch, Voucher

SHOWN = 5


def facts() -> dict:
    return {
        "base_url": settings.BASE_URL,
        "codes": {
            "batch": _tokens(Batch.objects.exclude(state="void").order_by("-made_at")),
            "voucher": _tokens(Voucher.objects.order_by("-sold_at")),
            "stall": _tokens(_trading("stall")),
            "store": _tokens(_trading("store")),
        },
        "logins": logins(),
        "devices": _devices(),
    }


def _trading(kind):
    return Place.objects.filter(kind=kind, state="active", intakes__isnull=False).distinct().order_by("id")


def _tokens(rows):
    return list(rows.values_list("token", flat=True)[:SHOWN])


def _devices():
    """The first device of each kind."""
    found = {}
    for device in Device.objects.filter(state="active").order_by("id"):
        found.setdefault(device.kind, {"id": str(device.id), "key": device.key})
    return found
