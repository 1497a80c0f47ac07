"""How closely a test speaks of a batch: of this very batch, of the same source, or not at all (published rule).

Same source means the batch it came from, or one of the same product, origin, source and trade day: born of
the same batch, or brought by the supplier of the same name. Of such a neighbour only 未检出 is borrowed; a
suspicion stays with the goods it was found on.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.db import connection

from traceability.models import Batch

THIS_BATCH, SAME_SOURCE, NOT_TESTED = "this_batch", "same_source", "not_tested"

_SOURCE = """
    SELECT batch.id, batch.district_id, batch.product_id, batch.trade_day, batch.origin_region_id, batch.parent_id,
           batch.place_id, batch.token, COALESCE(supplier.name, intake.supplier_name, '') AS source
      FROM traceability_batch batch
      LEFT JOIN traceability_declaration declaration
        ON declaration.district_id = batch.district_id AND declaration.id = batch.declaration_id
      LEFT JOIN registry_supplier supplier
        ON supplier.district_id = declaration.district_id AND supplier.id = declaration.supplier_id
      LEFT JOIN traceability_intake intake
        ON intake.district_id = batch.district_id AND intake.batch_id = batch.id AND intake.state = 'valid'
"""
_NEAR = f"""
    FROM mine JOIN LATERAL ({_SOURCE}
        WHERE batch.district_id = mine.district_id AND batch.product_id = mine.product_id
          AND batch.trade_day = mine.trade_day AND batch.origin_region_id = mine.origin_region_id
          AND batch.id <> mine.id AND batch.state <> 'void'
    ) near ON near.parent_id = mine.parent_id OR (near.source <> '' AND near.source = mine.source)
"""
_TESTS = f"""
WITH mine AS ({_SOURCE} WHERE batch.id = ANY(%s)),
linked AS (
    SELECT mine.id AS target_id, mine.district_id, mine.id AS batch_id, false AS borrowed FROM mine
    UNION
    SELECT mine.id, mine.district_id, near.id, true {_NEAR}
)
SELECT linked.target_id, linked.borrowed, test.id, product.name AS product, item.name AS item, test.result,
       point.name AS point, test.tested_at, positive.state, positive.branch, positive.confirmed,
       positive.objection_due_at, positive.outcome, positive.published_at, positive.disposed_at, positive.closed_at,
       lab.passed AS lab_passed, lab.issued_on AS lab_on
  FROM linked
  JOIN traceability_rapidtest test ON test.district_id = linked.district_id AND test.batch_id = linked.batch_id
  JOIN registry_product product ON product.code = test.product_id
  JOIN traceability_testitem item ON item.code = test.item_id
  JOIN traceability_testpoint point ON point.district_id = test.district_id AND point.id = test.point_id
  LEFT JOIN traceability_positivecase positive
    ON positive.district_id = test.district_id AND positive.test_id = test.id
  LEFT JOIN LATERAL (
      SELECT passed, issued_on FROM traceability_labreport report
       WHERE report.district_id = positive.district_id AND report.case_id = positive.id
       ORDER BY recorded_at DESC LIMIT 1
  ) lab ON true
 WHERE test.result IN ('negative', 'positive', 'suspect', 'undecided')
   AND (NOT linked.borrowed OR test.result = 'negative')
   AND NOT EXISTS (
       SELECT 1 FROM traceability_positivecase first
        WHERE first.district_id = test.district_id AND first.test_id = test.repeats_id
   )
 ORDER BY linked.borrowed, test.tested_at DESC, test.id DESC
"""  # noqa: S608 - our own words
_IDS = f"WITH mine AS ({_SOURCE} WHERE batch.district_id = %s AND batch.id = %s) SELECT near.id {_NEAR}"


Row = dict[str, Any]


def results_about(batch_ids: Iterable[UUID]) -> dict[UUID, list[Row]]:
    """What was tested of each batch and of its neighbours (`borrowed`), with what became of a positive, in one query:
    its own first, each newest first. The second strip of a positive is part of what became of it."""
    by_batch: dict[UUID, list[Row]] = defaultdict(list)
    with connection.cursor() as cursor:
        cursor.execute(_TESTS, [list(batch_ids)])
        names = [column.name for column in cursor.description]
        for values in cursor.fetchall():
            row = dict(zip(names, values, strict=True))
            by_batch[row["target_id"]].append(row)
    return by_batch


def levels(batches: Iterable[Batch]) -> dict[UUID, str]:
    """For each batch how closely it was tested: itself, its source (a neighbour, or the batch it came from), not."""
    own = {batch.pk: batch.parent_id for batch in batches}
    found = results_about({*own, *filter(None, own.values())})
    return {pk: _level(found[pk], parent is not None and bool(found[parent])) for pk, parent in own.items()}


def _level(found, upstream):
    if any(not test["borrowed"] for test in found):
        return THIS_BATCH
    return SAME_SOURCE if found or upstream else NOT_TESTED


def same_source(batch: Batch) -> list[UUID]:
    """This batch and its neighbours: a test of it speaks of all of them."""
    with connection.cursor() as cursor:
        cursor.execute(_IDS, [batch.district_id, batch.pk])
        return [batch.pk, *(row[0] for row in cursor.fetchall())]
