"""Batch labels of 60 x 40 mm."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from kit import qr, typeset

from . import codes, words
from .forms import BatchLabel
from .proof import proved_pdf, proved_png, proved_svg

_TEMPLATE = Path(__file__).parent / "typst" / "label.typ"
_PNG_PPI = 304.8  # twelve pixels a millimetre


def label_svg(label: BatchLabel) -> str:
    """Raises Unreadable."""
    return proved_svg(typeset.svg(_TEMPLATE, _data([label])), [label.url])


def label_png(label: BatchLabel) -> bytes:
    """720 x 480 pixels. Raises Unreadable."""
    return proved_png(typeset.png(_TEMPLATE, _data([label]), ppi=_PNG_PPI), [label.url])


def labels_pdf(labels: Sequence[BatchLabel]) -> bytes:
    """One label a page, for a label printer. Raises Unreadable."""
    return _pdf(labels, sheet=False)


def labels_a4_pdf(labels: Sequence[BatchLabel]) -> bytes:
    """Twenty-one labels a page. Raises Unreadable."""
    return _pdf(labels, sheet=True)


def _pdf(labels: Sequence[BatchLabel], *, sheet: bool) -> bytes:
    return proved_pdf(typeset.pdf(_TEMPLATE, _data(labels, sheet=sheet)), [label.url for label in labels])


def _data(labels: Sequence[BatchLabel], *, sheet: bool = False) -> dict[str, Any]:
    encode = qr.modules if len(labels) == 1 else qr.quick_modules
    return {"sheet": sheet, "labels": [_label(label, encode) for label in labels]}


def _label(label: BatchLabel, encode: Any) -> dict[str, Any]:
    return {
        "product": words.plain(label.product),
        "origin": words.plain(label.origin),
        "seller": words.plain(label.seller),
        "stall": words.plain(label.stall_no),
        "market": words.plain(label.market),
        "day": words.day(label.trade_day),
        "weight": words.plain(label.weight),
        "evidence": words.plain(label.evidence),
        **codes.printed(label.url, label.typed_code, encode=encode),
    }
