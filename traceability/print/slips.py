"""Sales vouchers on 58 mm paper: a PDF, and the very dots a thermal printer burns."""

import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from PIL import Image

from kit import codes as public_codes
from kit import typeset

from . import codes, words
from .forms import Slip, SlipLine
from .proof import proved_pdf, proved_png

DOTS = 384
_TEMPLATE = Path(__file__).parent / "typst" / "slip.typ"
_PAPER_MARGIN_MM = 5
_DOTS_PER_INCH = 203.2
_INK_BELOW = 150
_BAND_ROWS = 240
_RESET = b"\x1b@"
_FEED_AND_CUT = b"\x1bd\x04\x1dVB\x00"


def slip_pdf(slip: Slip) -> bytes:
    """One page of 58 mm, as long as its lines need. Raises Unreadable."""
    return proved_pdf(typeset.pdf(_TEMPLATE, _data(slip, margin_mm=_PAPER_MARGIN_MM)), [slip.url])


def slip_png(slip: Slip) -> bytes:
    """The slip as the thermal printer shows it, 384 dots wide. Raises Unreadable."""
    out = io.BytesIO()
    _dots(slip).save(out, "PNG")
    return proved_png(out.getvalue(), [slip.url])


def slip_escpos(slip: Slip) -> bytes:
    """The slip as raster bands (GS v 0), a feed and a cut: no printer needs a Chinese font. Raises Unreadable."""
    dots = Image.open(io.BytesIO(slip_png(slip)))
    return b"".join((_RESET, *_bands(dots), _FEED_AND_CUT))


def _dots(slip: Slip) -> Image.Image:
    drawn = typeset.png(_TEMPLATE, _data(slip, margin_mm=0), ppi=_DOTS_PER_INCH)
    grey = Image.open(io.BytesIO(drawn)).convert("L")
    paper = Image.new("L", (DOTS, grey.height), 255)
    paper.paste(grey)
    return paper.point(lambda value: 255 if value >= _INK_BELOW else 0).convert("1")


def _bands(dots: Image.Image) -> Iterator[bytes]:
    for top in range(0, dots.height, _BAND_ROWS):
        rows = min(_BAND_ROWS, dots.height - top)
        band = dots.crop((0, top, DOTS, top + rows)).convert("L").point(lambda value: 255 - value).convert("1")
        yield b"\x1dv0\x00" + (DOTS // 8).to_bytes(2, "little") + rows.to_bytes(2, "little") + band.tobytes()


def _data(slip: Slip, *, margin_mm: int) -> dict[str, Any]:
    total_fen = slip.total_fen
    return {
        "margin": margin_mm,
        "market": words.plain(slip.market),
        "seller": words.plain(slip.seller),
        "stall": words.plain(slip.stall_no),
        "phone": words.plain(slip.seller_phone),
        "sold": words.moment(slip.sold_at),
        "buyer": words.plain(" ".join((slip.buyer, slip.buyer_place, slip.buyer_phone))),
        "reprint": slip.reprint,
        "void": None if slip.void_reason is None else words.plain(slip.void_reason),
        "lines": [_line(line) for line in slip.lines],
        "tested": any(line.test for line in slip.lines),
        "count": f"{len(slip.lines)} 项",
        "total_weight": words.kilos(slip.total_kg),
        "total_amount": "" if total_fen is None else words.yuan(total_fen),
        **codes.printed(slip.url, slip.typed_code),
    }


def _line(line: SlipLine) -> dict[str, str]:
    return {
        "product": words.plain(line.product),
        "origin": words.plain(line.origin),
        "weight": words.kilos(line.weight_kg),
        "batch": public_codes.grouped(line.batch_code),
        "test": words.plain(line.test) or "暂无记录",
        "price": "" if line.unit_price_fen is None else f"{words.yuan(line.unit_price_fen)}/kg",
        "amount": "" if line.amount_fen is None else words.yuan(line.amount_fen),
    }
