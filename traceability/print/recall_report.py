"""The report of a recall on paper, as a document to write on, and as a workbook: the same data in all three.

Scope, holders, kilograms by kind, times, effectiveness, and what was done step by step (食品安全法 第63条第4款).
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from docx import Document
from docx.shared import Pt
from openpyxl import Workbook

from kit import typeset
from kit.export import safe_cell

from . import words

_TEMPLATE = Path(__file__).parent / "typst" / "recall.typ"
HOLDER_COLUMNS = ("序", "持有者", "地点", "收到(kg)", "应在库(kg)", "查到(kg)", "处理方式", "回执时间", "说明")
STEP_COLUMNS = ("时间", "事项", "经手人", "说明")


@dataclass(frozen=True, kw_only=True)
class HolderRow:
    name: str
    where: str
    received_kg: Decimal
    expected_kg: Decimal
    found_kg: Decimal | None
    done: str
    answered_at: str
    note: str

    def cells(self, number: int) -> list[Any]:
        return [number, self.name, self.where, self.received_kg, self.expected_kg, self.found_kg, self.done,
                self.answered_at, self.note]  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class RecallReport:
    """Everything is said already, but for kilograms, which stay numbers."""

    title: str
    facts: tuple[tuple[str, str], ...]
    kilos: tuple[tuple[str, Decimal], ...]
    effect: tuple[tuple[str, str], ...]
    holders: tuple[HolderRow, ...]
    steps: tuple[tuple[str, str, str, str], ...]
    printed: str


def report_pdf(report: RecallReport) -> bytes:
    return typeset.pdf(
        _TEMPLATE,
        {
            "title": words.plain(report.title),
            "facts": [[words.plain(text) for text in pair] for pair in (*report.facts, *report.effect)],
            "kilos": [[name, words.kilos(kg)] for name, kg in report.kilos],
            "holder_columns": list(HOLDER_COLUMNS),
            "holders": [
                [_paper(cell) for cell in row.cells(number)] for number, row in enumerate(report.holders, 1)
            ],
            "step_columns": list(STEP_COLUMNS),
            "steps": [[words.plain(text) for text in step] for step in report.steps],
            "printed": report.printed,
        },
    )  # fmt: skip


def report_docx(report: RecallReport) -> bytes:
    document = Document()
    style = document.styles["Normal"]
    style.font.size = Pt(10.5)
    document.add_heading(words.plain(report.title), level=0)
    for title, pairs in (("基本情况", report.facts), ("召回效果", report.effect)):
        document.add_heading(title, level=1)
        _table(document, (), pairs)
    document.add_heading("启动时的数量去向", level=1)
    _table(document, ("去向", "数量"), [(name, words.kilos(kg)) for name, kg in report.kilos])
    document.add_heading("持有者", level=1)
    _table(document, HOLDER_COLUMNS, [row.cells(number) for number, row in enumerate(report.holders, 1)])
    document.add_heading("经过", level=1)
    _table(document, STEP_COLUMNS, report.steps)
    document.add_paragraph(f"打印 {report.printed}")
    return _saved(document)


def _table(document, header, rows) -> None:
    rows = [*([header] if header else []), *rows]
    table = document.add_table(rows=len(rows), cols=len(rows[0]) if rows else 1)
    table.style = "Table Grid"
    for row, cells in zip(table.rows, rows, strict=True):
        for cell, value in zip(row.cells, cells, strict=True):
            cell.text = _paper(value)
    if header:
        for cell in table.rows[0].cells:
            for run in cell.paragraphs[0].runs:
                run.bold = True


def report_xlsx(report: RecallReport) -> bytes:
    book = Workbook(write_only=True)
    summary = [(report.title,), *report.facts, (), ("召回效果",), *report.effect, (), ("启动时的数量去向(kg)",)]
    _sheet(book, "概况", (), [*summary, *report.kilos])
    _sheet(book, "持有者", HOLDER_COLUMNS, [row.cells(number) for number, row in enumerate(report.holders, 1)])
    _sheet(book, "经过", STEP_COLUMNS, report.steps)
    return _saved(book)


def _sheet(book, title, header, rows) -> None:
    sheet = book.create_sheet(title)
    for row in [*([header] if header else []), *rows]:
        sheet.append([safe_cell(cell) if isinstance(cell, str) else cell for cell in row])


def _saved(made) -> bytes:
    file = io.BytesIO()
    made.save(file)
    return file.getvalue()


def _paper(value: Any) -> str:
    if value is None:
        return ""
    return words.kilos(value).removesuffix(" kg") if isinstance(value, Decimal) else words.plain(str(value))
