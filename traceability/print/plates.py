"""Plates of stalls and stores, four on an A4, each with a QR of 60 mm at level Q."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from kit import qr, typeset

from . import codes, words
from .forms import StallPlate, StorePlate
from .proof import proved_pdf

_TEMPLATE = Path(__file__).parent / "typst" / "plate.typ"


def stall_plates_pdf(plates: Sequence[StallPlate]) -> bytes:
    """Raises Unreadable."""
    return _pdf(plates, _stall)


def store_plates_pdf(plates: Sequence[StorePlate]) -> bytes:
    """Raises Unreadable."""
    return _pdf(plates, _store)


def _pdf(plates: Sequence[Any], data: Any) -> bytes:
    printed = [data(plate) | _code(plate) for plate in plates]
    return proved_pdf(typeset.pdf(_TEMPLATE, {"plates": printed}), [plate.url for plate in plates])


def _stall(plate: StallPlate) -> dict[str, Any]:
    return {
        "heading": words.plain(plate.market),
        "title": words.plain(plate.stall_no),
        "title_size": 38,
        "subtitle": words.plain(plate.name),
        "call": "扫码看进货来源和快检",
        "call_en": "Scan to see where the goods came from and how they were tested",
    }


def _store(plate: StorePlate) -> dict[str, Any]:
    return {
        "heading": words.plain(f"一店一码 · {plate.kind}"),
        "title": words.plain(plate.name),
        "title_size": 24,
        "subtitle": words.plain(plate.address),
        "call": "扫码看检查、自查和进货",
        "call_en": "Scan to see inspections, self-checks and purchases",
    }


def _code(plate: StallPlate | StorePlate) -> dict[str, Any]:
    return codes.printed(plate.url, plate.typed_code, level="Q", encode=qr.quick_modules)
