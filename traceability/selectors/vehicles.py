"""Which declarations a vehicle brought."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

from registry.actors import Actor
from traceability.models import Declaration

SHORTEST = 4
MOST = 10
_SEPARATORS = re.compile(r"[\s\-\u00b7]+")


def declarations_with_plate(actor: Actor, text: str) -> Sequence[Declaration]:
    """The latest declarations whose vehicle's plate holds these characters, four at least."""
    part = _SEPARATORS.sub("", unicodedata.normalize("NFKC", text)).upper()
    if len(part) < SHORTEST:
        return []
    found = Declaration.objects.visible_to(actor).filter(vehicle_plate__contains=part)
    return found.select_related("product", "place").order_by("-declared_at")[:MOST]
