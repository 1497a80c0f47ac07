"""Where goods went and came from: batch → voucher line → child batch."""

from django.db import connection
from django.db.models.expressions import RawSQL

_DOWN = """
WITH RECURSIVE reached(id) AS (
    SELECT unnest(%s::uuid[])
    UNION
    SELECT child.id FROM traceability_batch child JOIN reached ON child.parent_id = reached.id
     WHERE child.state <> 'void'
)
SELECT id FROM reached
"""

_UP = """
WITH RECURSIVE reached(id, depth) AS (
    SELECT %s::uuid, 0
    UNION
    SELECT batch.parent_id, depth + 1 FROM traceability_batch batch JOIN reached ON batch.id = reached.id
     WHERE batch.parent_id IS NOT NULL AND depth < 16
)
SELECT id FROM reached
"""


def with_descendants(batch_ids) -> list:
    """The ids of these batches and of every batch that came from them."""
    with connection.cursor() as cursor:
        cursor.execute(_DOWN, [list(batch_ids)])
        return [row[0] for row in cursor.fetchall()]


def way_to(batch_id, batches) -> list:
    """The batches from the first known one down to this one, in one query; `batches` is the queryset to draw on."""
    found = {batch.pk: batch for batch in batches.filter(pk__in=RawSQL(_UP, [batch_id]))}  # noqa: S611
    way = []
    while batch_id in found:
        way.insert(0, found.pop(batch_id))
        batch_id = way[0].parent_id
    return way
