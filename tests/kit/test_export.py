"""Ledgers that open in a spreadsheet as they were, and run nothing there."""

import csv
import datetime as dt
import io
import types
from decimal import Decimal

import pytest
from openpyxl import load_workbook

from kit import export

ATTACKS = [
    "=HYPERLINK(0)", "+1", "-1+2", "@SUM(A1)", "\tx", "\rx", "\nx", "\uff1dSUM(A1)", "\uff0b1", "\uff0d1", "\uff20x",
]  # fmt: skip
HEADER = ["日期", "品名", "公斤"]
ROWS = [[dt.date(2026, 11, 22), "青椒", Decimal("12.500")], [None, '带"引号", 逗号\n换行', -3]]


def as_csv(header, rows):
    raw = b"".join(export.csv_lines(header, rows))
    return list(csv.reader(io.StringIO(raw.decode("utf-8-sig"), newline="")))


def as_xlsx(header, rows):
    page = load_workbook(export.xlsx_bytes(header, rows, sheet="台账")).active
    return [list(row) for row in page.iter_rows(values_only=True)]


@pytest.mark.parametrize("text", ATTACKS)
def test_no_text_cell_begins_like_a_formula(text):
    assert as_csv([text], [[text]])[1][0].startswith("'")
    assert as_xlsx([text], [[text]])[1][0].startswith("'")


def test_a_control_character_cannot_hide_the_start_of_a_formula():
    assert export.safe_cell("\x00=1+1") == "'=1+1"


@pytest.mark.parametrize("text", ["青椒", "1=1", "a-b", "", "'quoted"])
def test_ordinary_text_stays_as_it_is(text):
    assert export.safe_cell(text) == text


def test_csv_says_that_it_is_utf8_so_that_excel_shows_chinese():
    assert b"".join(export.csv_lines(HEADER, [])).startswith(b"\xef\xbb\xbf" + "日期".encode())


def test_csv_reads_back_with_commas_quotes_and_line_breaks():
    assert as_csv(HEADER, ROWS) == [HEADER, ["2026-11-22", "青椒", "12.500"], ["", '带"引号", 逗号\n换行', "-3"]]


def test_csv_is_made_row_by_row():
    """A ledger of a year does not have to fit into memory."""

    def rows():
        yield ["first"]
        raise AssertionError("the second row was asked for too early")

    lines = export.csv_lines(["h"], rows())
    assert [next(lines) for _ in range(3)][-1] == b"first\r\n"


def test_a_moment_is_in_local_time_with_its_zone():
    moment = dt.datetime(2026, 11, 21, 21, 40, tzinfo=dt.UTC)
    assert as_csv(["t"], [[moment]])[1] == ["2026-11-22T05:40:00+08:00"]
    assert as_xlsx(["t"], [[moment]])[1] == [dt.datetime(2026, 11, 22, 5, 40)]  # noqa: DTZ001


def test_xlsx_keeps_numbers_as_numbers_and_dates_as_dates():
    (_header, first, second) = as_xlsx(HEADER, ROWS)
    assert first == [dt.datetime(2026, 11, 22), "青椒", 12.5]  # noqa: DTZ001
    assert second[2] == -3


def test_xlsx_takes_text_that_is_too_long_or_not_printable():
    assert as_xlsx(["t"], [["a\x0b\ud800b" + "c" * 40_000]])[1][0].startswith("abcc")


def test_responses_are_private_attachments_with_a_chinese_name():
    plain = export.csv_response("销售台账.csv", HEADER, ROWS)
    book = export.xlsx_response("销售台账.xlsx", HEADER, ROWS, sheet="2026/11")
    for response in (plain, book):
        assert response["Content-Disposition"].startswith("attachment; filename*=utf-8''%E9%94%80")
        assert response["Cache-Control"] == "private, no-store"
    assert isinstance(plain.streaming_content, map | types.GeneratorType)
