"""The rule of a district in force at a moment, or the default."""

from __future__ import annotations

import datetime as dt
from typing import Any

from inspections import work_policies
from inspections.models import WorkPolicy
from kit.compiled import Compiled


def policy(district_id: str, name: str, at: dt.datetime) -> Any:
    """An instance of `work_policies.POLICIES[name]`."""
    latest = IN_FORCE.first(district_id=district_id, name=name, at=at)
    return work_policies.read(name, latest.value if latest else None)


def _in_force(district_id, name, at):
    begun = WorkPolicy.objects.filter(district_id=district_id, name=name, effective_from__lte=at)
    return begun.order_by("-effective_from")[:1]


IN_FORCE = Compiled(_in_force, district_id="000000", name="-", at=dt.datetime(2000, 1, 1, tzinfo=dt.UTC))
