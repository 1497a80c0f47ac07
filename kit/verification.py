"""Verifying a sealed ledger: every finding names the row or the seal that is not as it was."""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from kit import clock, seals
from kit.models import Seal, SealLeaf

CHANGED = "changed"
REMOVED = "removed"
INSERTED = "inserted"
SEAL_BROKEN = "seal_broken"
SEAL_MISSING = "seal_missing"
PUBLISHED_DIFFERS = "published_differs"


@dataclass(frozen=True)
class Finding:
    """`row_id` is None when a seal itself is meant."""

    kind: str
    ledger: str
    district_id: str
    seal_number: int | None = None
    row_id: UUID | None = None

    def __str__(self) -> str:
        parts = [self.kind, self.ledger, self.district_id]
        parts += [f"seal {self.seal_number}"] if self.seal_number else []
        parts += [f"row {self.row_id}"] if self.row_id else []
        return " · ".join(parts)


def verify(ledger: seals.Ledger, published: Iterable[Mapping[str, Any]] = ()) -> list[Finding]:
    """Everything wrong with a ledger, in all its districts.

    `published` are roots kept elsewhere, as `seals.published` gave them: they alone help against
    somebody who can rewrite rows and seals together.
    """
    sealed = Seal.objects.filter(ledger=ledger.name).values_list("district_id", flat=True)
    written = ledger.rows().order_by().values_list("district_id", flat=True).distinct()
    districts = sorted({*sealed.distinct(), *written})
    found = [finding for district_id in districts for finding in _district(ledger, district_id)]
    return found + list(_against(ledger, published))


def _district(ledger: seals.Ledger, district_id: str) -> Iterator[Finding]:
    previous: Seal | None = None
    for seal in Seal.objects.filter(district_id=district_id, ledger=ledger.name).order_by("number"):
        expected = previous.number + 1 if previous else 1
        for number in range(expected, seal.number):
            yield Finding(SEAL_MISSING, ledger.name, district_id, number)
        yield from _seal(ledger, seal, previous)
        previous = seal
    yield from _uncovered(ledger, district_id, previous)


def _seal(ledger: seals.Ledger, seal: Seal, previous: Seal | None) -> Iterator[Finding]:
    leaves = list(
        SealLeaf.objects.filter(district_id=seal.district_id, seal_id=seal.pk)
        .order_by("position")
        .values_list("row_id", "digest")
    )
    chained = seal.previous_root == (previous.root if previous else seals.GENESIS)
    whole = len(leaves) == seal.leaf_count
    if not (chained and whole and seal.root == seals.root_of(seal, [digest for _row, digest in leaves])):
        yield Finding(SEAL_BROKEN, ledger.name, seal.district_id, seal.number)
    for start in range(0, len(leaves), seals.BATCH):
        yield from _rows(ledger, seal, previous.cutoff if previous else None, leaves[start : start + seals.BATCH])


def _rows(
    ledger: seals.Ledger, seal: Seal, after: dt.datetime | None, leaves: Sequence[tuple[UUID, str]]
) -> Iterator[Finding]:
    ids = [row_id for row_id, _digest in leaves]
    rows = {row.pk: row for row in ledger.rows().filter(district_id=seal.district_id, pk__in=ids)}
    for row_id, digest in leaves:
        row = rows.get(row_id)
        if row is None:
            kind = REMOVED
        elif seals.digest(ledger, row) != digest:
            kind = CHANGED
        elif after and getattr(row, ledger.moment) <= after:
            kind = INSERTED
        else:
            continue
        yield Finding(kind, ledger.name, seal.district_id, seal.number, row_id)


def _uncovered(ledger: seals.Ledger, district_id: str, last: Seal | None) -> Iterator[Finding]:
    """Rows no seal covers although their time has been sealed, or has long been due."""
    due = last.cutoff if last else clock.now() - seals.LOOK_BACK
    rows = seals.unsealed(ledger, district_id).filter(**{f"{ledger.moment}__lte": due})
    for row_id in rows.values_list("pk", flat=True):
        yield Finding(INSERTED, ledger.name, district_id, row_id=row_id)


def _against(ledger: seals.Ledger, published: Iterable[Mapping[str, Any]]) -> Iterator[Finding]:
    for record in published:
        if record["ledger"] != ledger.name:
            continue
        place = {"district_id": record["district_id"], "number": record["number"]}
        root = Seal.objects.filter(ledger=ledger.name, **place).values_list("root", flat=True).first()
        if root != record["root"]:
            kind = PUBLISHED_DIFFERS if root else SEAL_MISSING
            yield Finding(kind, ledger.name, record["district_id"], record["number"])
