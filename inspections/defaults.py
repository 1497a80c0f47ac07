"""What a district's co-management starts with, as shipped in `inspections/data`: plain data, read once."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

DATA = Path(__file__).parent / "data"


@dataclass(frozen=True)
class Item:
    code: str
    text: str
    key: bool = False
    evidence: str = "none"
    unit: str = ""
    measures: tuple[str, ...] = ()


@dataclass(frozen=True)
class Checklist:
    code: str
    version: int
    audience: str
    title: str
    min_photos: int
    items: tuple[Item, ...]


@dataclass(frozen=True)
class TaskKind:
    code: str
    version: int
    name: str
    group: str
    min_level: int
    kinds: tuple[str, ...]
    course: str
    checklists: tuple[str, ...]
    base_fen: int
    unseen_fen: int
    hours: int
    minutes: int
    min_stay_minutes: int
    hidden: bool = False


@dataclass(frozen=True)
class Course:
    code: str
    version: int
    title: str
    pass_mark: int
    valid_days: int
    material: str
    questions: tuple[Mapping[str, Any], ...]


@cache
def task_kinds() -> tuple[TaskKind, ...]:
    rows = _rows("task_kinds", "kind")
    return tuple(
        TaskKind(**row | {"kinds": tuple(row["kinds"]), "checklists": tuple(row["checklists"])}) for row in rows
    )


@cache
def checklists() -> tuple[Checklist, ...]:
    return tuple(Checklist(**row | {"items": tuple(_item(each) for each in row["items"])})
                 for row in _rows("checklists", "checklist"))  # fmt: skip


@cache
def courses() -> tuple[Course, ...]:
    rows = _rows("courses", "course")
    return tuple(
        Course(**row | {"material": row["material"].strip(), "questions": tuple(row["questions"])}) for row in rows
    )


def _item(row: dict[str, Any]) -> Item:
    return Item(**row | {"measures": tuple(row.get("measures", ()))})


def _rows(file: str, name: str) -> list[dict[str, Any]]:
    return tomllib.loads((DATA / f"{file}.toml").read_text(encoding="utf-8"))[name]
