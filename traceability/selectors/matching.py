"""Which goods a test speaks of (the published rule: same seller, product and trade day)."""

from __future__ import annotations

import datetime as dt

from registry.models import Place, Product
from traceability.models import Batch


def batch_by_rule(place: Place, product: Product, day: dt.date) -> Batch | None:
    """The one batch of this seller, product and trade day; two of them cannot be told apart, so neither is it."""
    found = list(
        Batch.objects.filter(
            district_id=place.district_id, place=place, organisation_id=place.organisation_id, product=product,
            trade_day=day,
        )
        .exclude(state=Batch.State.VOID)
        .select_related("origin_region")[:2]
    )  # fmt: skip
    return found[0] if len(found) == 1 else None
