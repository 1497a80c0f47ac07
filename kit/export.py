"""Ledgers as CSV and XLSX, a row at a time, safe to open in a spreadsheet.

A cell that a spreadsheet would take for a formula gets an apostrophe before it: somebody else's
name must not run on an officer's computer.
"""

import csv
import datetime as dt
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from typing import Any

from django.http import FileResponse, StreamingHttpResponse
from django.utils import timezone
from django.utils.http import content_disposition_header
from openpyxl import Workbook

BOM = b"\xef\xbb\xbf"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
PRIVATE = "private, no-store"
XLSX_CELL_LIMIT = 32_767

_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")
_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")

Row = Sequence[Any]


def safe_cell(text: str) -> str:
    text = _CONTROLS.sub("", text)
    return "'" + text if text.startswith(_FORMULA_STARTS) else text


def csv_lines(header: Row, rows: Iterable[Row]) -> Iterator[bytes]:
    """RFC 4180 lines in UTF-8, after the mark by which Excel knows UTF-8."""
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer)
    yield BOM
    for row in _with_header(header, rows):
        writer.writerow([_text(cell) for cell in row])
        yield buffer.getvalue().encode()
        buffer.seek(0)
        buffer.truncate()


def xlsx_bytes(header: Row, rows: Iterable[Row], *, sheet: str) -> io.BytesIO:
    """A workbook of one sheet; text stays text, numbers stay numbers."""
    book = Workbook(write_only=True)
    page = book.create_sheet(re.sub(r"[\\/*?:\[\]]", " ", sheet)[:31])
    for row in _with_header(header, rows):
        page.append([_cell(cell) for cell in row])
    file = io.BytesIO()
    book.save(file)
    file.seek(0)
    return file


def csv_response(filename: str, header: Row, rows: Iterable[Row]) -> StreamingHttpResponse:
    response = StreamingHttpResponse(csv_lines(header, rows), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=filename)
    response["Cache-Control"] = PRIVATE
    return response


def xlsx_response(filename: str, header: Row, rows: Iterable[Row], *, sheet: str) -> FileResponse:
    file = xlsx_bytes(header, rows, sheet=sheet)
    response = FileResponse(file, as_attachment=True, filename=filename, content_type=XLSX)
    response["Cache-Control"] = PRIVATE
    return response


def _with_header(header: Row, rows: Iterable[Row]) -> Iterator[Row]:
    yield header
    yield from rows


def _text(value: Any) -> str:
    match value:
        case None:
            return ""
        case Decimal():
            return format(value, "f")
        case bool() | int() | float():
            return str(value)
        case dt.datetime():
            return timezone.localtime(value).isoformat(timespec="seconds")
    return safe_cell(str(value))


def _cell(value: Any) -> Any:
    match value:
        case None | bool() | int() | float() | Decimal():
            return value
        case dt.datetime():
            return timezone.localtime(value).replace(tzinfo=None, microsecond=0)
        case dt.date() | dt.time():
            return value
    return safe_cell(str(value))[:XLSX_CELL_LIMIT]
