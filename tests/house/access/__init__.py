"""The written table: who may open which address, one file for each room.

Every named URL has one row. A row says who (verbs of `registry.permissions`, or one of PUBLIC,
SIGNED_IN, DEVICES) and, where the address names a thing, which thing of `tests.house.world.World` and
which of OUR people reach it; nobody of the others ever does. A role with the verb but out of reach is
told "not found". Where reading and writing ask for different verbs, the row is a pair (`rows.both`).

To add a row: put the URL's name into the file of its room; if its address has parts, add an entry of
the same name to that file's THINGS that gives them from the world (add what you need to the world).
A method that no row names must be refused.
"""

from tests.house.access import (
    api,
    cases,
    codes,
    desk,
    evaluation,
    gate,
    grabbing,
    on_site,
    places,
    points,
    recalls,
    recording,
    sources,
    stalls,
    trade,
    work_people,
    work_publishing,
)
from tests.house.access.rows import DEVICES, PUBLIC, SIGNED_IN, Row

ROOMS = (
    desk, places, sources, trade, gate, recording, stalls, cases, codes, api, points, evaluation, recalls, on_site,
    grabbing, work_people, work_publishing,
)  # fmt: skip


ROWS: dict[str, tuple[Row, ...]] = {}
THINGS, QUERIES, SENDS = {}, {}, {}
for room in ROOMS:
    for name, row in room.ROWS.items():
        assert name not in ROWS, f"two rows for {name}"
        ROWS[name] = row if isinstance(row, tuple) else (row,)
    THINGS |= getattr(room, "THINGS", {})
    QUERIES |= getattr(room, "QUERIES", {})
    SENDS |= getattr(room, "SENDS", {})

__all__ = ["DEVICES", "PUBLIC", "QUERIES", "ROWS", "SENDS", "SIGNED_IN", "THINGS", "Row"]
