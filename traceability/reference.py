"""Test items, methods and limits as shipped: readable files in traceability/data, parsed into records. No database.

`verified` says that somebody compared the row with the text of its source; most rows wait for that. A row of a
method or limit is a version: to correct one, ship another that begins later.
"""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from pathlib import Path

from registry.reference import rows

DATA = Path(__file__).parent / "data"
ALL_GOODS = "全部"


@dataclass(frozen=True)
class ItemRecord:
    """`categories` are catalogue codes of the goods the item is meant for."""

    code: str
    name: str
    name_en: str
    group: str
    banned: bool
    categories: tuple[str, ...]
    position: int


@dataclass(frozen=True)
class MethodRecord:
    item: str
    method_no: str
    title: str
    principle: str
    lod: Decimal | None
    unit: str
    source: str
    effective_from: dt.date
    verified: bool

    @property
    def code(self) -> str:
        return f"{self.item}/{self.method_no}/{self.effective_from}"


@dataclass(frozen=True)
class LimitRecord:
    """For one category, one product, or all goods; `goods` is its name, for whoever reads the file."""

    item: str
    category: str | None
    product: str | None
    goods: str
    kind: str
    value: Decimal | None
    unit: str
    source: str
    effective_from: dt.date
    verified: bool

    @property
    def code(self) -> str:
        return f"{self.item}/{self.product or self.category or ''}/{self.effective_from}"


@cache
def items() -> tuple[ItemRecord, ...]:
    return tuple(
        ItemRecord(
            code=row["code"],
            name=row["name"],
            name_en=row["name_en"],
            group=row["group"],
            banned=row["banned"] == "yes",
            categories=tuple(filter(None, row["categories"].split("|"))),
            position=position,
        )
        for position, row in enumerate(rows("test_items.csv", DATA), start=1)
    )


@cache
def methods() -> tuple[MethodRecord, ...]:
    return tuple(
        MethodRecord(
            item=row["item"],
            method_no=row["method_no"],
            title=row["title"],
            principle=row["principle"],
            lod=_number(row["lod"]),
            unit=row["unit"],
            **_version(row),
        )
        for row in rows("test_methods.csv", DATA)
    )


@cache
def limits() -> tuple[LimitRecord, ...]:
    return tuple(
        LimitRecord(
            item=row["item"],
            category=row["category"] or None,
            product=row["product"] or None,
            goods=row["goods"],
            kind=row["kind"],
            value=_number(row["value"]),
            unit=row["unit"],
            **_version(row),
        )
        for row in rows("test_limits.csv", DATA)
    )


def _version(row):
    return {
        "source": row["source"],
        "effective_from": dt.date.fromisoformat(row["effective_from"]),
        "verified": row["verified"] == "yes",
    }


def _number(cell):
    return Decimal(cell) if cell else None
