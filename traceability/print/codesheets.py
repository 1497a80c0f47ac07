"""One A4 of live codes, to try the platform with a phone."""

from pathlib import Path
from typing import Any

from kit import qr, typeset

from . import codes, words
from .forms import CodeSheet, SheetCode
from .proof import proved_pdf

_TEMPLATE = Path(__file__).parent / "typst" / "codesheet.typ"


def code_sheet_pdf(sheet: CodeSheet) -> bytes:
    """Twelve codes a page. Raises Unreadable."""
    data = {
        "title": words.plain(sheet.title),
        "note": words.plain(sheet.note),
        "codes": [_code(code) for code in sheet.codes],
    }
    return proved_pdf(typeset.pdf(_TEMPLATE, data), [code.url for code in sheet.codes])


def _code(code: SheetCode) -> dict[str, Any]:
    return {
        "kind": words.plain(code.kind),
        "title": words.plain(code.title),
        "detail": words.plain(code.detail),
        **codes.printed(code.url, code.typed_code, encode=qr.quick_modules),
    }
