"""Pictures of the demo world that are no papers: a crate before and after, a sealed bag, a strip. All drawn."""

import hashlib
import io
from functools import cache
from random import Random

from PIL import Image, ImageDraw, ImageFilter

from kit import images

SIZE = (900, 675)
_DESK, _CRATE, _INSIDE = "#8d8f90", "#b98a4d", "#5b4326"
_GREENS = ("#3f7d2f", "#57993f", "#6fae4d", "#2f6427")


def as_stored(content: bytes) -> images.StoredImage:
    """A picture we drew ourselves has nothing to take out of it."""
    with Image.open(io.BytesIO(content)) as picture:
        return images.StoredImage(content, *picture.size, hashlib.sha256(content).hexdigest())


@cache
def crate(number: int, *, full: bool) -> images.StoredImage:
    """Goods in a crate, or the crate when they are gone."""
    chance = Random(number)  # noqa: S311 - a picture
    picture, draw = _sheet()
    draw.rectangle((120, 180, 780, 560), fill=_CRATE, outline=_INSIDE, width=14)
    draw.rectangle((160, 220, 740, 520), fill=_INSIDE)
    for _ in range(160 if full else 0):
        x, y, length = chance.randrange(150, 650), chance.randrange(190, 480), chance.randrange(60, 130)
        draw.ellipse((x, y, x + length, y + 34), fill=chance.choice(_GREENS))
    return _kept(picture)


@cache
def sealed_bag(number: int) -> images.StoredImage:
    """A sample in its bag, with the seal across."""
    picture, draw = _sheet()
    draw.rounded_rectangle((230, 90, 670, 600), radius=30, fill="#dfe6e4", outline="#9fb0ab", width=6)
    for place in range(6):
        x, y = 300 + place * 45, 330 + (number * 37 + place * 53) % 120
        draw.ellipse((x, y, x + 70, 480), fill=_GREENS[place % 4])
    draw.rectangle((190, 150, 710, 230), fill="#f3e9d2", outline="#b3202a", width=8)
    draw.line((210, 190, 690, 190), fill="#b3202a", width=4)
    return _kept(picture)


@cache
def strip(*, positive: bool) -> images.StoredImage:
    """A colloidal-gold card: the control line, and the test line when nothing was found."""
    picture, draw = _sheet()
    draw.rounded_rectangle((120, 240, 780, 430), radius=34, fill="#f7f7f5", outline="#c9cbca", width=5)
    draw.rectangle((340, 290, 600, 380), fill="#fdf3f4", outline="#d9d9d9", width=3)
    draw.line((410, 295, 410, 375), fill="#b0203f", width=12)
    if not positive:
        draw.line((520, 295, 520, 375), fill="#b0203f", width=12)
    return _kept(picture)


def _sheet():
    picture = Image.new("RGB", SIZE, _DESK)
    return picture, ImageDraw.Draw(picture)


def _kept(picture) -> images.StoredImage:
    out = io.BytesIO()
    picture.filter(ImageFilter.GaussianBlur(1.2)).save(out, "JPEG", quality=72)
    return as_stored(out.getvalue())
