"""How long a trace takes, forward and backward: `python -m bench.trace`.

Each figure is the selector's quickest against the bare recursive query in raw psycopg in the same run, then against its
own time before the district's data grew tenfold.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from typing import Any
from uuid import UUID

import django
import psycopg

BENCH = "trace"
SIZE, ROUNDS = 10_000, 15
BACKGROUND = 2
"""Families of a thousand batches beside the one traced; nine times as many come on top."""

TIMES_BARE, TIMES_OWN = 2.0, 1.2

FORWARD = """
WITH RECURSIVE reached(id) AS (
    SELECT %s::uuid
    UNION
    SELECT child.id FROM traceability_batch child JOIN reached ON child.parent_id = reached.id
     WHERE child.state <> 'void'
)
SELECT id FROM reached
"""
FORWARD_KILOS = FORWARD.replace(
    "SELECT id FROM reached",
    """SELECT batch.id, batch.district_id, batch.parent_id, batch.place_id, batch.admitted_kg, batch.overdrawn_kg,
    batch.sold_kg, batch.withdrawn_kg, batch.disposed_kg, batch.returned_kg, batch.lost_kg, batch.expires_on
    FROM reached JOIN traceability_batch batch USING (id)""",
)
BACKWARD = """
WITH RECURSIVE reached(id) AS (
    SELECT %s::uuid
    UNION
    SELECT batch.parent_id FROM traceability_batch batch JOIN reached ON batch.id = reached.id
     WHERE batch.parent_id IS NOT NULL
)
SELECT id FROM reached
"""


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    from bench import families
    from bench.line import report

    families.prepare()
    trade = families.start_trade()
    (root,) = families.add_families(trade, 1, SIZE)
    families.add_families(trade, BACKGROUND, 1000)
    before = measure(root, report, "")
    for _ in range(9):
        families.add_families(trade, BACKGROUND + SIZE // 1000, 1000)
    after = measure(root, report, ", ten times the data")
    for figure, took in after.items():
        report(
            BENCH, f"{figure}, ten times the data against its own time", took, "ms", n=ROUNDS,
            limit=before[figure] * TIMES_OWN,
        )  # fmt: skip
    families.empty()


def measure(root: UUID, report: Callable[..., None], when: str) -> dict[str, float]:
    from bench.line import sure
    from traceability.models import Batch
    from traceability.selectors.lineage import ancestors, flow_of, lineage_of, with_descendants

    deepest = Batch.objects.filter(parent_id__in=Batch.objects.filter(parent_id=root).values("pk")).first()
    taken: dict[str, float] = {}
    with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as raw:
        for figure, ours, bare in (
            ("forward", lambda: with_descendants([root]), lambda: rows(raw, FORWARD, root)),
            ("forward with kilos", lambda: flow_of(root), lambda: rows(raw, FORWARD_KILOS, root)),
            ("backward", lambda: [deepest.pk, *ancestors(deepest.pk)], lambda: rows(raw, BACKWARD, deepest.pk)),
        ):
            found, wanted = ours(), bare()
            sure(len(found) == len(wanted), f"{figure}: {len(found)} batches, not {len(wanted)}")
            taken[figure], limit = together(ours, bare)
            report(BENCH, figure + when, taken[figure], "ms", n=len(found), limit=limit * TIMES_BARE)
    drawn = "forward with places, lines, holds and tests"
    taken[drawn], _ = together(lambda: lineage_of(root), lambda: None)
    report(BENCH, drawn + when, taken[drawn], "ms", n=SIZE + 1)
    return taken


def together(ours: Callable[[], Any], bare: Callable[[], Any]) -> tuple[float, float]:
    """The quickest of each, measured in turn so that the machine's moods meet both alike."""
    took: tuple[list[float], list[float]] = ([], [])
    for _ in range(ROUNDS):
        for times, call in zip(took, (ours, bare), strict=True):
            start = time.perf_counter()
            call()
            times.append((time.perf_counter() - start) * 1000)
    return min(took[0]), min(took[1])


def rows(raw: psycopg.Connection, sql: str, batch_id: UUID) -> list[tuple[Any, ...]]:
    return raw.execute(sql, [batch_id]).fetchall()


if __name__ == "__main__":
    main()
