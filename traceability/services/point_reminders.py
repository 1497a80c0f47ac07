"""到期提醒: training, calibration and kits of test points: a month and a week before they run out, and afterwards."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

from django.db import transaction
from django.urls import reverse

from kit import clock
from registry.services.notices import notify
from traceability.models import TestPoint
from traceability.selectors.test_points import calibration_due, keepers_of, kits_due, training_due

STEPS = (-1, 7, 30)
"""Days left at which somebody is told: over, a week, a month."""


@transaction.atomic
def remind() -> int:
    """Tell the keepers of each point what runs out; each step of each thing once, however often this runs.

    Returns how many things are due.
    """
    today, told = clock.now().date(), 0
    for point, kind, key, until, data in _due(today):
        left = (until - today).days
        step = next(step for step in STEPS if left <= step or step == STEPS[-1])
        said = data | {"point": point.name, "until": until.isoformat(), "over": left < 0}
        notify(
            keepers_of(point), district_id=point.district_id, kind=kind, data=said,
            url=reverse("point", args=[point.pk]), once_key=f"{kind}:{key}:{until}:{step}",
        )  # fmt: skip
        told += 1
    return told


def _due(today: dt.date) -> Iterator[tuple[TestPoint, str, Any, dt.date, dict[str, str]]]:
    at_point = ("point__market", "point__place")
    for staff in training_due(today).select_related("account", *at_point):
        yield staff.point, "training_ending", staff.pk, staff.trained_until, {"name": staff.account.name}
    for placed in calibration_due(today).exclude(device__calibration_ends_on=None).select_related("device", *at_point):
        until = placed.device.calibration_ends_on
        yield placed.point, "calibration_due", placed.device_id, until, {"device": placed.device.name}
    for kit in kits_due(today).select_related("item", *at_point):
        data = {"item": kit.item.name, "brand": kit.brand, "batch_no": kit.batch_no}
        yield kit.point, "kit_expiring", kit.pk, kit.expires_on, data
