"""QR codes in photographs from phones: turned, dim, blurred, far too large."""

import io
from collections.abc import Iterator

from PIL import Image, ImageFilter, ImageOps

from kit import images, qr

_SIDES = (1280, 1600, 640)
_TURNS = (15, 30, 45, 60, 75)


def decode_photo(photo: bytes) -> list[str]:
    """The texts of the QR codes in a photograph; the first rendering of it in which any is found answers.

    Refused as every photograph is: raises images.TooLarge, NotAPicture, TooManyPixels, Unreadable.
    """
    stored = images.reencode(io.BytesIO(photo))
    grey = Image.open(io.BytesIO(stored.content)).convert("L")
    return next((found for found in map(qr.read, _renderings(grey)) if found), [])


def _renderings(grey: Image.Image) -> Iterator[Image.Image]:
    for side in _SIDES:
        yield ImageOps.contain(grey, (side, side), Image.Resampling.LANCZOS)
    even = ImageOps.autocontrast(ImageOps.contain(grey, (1280, 1280)), cutoff=2)
    yield even
    yield even.filter(ImageFilter.UnsharpMask(radius=4, percent=200))
    yield even.filter(ImageFilter.GaussianBlur(1.5))
    for degrees in _TURNS:
        yield even.rotate(degrees, Image.Resampling.BILINEAR, expand=True, fillcolor=255)
