"""A positive test of a batch with 10,000 descendants: `python -m bench.hold`.

From the tester's press to the commit, through `record_test`, against raw psycopg making the same row changes in one
transaction, each on a family of its own; then whether the pages of all stalls concerned say so within a second.
"""

from __future__ import annotations

import logging
import os
import time
from typing import Any
from uuid import UUID

import django
import psycopg
from psycopg.rows import dict_row
from psycopg.types.json import Jsonb

BENCH = "hold"
SIZE, ROUNDS = 10_000, 3
TIMES_RAW, SECOND = 2.0, 1.0
WARMED = 400
PAUSED = "暂停销售"

COUNTED = ("sample", "rapidtest", "positivecase", "casestep", "hold", "holditem", "traceevent")
SINGLE = ("sample", "rapidtest", "hold", "positivecase")
NOTICE = "registry_notice"

LOCK = "SELECT pg_advisory_xact_lock(1, %s)"
REACHED = """
WITH RECURSIVE reached(id) AS (
    SELECT %s::uuid
    UNION
    SELECT child.id FROM traceability_batch child JOIN reached ON child.parent_id = reached.id
     WHERE child.state <> 'void'
)
SELECT batch.id, batch.place_id FROM reached JOIN traceability_batch batch USING (id)
"""
PAGES = """
SELECT token FROM traceability_batch WHERE id = ANY(%(ids)s)
UNION
SELECT place.token FROM traceability_batch batch JOIN registry_place place ON place.id = batch.place_id
 WHERE batch.id = ANY(%(ids)s)
UNION
SELECT voucher.token FROM traceability_voucherline line
  JOIN traceability_voucher voucher ON voucher.id = line.voucher_id
 WHERE line.batch_id = ANY(%(ids)s)
"""
KEEPERS = """
SELECT DISTINCT account_id FROM registry_grant
 WHERE district_id = %s AND place_id = ANY(%s) AND ended_at IS NULL
   AND role IN ('wholesaler', 'vendor', 'store_manager') ORDER BY account_id
"""


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    logging.disable(logging.INFO)
    from bench import families
    from bench.line import report, sure

    families.prepare()
    trade = families.start_trade()
    roots = families.add_families(trade, 2 * ROUNDS + 1, SIZE)
    first = counts()
    positive(trade, roots[0])
    wanted = difference(first)
    ours, raw, known = [], [], 0.0
    for mine, theirs in zip(roots[1 : ROUNDS + 1], roots[ROUNDS + 1 :], strict=True):
        start = counts()
        raw.append(raw_positive(roots[0], theirs))
        made = difference(start)
        sure(made == wanted, f"raw psycopg changed {made}, the service {wanted}")
        stalls = warmed(mine)
        ours.append(timed(trade, mine))
        known = known or all_know(mine)
    shown, late = first_second(stalls)
    report(BENCH, "positive to commit", min(ours) * 1000, "ms", n=SIZE + 1, limit=min(raw) * 1000 * TIMES_RAW)
    report(BENCH, "every stall's page knows after", known, "s", n=SIZE + 1, limit=SECOND)
    report(BENCH, "pages asked for in the first second that do not say so", late, "pages", n=shown)
    families.empty()
    sure(shown > late == 0, f"{late} of {shown} pages did not say that sale is paused.")


def timed(trade: Any, root: UUID) -> float:
    start = time.perf_counter()
    positive(trade, root)
    return time.perf_counter() - start


def positive(trade: Any, root: UUID) -> None:
    from kit.ids import uuid7
    from registry.selectors.actors import actor_for
    from traceability.models import Batch
    from traceability.services.record_test import record_test

    batch = Batch.objects.select_related("place__market", "product", "origin_region").get(pk=root)
    record_test(
        actor_for(trade.tester), batch=batch, point=trade.point, item=trade.item, result="positive", client_key=uuid7()
    )


def raw_positive(like: UUID, root: UUID) -> float:
    """The rows that the positive of the batch `like` wrote, written for `root`; how long the writing took."""
    from kit.ids import uuid7

    with psycopg.connect(os.environ["DATABASE_URL"], row_factory=dict_row) as raw:
        templates = {name: template(raw, name, like) for name in (*SINGLE, "holditem", "tested", "held", "notice")}
        templates |= {name: templates_of(raw, name, like) for name in ("casestep", "told")}
        place = raw.execute("SELECT place_id FROM traceability_batch WHERE id = %s", [root]).fetchone()
        raw.commit()
        start = time.perf_counter()
        raw.execute(LOCK, [int(templates["hold"]["district_id"])])
        reached = raw.execute(REACHED, [root]).fetchall()
        ids = {name: uuid7() for name in SINGLE}
        keys = {"batch_id": root, "place_id": place["place_id"], "client_key": uuid7(), "label": uuid7().hex[-12:]}
        case = {"case_id": ids["positivecase"]}
        links = {"sample_id": ids["sample"], "test_id": ids["rapidtest"], "hold_id": ids["hold"]}
        for name in SINGLE:
            row = templates[name] | {key: value for key, value in (keys | links).items() if key in templates[name]}
            write(raw, f"traceability_{name}", row | {"id": ids[name]}, id=[ids[name]])
        for step in templates["casestep"]:
            write(raw, "traceability_casestep", step | case, id=[uuid7()])
        batch_ids, places = [each["id"] for each in reached], [each["place_id"] for each in reached]
        write(
            raw, "traceability_holditem", templates["holditem"] | {"hold_id": ids["hold"]}, batch_id=batch_ids,
            inherited=[batch_id != root for batch_id in batch_ids], id=[uuid7() for _ in batch_ids],
        )  # fmt: skip
        write(raw, "traceability_traceevent", templates["tested"], batch_id=[root], id=[uuid7()])
        held = templates["held"] | {"data": templates["held"]["data"] | {"hold_id": str(ids["hold"])}}
        write(
            raw, "traceability_traceevent", held, batch_id=batch_ids, place_id=places, id=[uuid7() for _ in batch_ids]
        )
        found = raw.execute(KEEPERS, [templates["hold"]["district_id"], places]).fetchall()
        keepers = [each["account_id"] for each in found]
        notice = templates["notice"] | {"once_key": f"hold:{ids['hold']}"}
        write(raw, NOTICE, notice, account_id=keepers, id=[uuid7() for _ in keepers])
        for told in templates["told"]:
            write(raw, NOTICE, told | {"once_key": f"case:{uuid7()}"}, id=[uuid7()])
        pages = [each["token"] for each in raw.execute(PAGES, {"ids": batch_ids}).fetchall()]
        raw.execute("UPDATE kit_publiccode SET version = version + 1 WHERE token = ANY(%s)", [pages])
        raw.commit()
        return time.perf_counter() - start


def template(raw: psycopg.Connection, name: str, root: UUID) -> dict[str, Any]:
    """One row of this kind that the positive of `root` wrote."""
    return templates_of(raw, name, root)[0]


def templates_of(raw: psycopg.Connection, name: str, root: UUID) -> list[dict[str, Any]]:
    """The rows of this kind; of those that are many, ten."""
    case = "(SELECT id FROM traceability_positivecase WHERE batch_id = %(root)s)"
    hold = "(SELECT hold_id FROM traceability_positivecase WHERE batch_id = %(root)s)"
    of = {
        "casestep": ("traceability_casestep", f"case_id = {case}"),
        "hold": ("traceability_hold", f"id = {hold}"),
        "tested": ("traceability_traceevent", "batch_id = %(root)s AND kind = 'tested'"),
        "held": ("traceability_traceevent", "batch_id = %(root)s AND kind = 'held'"),
        "told": (NOTICE, f"once_key LIKE '%%' || {case}::text || '%%'"),
        "notice": (NOTICE, f"once_key = 'hold:' || {hold}::text"),
    }
    table, condition = of.get(name, (f"traceability_{name}", "batch_id = %(root)s"))
    return raw.execute(f"SELECT * FROM {table} WHERE {condition} LIMIT 10", {"root": root}).fetchall()  # noqa: S608


def write(raw: psycopg.Connection, table: str, alike: dict[str, Any], **columns: list[Any]) -> None:
    """As many rows as the columns are long, all else alike, with one statement."""
    same = {name: value for name, value in alike.items() if name not in columns}
    names = ", ".join(f'"{name}"' for name in (*columns, *same))
    taken = ", ".join(f"of_{name}" for name in columns)
    types = ", ".join("%s::boolean[]" if isinstance(each[0], bool) else "%s::uuid[]" for each in columns.values())
    raw.execute(
        f"INSERT INTO {table} ({names}) SELECT {', '.join([taken, *['%s'] * len(same)])}"  # noqa: S608
        f" FROM unnest({types}) AS given({taken})",
        [*(Jsonb(each) if isinstance(each, dict) else each for each in same.values()), *columns.values()],
    )


def counts() -> dict[str, int]:
    """Rows of each table, and how often pages were marked to be drawn anew."""
    tables = [*(f"traceability_{name}" for name in COUNTED), NOTICE]
    with psycopg.connect(os.environ["DATABASE_URL"]) as raw:
        rows = {table: raw.execute(f"SELECT count(*) FROM {table}").fetchone()[0] for table in tables}  # noqa: S608
        return rows | {"pages": raw.execute("SELECT sum(version) FROM kit_publiccode").fetchone()[0]}


def difference(before: dict[str, int]) -> dict[str, int]:
    return {table: now - before[table] for table, now in counts().items()}


def warmed(root: UUID) -> list[str]:
    """Tokens of stalls below a batch, whose pages were drawn and kept while all was well."""
    from bench.line import sure
    from traceability.models import Batch
    from traceability.selectors.lineage import with_descendants

    below = Batch.objects.filter(pk__in=with_descendants([root])).order_by("-pk")
    tokens = list(below.values_list("place__token", flat=True)[:WARMED])
    sure(all(PAUSED not in page(token) for token in tokens), "a page said that sale is paused before it was")
    return tokens


def all_know(root: UUID) -> float:
    """After how long every stall's page has another key: what is on hold is asked on every opening."""
    from bench.line import sure
    from kit.models import PublicCode
    from traceability.models import Batch
    from traceability.selectors.lineage import with_descendants
    from traceability.selectors.public_codes import with_held

    start = time.perf_counter()
    places = Batch.objects.filter(pk__in=with_descendants([root])).values("place_id")
    held = with_held("s", PublicCode.objects.filter(kind="s", target_id__in=places)).values_list("held", flat=True)
    sure(all(held), "a stall's page does not know of the pause")
    return time.perf_counter() - start


def first_second(tokens: list[str]) -> tuple[int, int]:
    """How many pages could be asked for within a second of the commit, and how many of them did not say so."""
    start = time.perf_counter()
    shown = late = 0
    for token in tokens:
        if time.perf_counter() - start > SECOND:
            break
        shown += 1
        late += PAUSED not in page(token)
    return shown, late


def page(token: str) -> str:
    from django.conf import settings
    from django.test import Client

    host = next(iter(settings.ALLOWED_HOSTS), "localhost").lstrip("*.") or "localhost"
    return Client(SERVER_NAME=host, HTTP_ACCEPT_LANGUAGE="zh-hans").get(f"/s/{token}").content.decode()


if __name__ == "__main__":
    main()
