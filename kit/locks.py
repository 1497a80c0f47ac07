"""Transaction-scoped advisory locks: of a district's goods, and of one request sent twice.

Whoever moves goods takes the district's goods lock shared, so that sales do not wait for each
other; whoever places a hold takes it exclusive. Nothing can be sold, and no child batch born,
between a hold's look at the lineage and its commit.
"""

from uuid import UUID

from django.db import connection

_GOODS = 1


def share_goods(district_id: str) -> None:
    _lock("pg_advisory_xact_lock_shared", district_id)


def own_goods(district_id: str) -> None:
    _lock("pg_advisory_xact_lock", district_id)


def share_goods_of(*district_ids: str) -> None:
    """For goods that go from one district to another; in order, so that two such ways never wait for each other."""
    for district_id in sorted(set(district_ids)):
        share_goods(district_id)


def one_request(client_key: UUID) -> None:
    """Of two requests with one key the second waits here, and then finds what the first one made."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"request {client_key}"])


def _lock(function, district_id):
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {function}(%s, %s)", [_GOODS, int(district_id)])
