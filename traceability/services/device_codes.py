"""Voucher codes handed to a scale in advance, so that it can print without a network."""

import hashlib

from django.db import transaction

from kit import clock, jsonsafe, public_codes
from kit.idempotency import DifferentContent
from kit.models import PublicCode
from registry.models import Device
from traceability.models import DeviceMessage
from traceability.services.device_sequences import keep_message, known_message, lock_device

MOST_UNUSED = 2000
KIND = DeviceMessage.Kind.CODES


@transaction.atomic
def reserve_codes(device: Device, *, sequence: int, count: int) -> list[dict[str, str]]:
    """Up to `count` codes, fewer when the device would hold more than 2000 unused ones; the same for
    the same sequence. Raises DifferentContent."""
    device = lock_device(device)
    digest = hashlib.sha256(jsonsafe.canonical({"sequence": sequence, "count": count})).hexdigest()
    if known := known_message(device, sequence):
        if known.kind != KIND or known.content_sha256 != digest:
            raise DifferentContent
        return known.answer["codes"]
    at = clock.now()
    unused = PublicCode.objects.filter(device_id=device.id, state=PublicCode.State.RESERVED).count()
    made = public_codes.reserve("v", device.district_id, device.id, max(0, min(count, MOST_UNUSED - unused)), at)
    issued = [{"token": code.token, "typed_code": code.typed_code} for code in made]
    keep_message(device, sequence=sequence, kind=KIND, content_sha256=digest, answer={"codes": issued}, at=at)
    return issued
