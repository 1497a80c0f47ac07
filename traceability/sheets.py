"""A sheet of results, as CSV or Excel: its columns, its words, and how it is read without trusting it."""

import csv
import datetime as dt
import io
import zipfile
from collections.abc import Iterable, Iterator

from django.utils.translation import gettext_lazy as _
from openpyxl import load_workbook

from kit.refusals import Invalid

COLUMNS = (
    "label", "place", "product", "item", "result", "value", "unit", "method_no", "kit", "tested_at", "purpose", "note"
)  # fmt: skip
HEADER = (
    "样品编号",
    "摊位或单位",
    "品种",
    "检测项目",
    "结果",
    "读数",
    "单位",
    "方法编号",
    "试剂盒批号",
    "检测时间",
    "用途",
    "备注",
)
EXAMPLE = ("", "A12", "辣椒", "PEST_ENZ", "未检出", "", "", "", "", "", "日常自检", "")
RESULTS_READ = {
    "未检出": "negative", "阴性": "negative", "阳性": "positive", "可疑": "suspect", "无效": "invalid",
    "negative": "negative", "positive": "positive", "suspect": "suspect", "invalid": "invalid",
}  # fmt: skip
PURPOSES_READ = {
    "入场快检": "entry", "日常自检": "routine", "监管抽查": "regulator", "你送我检": "citizen",
    "食堂验收": "acceptance", "复检跟踪": "follow_up",
}  # fmt: skip

MOST_BYTES = 1024 * 1024
MOST_UNPACKED = 20 * 1024 * 1024
MOST_ROWS = 500
LONGEST_CELL = 200


class BadSheet(Invalid):
    code = "bad_sheet"
    message = _("This file cannot be read. Use the template, saved as CSV or Excel (.xlsx).")


class SheetTooLarge(BadSheet):
    code = "sheet_too_large"
    message = _("A sheet has at most 500 rows and 1 MB. Split it.")


def read_sheet(content: bytes) -> list[list[str]]:
    """The rows below the header, each with one text a column, empty ones left out at the end. Raises BadSheet."""
    if len(content) > MOST_BYTES:
        raise SheetTooLarge
    rows = _limited(_excel(content) if content[:4] == b"PK\x03\x04" else _comma(content))
    if not rows or tuple(rows[0][: len(HEADER)]) != HEADER:
        raise BadSheet(_("The first row is not that of the template. Copy your rows into the template."))
    body = [row[: len(COLUMNS)] + [""] * (len(COLUMNS) - len(row)) for row in rows[1:]]
    while body and not any(body[-1]):
        body.pop()
    if not body:
        raise BadSheet(_("There is no row below the header."))
    return body


def _limited(rows: Iterable[list[str]]) -> list[list[str]]:
    found = []
    for row in rows:
        found.append(row)
        if len(found) > MOST_ROWS + 1:
            raise SheetTooLarge
    return found


def _comma(content: bytes) -> Iterator[list[str]]:
    """UTF-8, or as Excel in China saves it (GB 18030)."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        try:
            text = content.decode("gb18030")
        except UnicodeDecodeError as error:
            raise BadSheet from error
    try:
        for row in csv.reader(io.StringIO(text, newline=""), strict=True):
            yield [_cell(each) for each in row]
    except csv.Error as error:
        raise BadSheet from error


def _excel(content: bytes) -> Iterator[list[str]]:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            if sum(each.file_size for each in packed.infolist()) > MOST_UNPACKED:
                raise SheetTooLarge
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=True, keep_links=False)
        page = book.worksheets[0]
        for row in page.iter_rows(max_row=MOST_ROWS + 2, max_col=len(COLUMNS), values_only=True):
            yield [_cell(each) for each in row]
    except Invalid:
        raise
    except Exception as error:  # whatever a broken archive makes the reader stumble over
        raise BadSheet from error


def _cell(value: object) -> str:
    """As text; the apostrophe that kept a cell from being a formula is taken off again."""
    if value is None:
        return ""
    if isinstance(value, dt.datetime):
        return f"{value:%Y-%m-%d %H:%M:%S}"
    text = f"{value:.10g}" if isinstance(value, float) else str(value)
    text = "".join(each for each in text.strip() if each.isprintable())
    return text.removeprefix("'")[:LONGEST_CELL]
