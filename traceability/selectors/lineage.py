"""Where goods went and came from: batch → voucher line → child batch."""

from django.db import connection

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
SELECT id FROM reached ORDER BY depth DESC
"""


def with_descendants(batch_ids) -> list:
    """The ids of these batches and of every batch that came from them."""
    with connection.cursor() as cursor:
        cursor.execute(_DOWN, [list(batch_ids)])
        return [row[0] for row in cursor.fetchall()]


def with_ancestors(batch_id) -> list:
    """The ids from the first known batch down to this one."""
    with connection.cursor() as cursor:
        cursor.execute(_UP, [batch_id])
        return [row[0] for row in cursor.fetchall()]
