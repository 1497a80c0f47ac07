"""Where goods went and came from: batch → voucher line → child batch."""

from django.db import connection
from django.db.models.expressions import RawSQL

from registry.models import Place
from traceability.models import Batch, Voucher, VoucherLine

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


def pages_about(batch_ids) -> set[str]:
    """The codes whose pages say something of these batches: of whatever came from them, of the places it
    lies at, and of the vouchers it was sold with."""
    reached = with_descendants(batch_ids)
    batches = Batch.objects.filter(pk__in=reached)
    sold = VoucherLine.objects.filter(batch_id__in=reached)
    return {
        *batches.values_list("token", flat=True),
        *Place.objects.filter(pk__in=batches.values("place_id")).values_list("token", flat=True),
        *Voucher.objects.filter(pk__in=sold.values("voucher_id")).values_list("token", flat=True),
    }


def way_to(batch_id, batches) -> list:
    """The batches from the first known one down to this one, in one query; `batches` is the queryset to draw on."""
    found = {batch.pk: batch for batch in batches.filter(pk__in=RawSQL(_UP, [batch_id]))}  # noqa: S611
    way = []
    while batch_id in found:
        way.insert(0, found.pop(batch_id))
        batch_id = way[0].parent_id
    return way
