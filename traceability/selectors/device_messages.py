"""What a scale has sent, what of it is missing, and what could not be booked."""

import datetime as dt
import json
from dataclasses import dataclass

from kit import masking
from registry.models import Device
from traceability.models import DeviceGap, SetAsideSale, Voucher

MOST_GAPS = 500


def open_gaps(device: Device) -> list[list[int]]:
    """The numbers below the highest that never came, as [first, last], the lowest first."""
    found = DeviceGap.objects.filter(district_id=device.district_id, device=device).order_by("first")
    return [list(pair) for pair in found.values_list("first", "last")[:MOST_GAPS]]


def gaps_of(device: Device):
    return DeviceGap.objects.filter(district_id=device.district_id, device=device).order_by("first")


def set_aside_of(device: Device):
    return SetAsideSale.objects.filter(district_id=device.district_id, device=device).order_by("-received_at", "-pk")


def flagged_of(device: Device):
    """Its sales that ask for somebody's attention, newest first."""
    sold = Voucher.objects.filter(district_id=device.district_id, device=device)
    return (sold.filter(overdrawn=True) | sold.filter(held_violation=True)).order_by("-recorded_at", "-pk")


@dataclass(frozen=True)
class SetAsideShown:
    """What a set-aside sale says, as far as it can be read. A customer's name and phone are masked."""

    sequence: int
    code: str
    fields: tuple[str, ...]
    received_at: dt.datetime
    sold_at: str
    weights: tuple[str, ...]
    buyer: str


def shown(row: SetAsideSale) -> SetAsideShown:
    sent = json.loads(row.sent)
    lines = sent.get("lines")
    weights = [line.get("weight_kg") for line in lines if isinstance(line, dict)] if isinstance(lines, list) else []
    return SetAsideShown(
        sequence=row.sequence,
        code=row.code,
        fields=tuple(row.fields),
        received_at=row.received_at,
        sold_at=str(sent.get("sold_at", ""))[:40],
        weights=tuple(str(weight)[:20] for weight in weights[:20]),
        buyer=_buyer(sent.get("buyer")),
    )


def _buyer(sent) -> str:
    if not isinstance(sent, dict):
        return ""
    walk_in = sent.get("walk_in")
    if isinstance(walk_in, dict):
        return f"{masking.name(str(walk_in.get('name', '')))} {masking.phone(str(walk_in.get('phone', '')))}".strip()
    return str(sent.get("stall_token") or sent.get("store_token") or "")[:17]
