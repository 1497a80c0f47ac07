"""Downstream results by the way their goods came: counted in one query for a whole period."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass

from django.db import connection

# Tests made at stores (canteens, restaurants), the ways their batches came, and how many results went each way.
# The goods of a grower who sells himself come from nowhere else: their way is whole without a declaration.
_WAYS = """
WITH RECURSIVE tested AS (
    SELECT test.batch_id, place.town_id, count(*) AS tests
      FROM traceability_rapidtest test
      JOIN registry_place place ON place.district_id = test.district_id AND place.id = test.place_id
     WHERE test.district_id = %(district)s AND test.tested_at >= %(since)s AND test.tested_at < %(until)s
       AND test.result IN ('negative', 'positive', 'suspect') AND test.repeats_id IS NULL AND place.kind = 'store'
     GROUP BY test.batch_id, place.town_id
), way(leaf, town_id, tests, batch_id, parent_id, district_id, place_id, depth) AS (
    SELECT tested.batch_id, tested.town_id, tested.tests, batch.id, batch.parent_id, batch.district_id,
           batch.place_id, 0
      FROM tested LEFT JOIN traceability_batch batch ON batch.id = tested.batch_id
    UNION ALL
    SELECT way.leaf, way.town_id, way.tests, batch.id, batch.parent_id, batch.district_id,
           batch.place_id, way.depth + 1
      FROM way JOIN traceability_batch batch ON batch.id = way.parent_id
     WHERE way.depth < 64
), walked AS (
    SELECT way.town_id, max(way.tests) AS tests,
           array_agg(DISTINCT place.market_id) FILTER (WHERE way.depth > 0 AND place.market_id IS NOT NULL) AS markets,
           (array_agg(way.batch_id ORDER BY way.depth DESC))[1] AS root_id
      FROM way LEFT JOIN registry_place place ON place.district_id = way.district_id AND place.id = way.place_id
     GROUP BY way.leaf, way.town_id
), ended AS (
    SELECT town_id, markets, root_id, sum(tests) AS tests FROM walked GROUP BY town_id, markets, root_id
)
SELECT ended.town_id, ended.markets, supplier.name, supplier.phone_index, declaration.base_id,
       declaration.id IS NULL AND coalesce(intake.source, '') <> 'self_grown' AS broken, sum(ended.tests)
  FROM ended
  LEFT JOIN traceability_batch root ON root.id = ended.root_id
  LEFT JOIN traceability_declaration declaration
    ON declaration.district_id = root.district_id AND declaration.id = root.declaration_id
  LEFT JOIN LATERAL (
        SELECT source, supplier_id FROM traceability_intake
         WHERE traceability_intake.district_id = root.district_id AND batch_id = root.id
         ORDER BY taken_at DESC LIMIT 1
  ) intake ON declaration.id IS NULL
  LEFT JOIN registry_supplier supplier
    ON supplier.district_id = root.district_id
   AND supplier.id = coalesce(declaration.supplier_id, intake.supplier_id)
 GROUP BY 1, 2, 3, 4, 5, 6
"""

SupplierKey = tuple[str, str]
"""Name and phone index: each trader keeps an own row of the supplier they share."""


@dataclass(frozen=True)
class Way:
    """So many results of one town came by these markets, from this supplier and base."""

    town_id: str
    markets: frozenset[uuid.UUID]
    supplier: SupplierKey | None
    base_id: uuid.UUID | None
    broken: bool
    tests: int


def ways(district_id: str, since: dt.datetime, until: dt.datetime) -> list[Way]:
    """Results at stores of a district from `since` up to `until`. A test tied to no goods has a broken way."""
    with connection.cursor() as cursor:
        cursor.execute(_WAYS, {"district": district_id, "since": since, "until": until})
        return [
            Way(town, frozenset(markets or ()), (name, phone or "") if name else None, base, broken, int(tests))
            for town, markets, name, phone, base, broken, tests in cursor.fetchall()
        ]
