"""Photographs of papers for the demo world: they look like papers, and say that they are specimens.

A blank form is typeset once a kind and kept; each photograph then costs the writing, one change of
perspective and one JPEG. The same kind, fields and seed give the same picture.
"""

import functools
import io
import random
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from PIL import Image, ImageChops, ImageDraw, ImageFilter, ImageFont, ImageOps

from kit import typeset
from registry.papers import PaperKind

from . import words
from .paper_forms import FORMS, PaperForm
from .perspective import coefficients

MAX_BYTES = 120_000
_TEMPLATE = Path(__file__).parent / "typst" / "paper.typ"
_LONG, _SHORT = 840, 630
_MARGIN_MM = 12
_POSES = 6
_QUALITIES = (74, 62, 48, 32)
_PEN, _TYPE = (28, 48, 120), (38, 38, 42)
_DESKS = (("#3f2c1c", "#b08a62"), ("#5d6063", "#b4b6b8"), ("#37413c", "#87948d"))


def paper_photo(kind: PaperKind | str, fields: Mapping[str, str], seed: int) -> bytes:
    """A JPEG of at most 120 kB of a filled-in form; KeyError for a kind that has none.

    Fields: product, quantity, origin, supplier, buyer, issuer, address, phone, issued_on, number,
    vehicle, items, result. What is missing stays blank.
    """
    form = FORMS[PaperKind(kind)]
    chance = random.Random(f"{kind}:{seed}")  # noqa: S311 - a picture, not a secret
    sheet = _filled(PaperKind(kind), fields, chance)
    landscape = form.width > form.height
    photo = _photographed(sheet, chance.randrange(_POSES), landscape=landscape)
    return _jpeg(photo)


def _filled(kind: PaperKind, fields: Mapping[str, str], chance: random.Random) -> Image.Image:
    form = FORMS[kind]
    sheet = _blank(kind).copy()
    scale = sheet.width / form.width
    draw = ImageDraw.Draw(sheet)
    ink = _PEN if form.handed else _TYPE
    for slot in _slots(form):
        text = words.plain(fields.get(slot["field"], ""))
        if text:
            room = (slot["w"] - slot["label"] - 4) * scale
            font, text = _fitting(text, room, round(slot["h"] * scale * 0.5))
            x = (slot["x"] + slot["label"] + 2) * scale + chance.uniform(0, 4)
            y = (slot["y"] + slot["h"] / 2) * scale + chance.uniform(-1.5, 1.5)
            draw.text((x, y), text, fill=ink, font=font, anchor="lm")
    if fields.get("number") and not _asks_number(form):
        number = words.plain(fields["number"])
        draw.text(
            ((form.width - 12) * scale, 9 * scale), f"No. {number}", fill=(176, 40, 36), font=_font(14), anchor="rm"
        )
    return sheet


def _asks_number(form: PaperForm) -> bool:
    return any(field == "number" for row in form.rows for _, field, _ in row)


@functools.cache
def _blank(kind: PaperKind) -> Image.Image:
    form = FORMS[kind]
    long_side, short_side = _LONG * 0.92, _SHORT * 0.92
    width, height = (long_side, short_side) if form.width > form.height else (short_side, long_side)
    bottom = form.rows_top + form.row_height * len(form.rows)
    pixels_per_mm = min(width / form.width, height / form.height)
    data = {
        name: getattr(form, name)
        for name in ("title", "subtitle", "width", "height", "opening", "seal", "tint", "accent", "boxed", "frame")
    }
    data |= {
        "slots": _slots(form),
        "clauses": list(form.clauses),
        "clauses_top": bottom + 5,
        "seal_top": min(bottom + 6 + 9 * len(form.clauses), form.height - 46),
        "seal_turn": len(form.title) * 3 - 20,
    }
    drawn = typeset.png(_TEMPLATE, data, ppi=pixels_per_mm * 25.4)
    return Image.open(io.BytesIO(drawn)).convert("RGB")


def _slots(form: PaperForm) -> list[dict[str, Any]]:
    """Every slot with its place in mm: x, y, w, h, and the width of its label."""
    placed = []
    across = form.width - 2 * _MARGIN_MM
    for number, row in enumerate(form.rows):
        x, whole = float(_MARGIN_MM), sum(share for *_, share in row)
        for name, field, share in row:
            w = across * share / whole
            label = min(w * 0.42, 6 + 4.1 * max(4, len(name) if name.isascii() else min(len(name), 7)))
            y = form.rows_top + number * form.row_height
            placed.append({"name": name, "field": field, "x": x, "y": y, "w": w, "h": form.row_height, "label": label})
            x += w
    return placed


def _fitting(text: str, room: float, size: int) -> tuple[ImageFont.FreeTypeFont, str]:
    """A font in which `text` fits `room` pixels; below 11 pixels the text ends with an ellipsis."""
    width = _font(size).getlength(text)
    if width > room:
        size = max(11, int(size * room / width))
    while _font(size).getlength(text) > room and len(text) > 2:
        text = text[:-2] + "…"
    return _font(size), text


@functools.cache
def _font(size: int) -> ImageFont.FreeTypeFont:
    path, index = typeset.font_file()
    return ImageFont.truetype(path, size, index=index)


def _photographed(sheet: Image.Image, pose: int, *, landscape: bool) -> Image.Image:
    canvas = (_LONG, _SHORT) if landscape else (_SHORT, _LONG)
    shape, mask, desk, light = _scene(sheet.size, canvas, pose)
    seen = sheet.transform(canvas, Image.Transform.PERSPECTIVE, shape, Image.Resampling.BILINEAR)
    return ImageChops.multiply(Image.composite(seen, desk, mask), light)


@functools.cache
def _scene(
    sheet: tuple[int, int], canvas: tuple[int, int], pose: int
) -> tuple[tuple[float, ...], Image.Image, Image.Image, Image.Image]:
    """How one pose sees a sheet: the mapping, where paper is, the desk with its shadow, the light."""
    chance = random.Random(f"{sheet}:{canvas}:{pose}")  # noqa: S311 - a picture, not a secret
    corners = _corners(sheet, canvas, chance)
    shape = coefficients(corners, sheet)
    mask = Image.new("L", canvas, 0)
    ImageDraw.Draw(mask).polygon(corners, fill=255)
    mask = mask.filter(ImageFilter.MinFilter(5)).filter(ImageFilter.GaussianBlur(0.8))
    desk = _desk(canvas, chance)
    shadow = ImageChops.offset(mask, 7, 9).filter(ImageFilter.GaussianBlur(9))
    desk = Image.composite(ImageChops.multiply(desk, Image.new("RGB", canvas, (110, 110, 110))), desk, shadow)
    return shape, mask, desk, _light(canvas, chance)


def _corners(sheet: tuple[int, int], canvas: tuple[int, int], chance: random.Random) -> list[tuple[float, float]]:
    """Where the four corners of the sheet fall, clockwise from the top left."""
    scale = 0.955 * min(canvas[0] * 0.98 / sheet[0], canvas[1] * 0.98 / sheet[1])
    w, h = sheet[0] * scale / 2, sheet[1] * scale / 2
    turn = chance.uniform(-0.028, 0.028)
    middle = (canvas[0] / 2, canvas[1] / 2)
    narrow = chance.uniform(0.0, 0.045)
    square = ((-w * (1 - narrow), -h), (w * (1 - narrow), -h), (w, h), (-w, h))
    return [
        (middle[0] + x - y * turn + chance.uniform(-6, 6), middle[1] + y + x * turn + chance.uniform(-6, 6))
        for x, y in square
    ]


def _desk(canvas: tuple[int, int], chance: random.Random) -> Image.Image:
    """Streaks of noise in the colour of wood, steel or stone."""
    small = (canvas[0] // 40, canvas[1])
    streaks = Image.frombytes("L", small, chance.randbytes(small[0] * small[1])).filter(ImageFilter.GaussianBlur(1))
    streaks = streaks.resize(canvas, Image.Resampling.BILINEAR)
    return ImageOps.colorize(streaks, *chance.choice(_DESKS))


def _light(canvas: tuple[int, int], chance: random.Random) -> Image.Image:
    """A lamp on one side, bright there and dimmer away from it, with the grain of a small sensor."""
    fall = Image.linear_gradient("L").rotate(chance.choice((0, 90, 180, 270))).resize(canvas)
    lit = fall.point([200 + 55 * value // 255 for value in range(256)])
    grain = Image.frombytes("L", canvas, chance.randbytes(canvas[0] * canvas[1]))
    grain = grain.filter(ImageFilter.GaussianBlur(0.7)).point([235 + 20 * value // 255 for value in range(256)])
    lit = ImageChops.multiply(lit, grain)
    warmth = chance.uniform(0.93, 1.0)
    return Image.merge(
        "RGB", [lit.point([round(value * tone) for value in range(256)]) for tone in (1.0, 0.99, warmth)]
    )


def _jpeg(photo: Image.Image) -> bytes:
    for quality in _QUALITIES:
        out = io.BytesIO()
        photo.save(out, "JPEG", quality=quality)
        if out.tell() <= MAX_BYTES:
            break
    return out.getvalue()
