"""Rows as the API's callers name them: by id, or by a code of the catalogue."""

from __future__ import annotations

import uuid
from typing import Any

from kit.refusals import Invalid, NotFound
from registry.models import Product, Region


def one(rows: Any, row_id: uuid.UUID) -> Any:
    """Raises NotFound for a missing row and for one out of reach alike."""
    found = rows.filter(pk=row_id).first()
    if found is None:
        raise NotFound
    return found


def product(code: str) -> Product:
    found = Product.objects.select_related("category").filter(pk=code, active=True).first()
    if found is None:
        raise Invalid(fields={"product": "unknown"})
    return found


def region(code: str) -> Region:
    found = Region.objects.filter(pk=code).first()
    if found is None:
        raise Invalid(fields={"origin_region": "unknown"})
    return found
