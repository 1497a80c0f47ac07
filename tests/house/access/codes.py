"""Sheets of codes to print."""

from tests.house.access.rows import Rows, page, verbs

ROWS: dict[str, Rows] = {"code_sheet": page(verbs("manage_codes"))}
