"""Nothing is offered for print before a decoder has read every code on it."""

from collections.abc import Iterable
from pathlib import Path

import pypdfium2

from kit import qr, typeset
from kit.refusals import Conflict

PROOF_DPI = 150
_PICTURE = Path(__file__).parent / "typst" / "picture.typ"


class Unreadable(Conflict):
    """`urls` are the codes that a scanner would not read from this print."""

    code = "unreadable_code"


def proved_pdf(data: bytes, urls: Iterable[str]) -> bytes:
    """`data`, once every address was read from its pages at 150 dpi. Raises Unreadable."""
    _require(urls, texts_of_pages(data))
    return data


def proved_png(data: bytes, urls: Iterable[str]) -> bytes:
    """`data`, once every address was read from it. Raises Unreadable."""
    _require(urls, set(qr.decode(data)))
    return data


def proved_svg(data: str, urls: Iterable[str]) -> str:
    """`data`, once every address was read from it at 150 dpi. Raises Unreadable."""
    proved_png(typeset.png(_PICTURE, {"svg": data}, ppi=PROOF_DPI), urls)
    return data


def texts_of_pages(data: bytes, *, dpi: int = PROOF_DPI) -> set[str]:
    """What a scanner reads from the pages of a PDF."""
    found: set[str] = set()
    with pypdfium2.PdfDocument(data) as document:
        for page in document:
            bitmap = page.render(scale=dpi / 72, grayscale=True)
            found.update(qr.read(bitmap.to_pil()))
            bitmap.close()
            page.close()
    return found


def _require(urls: Iterable[str], found: set[str]) -> None:
    missing = tuple(url for url in urls if url not in found)
    if missing:
        raise Unreadable(urls=missing)
