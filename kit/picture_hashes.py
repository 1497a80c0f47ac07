"""Perceptual hashes: two pictures that look alike have hashes that differ in few bits.

A difference hash of 64 bits survives recompression, a smaller size, other light and a watermark; a mirrored picture is
found by its mirrored hash, a cropped one by the hash of the other's centre. Signed, as a bigint column holds it.
"""

from __future__ import annotations

import io
from dataclasses import dataclass

from PIL import Image, ImageOps

SIDE = 8
CENTRE = 0.8
"""How much of each side the centre keeps."""
_SIGN, _RANGE = 1 << 63, 1 << 64


@dataclass(frozen=True)
class PictureHashes:
    plain: int
    mirrored: int
    centre: int


def hashes(content: bytes) -> PictureHashes:
    """Of a JPEG that `kit.images` wrote."""
    with Image.open(io.BytesIO(content), formats=["JPEG"]) as picture:
        picture.draft("L", (256, 256))
        grey = picture.convert("L")
    return PictureHashes(dhash(grey), dhash(ImageOps.mirror(grey)), dhash(centre_of(grey)))


def dhash(grey: Image.Image) -> int:
    """One bit for each pair of neighbours of a 9 x 8 grid: is the left one brighter?"""
    small = grey.resize((SIDE + 1, SIDE), Image.Resampling.LANCZOS)
    rows = [small.crop((0, y, SIDE + 1, y + 1)).tobytes() for y in range(SIDE)]
    bits = 0
    for row in rows:
        for left, right in zip(row, row[1:], strict=False):
            bits = bits << 1 | (left > right)
    return bits - _RANGE if bits >= _SIGN else bits


def centre_of(picture: Image.Image) -> Image.Image:
    across, down = (round(side * (1 - CENTRE) / 2) for side in picture.size)
    return picture.crop((across, down, picture.width - across, picture.height - down))


def distance(one: int, other: int) -> int:
    """How many of the 64 bits differ."""
    return ((one ^ other) % _RANGE).bit_count()
