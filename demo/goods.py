"""What the demo world trades: seasons, origins, usual prices and batch sizes of each product.

Invented, in plausible proportions; nothing in the platform's rules reads it.
"""

import csv
from dataclasses import dataclass
from functools import cache

from demo.names import DATA


@dataclass(frozen=True)
class Trade:
    """`origins` are region codes with their share of a hundred; prices are wholesale, in fen a kilogram."""

    product: str
    months: frozenset[int]
    low_fen_per_kg: int
    high_fen_per_kg: int
    batch_kg: int
    origins: tuple[tuple[str, int], ...]


@cache
def demo_trade() -> tuple[Trade, ...]:
    with (DATA / "trade.csv").open(encoding="utf-8", newline="") as file:
        return tuple(_trade(row) for row in csv.DictReader(file))


def _trade(row):
    return Trade(
        product=row["product"],
        months=_months(row["months"]),
        low_fen_per_kg=int(row["low_fen_per_kg"]),
        high_fen_per_kg=int(row["high_fen_per_kg"]),
        batch_kg=int(row["batch_kg"]),
        origins=tuple(_origin(each) for each in row["origins"].split("|")),
    )


def _months(season):
    """11-4 is November to April."""
    first, last = map(int, season.split("-"))
    return frozenset((first + step - 1) % 12 + 1 for step in range((last - first) % 12 + 1))


def _origin(cell):
    code, _name, share = cell.split(" ")
    return code, int(share)
