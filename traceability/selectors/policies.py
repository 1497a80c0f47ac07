"""The policy of a district in force at a moment, or the default."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db.models import QuerySet

from traceability import policies
from traceability.models import Policy


def policy(district_id: str, name: str, at: dt.datetime) -> Any:
    """An instance of `policies.POLICIES[name]`."""
    latest = (
        Policy.objects.filter(district_id=district_id, name=name, effective_from__lte=at)
        .order_by("-effective_from")
        .first()
    )
    return policies.read(name, latest.value if latest else None)


def versions(district_id: str, name: str) -> QuerySet[Policy]:
    """Every version of a rule, the latest to begin first; also those that have not begun yet."""
    found = Policy.objects.filter(district_id=district_id, name=name)
    return found.select_related("made_by").order_by("-effective_from", "-id")
