"""Transaction-scoped advisory locks of a district.

Whoever moves goods takes the district's goods lock shared, so that sales do not wait for each
other; whoever places a hold takes it exclusive. Nothing can be sold, and no child batch born,
between a hold's look at the lineage and its commit.
"""

from django.db import connection

_GOODS = 1


def share_goods(district_id: str) -> None:
    _lock("pg_advisory_xact_lock_shared", district_id)


def own_goods(district_id: str) -> None:
    _lock("pg_advisory_xact_lock", district_id)


def _lock(function, district_id):
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {function}(%s, %s)", [_GOODS, int(district_id)])
