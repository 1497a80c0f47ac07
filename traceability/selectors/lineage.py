"""Where goods went and came from: batch → voucher line → child batch.

One recursive query finds the ids; everything about them is then asked by district, thousands at a time, so that a
lineage costs the same few queries however far it reaches.
"""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from django.db import connection
from django.db.models import QuerySet
from django.db.models.expressions import RawSQL

from kit import masking
from kit.bulk import any_of
from registry.actors import Actor
from registry.roles import Role
from traceability.lineage import Flow, Graph, Line, Node
from traceability.models import Batch

_DOWN = """
WITH RECURSIVE reached(id) AS (
    SELECT unnest(%s::uuid[])
    UNION
    SELECT child.id FROM traceability_batch child JOIN reached ON child.parent_id = reached.id
     WHERE child.state <> 'void'
)
SELECT id FROM reached
"""

_FLOW = _DOWN.replace(
    "SELECT id FROM reached",
    """SELECT batch.id, batch.district_id, batch.parent_id, batch.place_id, batch.admitted_kg, batch.overdrawn_kg,
       batch.sold_kg, batch.withdrawn_kg, batch.disposed_kg, batch.returned_kg, batch.lost_kg, batch.expires_on
  FROM reached JOIN traceability_batch batch USING (id)""",
)

_PAGES = _DOWN.replace(
    "SELECT id FROM reached",
    """SELECT batch.token FROM reached JOIN traceability_batch batch USING (id)
UNION
SELECT place.token FROM reached JOIN traceability_batch batch USING (id)
  JOIN registry_place place ON place.district_id = batch.district_id AND place.id = batch.place_id
UNION
SELECT voucher.token FROM reached JOIN traceability_voucherline line ON line.batch_id = reached.id
  JOIN traceability_voucher voucher ON voucher.district_id = line.district_id AND voucher.id = line.voucher_id""",
)

_UP = """
WITH RECURSIVE reached(id, depth) AS (
    SELECT %s::uuid, 0
    UNION
    SELECT batch.parent_id, depth + 1 FROM traceability_batch batch JOIN reached ON batch.id = reached.id
     WHERE batch.parent_id IS NOT NULL AND depth < 64
)
SELECT id FROM reached
"""

_DISTRICTS = """
SELECT batch.district_id, batch.id
  FROM unnest(%s::uuid[]) AS wanted(id) JOIN traceability_batch batch ON batch.id = wanted.id
"""

_NODES = """
SELECT batch.id, batch.district_id, batch.parent_id, batch.source_line_id, batch.state, batch.token, product.name,
       batch.trade_day, batch.expires_on, batch.organisation_id, organisation.name,
       organisation.kind = 'natural_person',
       place.id, place.name, place.stall_no, place.business_type, place.town_id, town.name,
       market.id, market.name, market.kind, market.trade_day_starts_at,
       region.full_name, batch.origin_detail,
       batch.admitted_kg, batch.overdrawn_kg, batch.sold_kg, batch.withdrawn_kg, batch.disposed_kg,
       batch.returned_kg, batch.lost_kg, held.since, tested.results
  FROM unnest(%(ids)s::uuid[]) AS wanted(id)
  JOIN traceability_batch batch ON batch.district_id = %(district)s AND batch.id = wanted.id
  JOIN registry_product product ON product.code = batch.product_id
  JOIN registry_organisation organisation ON organisation.id = batch.organisation_id
  JOIN registry_region region ON region.code = batch.origin_region_id
  JOIN registry_place place ON place.district_id = batch.district_id AND place.id = batch.place_id
  JOIN registry_region town ON town.code = place.town_id
  LEFT JOIN registry_market market ON market.district_id = place.district_id AND market.id = place.market_id
  LEFT JOIN (
        SELECT item.batch_id, min(item.placed_at) AS since
          FROM traceability_holditem item
         WHERE item.district_id = %(district)s AND item.released_at IS NULL AND item.batch_id = ANY(%(ids)s::uuid[])
         GROUP BY item.batch_id
       ) held ON held.batch_id = batch.id
  LEFT JOIN (
        SELECT test.batch_id, array_agg(DISTINCT test.result) AS results
          FROM traceability_rapidtest test
         WHERE test.district_id = %(district)s AND test.batch_id = ANY(%(ids)s::uuid[])
         GROUP BY test.batch_id
       ) tested ON tested.batch_id = batch.id
"""

_LINES = """
SELECT line.id, line.district_id, line.batch_id, line.voucher_id, line.weight_kg, line.accepted_kg, line.refused_kg,
       voucher.trade_day, voucher.buyer_place_id, voucher.buyer_district_id, voucher.buyer_organisation_id,
       voucher.buyer_name
  FROM unnest(%(ids)s::uuid[]) AS wanted(id)
  JOIN traceability_voucherline line ON line.district_id = %(district)s AND line.batch_id = wanted.id
  JOIN traceability_voucher voucher ON voucher.district_id = line.district_id AND voucher.id = line.voucher_id
 WHERE voucher.state = 'issued' AND (line.batch_id <> ALL(%(above)s::uuid[]) OR line.id = ANY(%(taken)s::uuid[]))
"""


def with_descendants(batch_ids: Iterable[uuid.UUID]) -> list[uuid.UUID]:
    """The ids of these batches and of every batch that came from them, however deep."""
    with connection.cursor() as cursor:
        cursor.execute(_DOWN, [list(batch_ids)])
        return [row[0] for row in cursor.fetchall()]


def pages_about(batch_ids: Iterable[uuid.UUID]) -> set[str]:
    """The codes whose pages say something of these batches: of whatever came from them, of the places it
    lies at, and of the vouchers it was sold with."""
    return {token for (token,) in _rows(_PAGES, [list(batch_ids)])}


def way_to(batch_id: uuid.UUID, batches: QuerySet[Batch]) -> list[Batch]:
    """The batches from the first known one down to this one, in one query; `batches` is the queryset to draw on."""
    found = {batch.pk: batch for batch in batches.filter(pk__in=RawSQL(_UP, [batch_id]))}  # noqa: S611
    way: list[Batch] = []
    above: uuid.UUID | None = batch_id
    while above in found:
        way.insert(0, found.pop(above))
        above = way[0].parent_id
    return way


def ancestors(batch_id: uuid.UUID) -> list[uuid.UUID]:
    """The ids of the batches it came from, the nearest first."""
    with connection.cursor() as cursor:
        cursor.execute(_UP, [batch_id])
        return [row[0] for row in cursor.fetchall()][1:]


def flow_of(batch_id: uuid.UUID) -> list[Flow]:
    """What came from a batch, itself included, with the kilograms of each: one query."""
    return list(map(Flow._make, _rows(_FLOW, [[batch_id]])))


def lineage_of(batch_id: uuid.UUID) -> Graph:
    """Everything a batch came from and everything that came from it, with its kilograms and who holds them.

    A handful of queries a district, however many batches. Sales of an ancestor to others are not among its lines.
    """
    above = ancestors(batch_id)
    by_district = defaultdict(list)
    for district_id, found in _rows(_DISTRICTS, [[*above, *with_descendants([batch_id])]]):
        by_district[district_id].append(found)
    nodes = {
        node.id: node
        for district_id, ids in by_district.items()
        for node in map(Node._make, _rows(_NODES, {"ids": ids, "district": district_id}))
    }
    taken = [node.source_line_id for node in nodes.values() if node.source_line_id]
    lines = [
        line
        for district_id, ids in by_district.items()
        for line in map(
            Line._make, _rows(_LINES, {"ids": ids, "district": district_id, "above": above, "taken": taken})
        )
    ]
    return Graph(start=batch_id, above=tuple(above), nodes=nodes, lines=lines)


def lineage_for(actor: Actor, batch: Batch) -> Graph:
    """The lineage as far as a person may see it. Officers and auditors trace all of it; a trader sees his own goods
    with their kilograms, whom he bought from and sold to by name, the way back as the public sees it, and of what
    lies further down how many batches there are."""
    graph = lineage_of(batch.pk)
    if actor.has_role(Role.TOWN_OFFICER, Role.DISTRICT_OFFICER, Role.AUDITOR):
        return graph
    seen = set(Batch.objects.visible_to(actor).filter(pk__in=any_of(graph.nodes)).values_list("pk", flat=True))
    kept = {
        node.id: node if node.id in seen else _as_the_public_sees(node)
        for node in graph.nodes.values()
        if node.id in seen or node.parent_id in seen or node.id in graph.above
    }
    bought = {kept[batch_id].source_line_id for batch_id in seen}
    lines = [line for line in graph.lines if line.batch_id in seen or line.id in bought]
    hidden = len(graph.nodes) - len(kept)
    return Graph(graph.start, graph.above, kept, lines, hidden=hidden, seen=frozenset(seen))


def _as_the_public_sees(node: Node) -> Node:
    name = masking.name(node.organisation) if node.is_person else node.organisation
    return node._replace(organisation=name, held_since=None, results=None)


def _rows(sql: str, values: Any) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return cursor.fetchall()
