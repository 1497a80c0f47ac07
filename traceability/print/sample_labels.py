"""Labels of samples, 50 x 30 mm: they go on a bag, so they say little and are read by a scanner."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from kit import qr, typeset

from . import codes, words
from .forms import SampleLabel
from .proof import proved_pdf, proved_png, proved_svg

_TEMPLATE = Path(__file__).parent / "typst" / "sample.typ"
_PNG_PPI = 304.8  # twelve pixels a millimetre


def label_svg(label: SampleLabel) -> str:
    """Raises Unreadable."""
    return proved_svg(typeset.svg(_TEMPLATE, _data([label])), [label.url])


def label_png(label: SampleLabel) -> bytes:
    """600 x 360 pixels. Raises Unreadable."""
    return proved_png(typeset.png(_TEMPLATE, _data([label]), ppi=_PNG_PPI), [label.url])


def labels_pdf(labels: Sequence[SampleLabel]) -> bytes:
    """One label a page, for a label printer. Raises Unreadable."""
    return _pdf(labels, sheet=False)


def labels_a4_pdf(labels: Sequence[SampleLabel]) -> bytes:
    """Thirty-six labels a page. Raises Unreadable."""
    return _pdf(labels, sheet=True)


def _pdf(labels: Sequence[SampleLabel], *, sheet: bool) -> bytes:
    return proved_pdf(typeset.pdf(_TEMPLATE, _data(labels, sheet=sheet)), [label.url for label in labels])


def _data(labels: Sequence[SampleLabel], *, sheet: bool = False) -> dict[str, Any]:
    encode = qr.modules if len(labels) == 1 else qr.quick_modules
    return {"sheet": sheet, "labels": [_label(label, encode) for label in labels]}


def _label(label: SampleLabel, encode: Any) -> dict[str, Any]:
    return {
        "product": words.plain(label.product),
        "place": words.plain(label.place),
        "point": words.plain(label.point),
        "taken": words.moment(label.sampled_at),
        **codes.printed(label.url, label.typed_code, encode=encode),
    }
