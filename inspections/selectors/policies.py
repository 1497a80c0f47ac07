"""The rule of a district in force at a moment, or the default."""

from __future__ import annotations

import datetime as dt
from typing import Any

from inspections import work_policies
from inspections.models import WorkPolicy


def policy(district_id: str, name: str, at: dt.datetime) -> Any:
    """An instance of `work_policies.POLICIES[name]`."""
    begun = WorkPolicy.objects.filter(district_id=district_id, name=name, effective_from__lte=at)
    latest = begun.order_by("-effective_from").first()
    return work_policies.read(name, latest.value if latest else None)
