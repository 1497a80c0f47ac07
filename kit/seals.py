"""Seals: what makes an append-only ledger show that nobody touched it.

A seal covers the rows of one ledger and district that no earlier seal covers and that are older than
the lateness. Its root is over their digests and the root before it, so published roots fix the past:

    tree = RFC 6962 tree hash over sha256(0x00 + canonical bytes of a row), rows by moment and id
    root = sha256(0x02 + canonical JSON of {algorithm, cutoff, district_id, leaf_count, ledger,
                                            number, previous_root, sealed_at, tree})

The lateness must exceed the longest writing transaction. A quiet ledger is sealed empty once an hour,
so that a row dated into the quiet is noticed.
"""

import datetime as dt
import hashlib
from collections.abc import Sequence
from typing import Any, Protocol
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Exists, Model, OuterRef, QuerySet

from kit import bulk, clock, jsonsafe, merkle
from kit.models import Seal, SealLeaf

ALGORITHM = "sha256-rfc6962"
GENESIS = "0" * 64
LATENESS = dt.timedelta(minutes=2)
QUIET = dt.timedelta(hours=1)
LOOK_BACK = dt.timedelta(days=1)
BATCH = 2000


class Ledger(Protocol):
    """What kit must know of a ledger. `moment` names the field with the row's database time."""

    name: str
    moment: str

    def rows(self) -> QuerySet[Any]: ...

    def canonical(self, row: Any) -> bytes: ...


@transaction.atomic
def seal(ledger: Ledger, district_id: str, lateness: dt.timedelta = LATENESS) -> Seal | None:
    """Seal what is due; None when nothing is, or when another process is at it."""
    if not _alone(ledger, district_id):
        return None
    now = clock.now()
    cutoff = now - lateness
    last = latest(ledger, district_id)
    if last and cutoff <= last.cutoff:
        return None
    leaves = [(row.pk, digest(ledger, row)) for row in _due(ledger, district_id, cutoff, last)]
    if not leaves and (last is None or now - last.sealed_at < QUIET):
        return None
    made = Seal(
        district_id=district_id,
        ledger=ledger.name,
        number=last.number + 1 if last else 1,
        algorithm=ALGORITHM,
        previous_root=last.root if last else GENESIS,
        leaf_count=len(leaves),
        cutoff=cutoff,
        sealed_at=now,
    )
    made.root = root_of(made, [hexadecimal for _row, hexadecimal in leaves])
    made.save(force_insert=True)
    _keep(made, leaves)
    return made


def digest(ledger: Ledger, row: Model) -> str:
    return merkle.leaf(ledger.canonical(row)).hex()


def root_of(made: Seal, digests: Sequence[str]) -> str:
    """The root that a seal with these leaves has to have."""
    header = {
        "algorithm": made.algorithm,
        "cutoff": made.cutoff,
        "district_id": made.district_id,
        "leaf_count": made.leaf_count,
        "ledger": made.ledger,
        "number": made.number,
        "previous_root": made.previous_root,
        "sealed_at": made.sealed_at,
        "tree": merkle.root([bytes.fromhex(each) for each in digests]),
    }
    return hashlib.sha256(b"\x02" + jsonsafe.canonical(header)).hexdigest()


def latest(ledger: Ledger, district_id: str) -> Seal | None:
    return Seal.objects.filter(district_id=district_id, ledger=ledger.name).order_by("-number").first()


def sealed_until(ledger: Ledger, district_id: str) -> dt.datetime | None:
    last = latest(ledger, district_id)
    return last.cutoff if last else None


def unsealed(ledger: Ledger, district_id: str) -> QuerySet[Any]:
    """Rows that no seal covers, oldest first."""
    leaf = SealLeaf.objects.filter(district_id=district_id, row_id=OuterRef("pk"))
    rows = ledger.rows().filter(~Exists(leaf), district_id=district_id)
    return rows.order_by(ledger.moment, "pk")


def published(seals: QuerySet[Seal]) -> list[dict[str, Any]]:
    """Roots as they are published, ready for JSON."""
    return [
        {
            "algorithm": made.algorithm,
            "ledger": made.ledger,
            "district_id": made.district_id,
            "number": made.number,
            "leaf_count": made.leaf_count,
            "cutoff": made.cutoff.astimezone(dt.UTC).isoformat(),
            "sealed_at": made.sealed_at.astimezone(dt.UTC).isoformat(),
            "previous_root": made.previous_root,
            "root": made.root,
        }
        for made in seals.order_by("ledger", "district_id", "number")
    ]


def _due(ledger: Ledger, district_id: str, cutoff: dt.datetime, last: Seal | None) -> QuerySet[Any]:
    """A row dated long before the last seal stays uncovered for good, and verification names it."""
    due = {f"{ledger.moment}__lte": cutoff}
    if last:
        due[f"{ledger.moment}__gt"] = last.cutoff - LOOK_BACK
    return unsealed(ledger, district_id).filter(**due)


def _keep(made: Seal, leaves: Sequence[tuple[UUID, str]]) -> None:
    for start in range(0, len(leaves), BATCH):
        part = leaves[start : start + BATCH]
        columns = {
            "position": range(start, start + len(part)),
            "row_id": [row_id for row_id, _digest in part],
            "digest": [hexadecimal for _row_id, hexadecimal in part],
        }
        bulk.insert_many(SealLeaf, columns, district_id=made.district_id, seal_id=made.pk)


def _alone(ledger: Ledger, district_id: str) -> bool:
    with connection.cursor() as cursor:
        key = f"seal {ledger.name} {district_id}"
        cursor.execute("SELECT pg_try_advisory_xact_lock(hashtextextended(%s, 0))", [key])
        return cursor.fetchone()[0]
