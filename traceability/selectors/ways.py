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
), way(leaf, batch_id, parent_id, depth) AS (
    SELECT batch.id, batch.id, batch.parent_id, 0 FROM traceability_batch batch
     WHERE batch.id IN (SELECT batch_id FROM tested)
    UNION ALL
    SELECT way.leaf, batch.id, batch.parent_id, way.depth + 1
      FROM way JOIN traceability_batch batch ON batch.id = way.parent_id
     WHERE way.depth < 64
), passed AS (
    SELECT way.leaf, array_agg(DISTINCT place.market_id) AS markets
      FROM way JOIN traceability_batch batch ON batch.id = way.batch_id
      JOIN registry_place place ON place.district_id = batch.district_id AND place.id = batch.place_id
     WHERE way.depth > 0 AND place.market_id IS NOT NULL
     GROUP BY way.leaf
), root AS (
    SELECT way.leaf, declaration.id IS NULL AND coalesce(intake.source, '') <> 'self_grown' AS broken,
           coalesce(declaration.supplier_id, intake.supplier_id) AS supplier_id, declaration.base_id
      FROM way JOIN traceability_batch batch ON batch.id = way.batch_id
      LEFT JOIN traceability_declaration declaration
        ON declaration.district_id = batch.district_id AND declaration.id = batch.declaration_id
      LEFT JOIN LATERAL (
            SELECT source, supplier_id FROM traceability_intake
             WHERE traceability_intake.district_id = batch.district_id AND batch_id = batch.id
             ORDER BY taken_at DESC LIMIT 1
      ) intake ON declaration.id IS NULL
     WHERE NOT EXISTS (SELECT FROM way further WHERE further.leaf = way.leaf AND further.depth = way.depth + 1)
)
SELECT tested.town_id, passed.markets, supplier.name, supplier.phone_index, root.base_id,
       coalesce(root.broken, TRUE), sum(tested.tests)
  FROM tested
  LEFT JOIN root ON root.leaf = tested.batch_id
  LEFT JOIN passed ON passed.leaf = tested.batch_id
  LEFT JOIN registry_supplier supplier ON supplier.district_id = %(district)s AND supplier.id = root.supplier_id
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
