"""Photographs from strangers: checked before they are decoded, drawn anew, freed of everything else.

Only the pixels survive. What comes out is a JPEG that this module wrote, so a script, an archive or a
position hidden in what was uploaded ends here. Vector drawings and animations are refused.
"""

import hashlib
import io
import struct
from dataclasses import dataclass
from typing import IO

import pi_heif
from django.utils.translation import gettext_lazy as _
from PIL import Image, ImageOps

from kit.refusals import Invalid

MAX_BYTES = 15 * 1024 * 1024
LONG_EDGE = 1600
QUALITY = 82
CONTENT_TYPE = "image/jpeg"

# What a decoder may need stays under 200 MB: a JPEG is decoded at the scale it is wanted in, the others whole.
MAX_PIXELS = {"JPEG": 51_000_000, "HEIF": 25_000_000, "PNG": 16_000_000, "WEBP": 10_000_000}
HEIF_BRANDS = {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"}
DECODER_ERRORS = (OSError, ValueError, SyntaxError, EOFError, IndexError, RuntimeError, struct.error)

pi_heif.register_heif_opener(thumbnails=False)


class TooLarge(Invalid):
    code = "picture_too_large"
    message = _("This picture is larger than 15 MB. Take it again with a lower resolution.")


class NotAPicture(Invalid):
    code = "not_a_picture"
    message = _("This is not a photograph. Send a JPEG, PNG, WebP or HEIC picture.")


class TooManyPixels(Invalid):
    code = "picture_too_many_pixels"
    message = _("This picture has too many pixels. Take it again with a lower resolution.")


class Unreadable(Invalid):
    code = "picture_unreadable"
    message = _("This picture is damaged or incomplete. Take it again.")


@dataclass(frozen=True)
class StoredImage:
    """A JPEG as it will be kept; `sha256` is of `content`, in hexadecimal."""

    content: bytes
    width: int
    height: int
    sha256: str
    content_type: str = CONTENT_TYPE


def reencode(file: IO[bytes]) -> StoredImage:
    """The picture in `file`, upright, long edge at most 1600 pixels.

    Raises TooLarge, NotAPicture, TooManyPixels or Unreadable.
    """
    raw = _read(file)
    kind = _kind(raw)
    try:
        with Image.open(io.BytesIO(raw), formats=[kind]) as picture:
            if picture.width * picture.height > MAX_PIXELS[kind]:
                raise TooManyPixels
            picture.draft("RGB", (LONG_EDGE, LONG_EDGE))
            return _stored(_flat(ImageOps.exif_transpose(_small(picture))))
    except Image.DecompressionBombError as error:
        raise TooManyPixels from error
    except DECODER_ERRORS as error:
        raise Unreadable from error


def thumbnail(content: bytes, edge: int = 320) -> bytes:
    """A small JPEG of a picture this module wrote."""
    with Image.open(io.BytesIO(content), formats=["JPEG"]) as picture:
        picture.draft("RGB", (edge, edge))
        picture.thumbnail((edge, edge), Image.Resampling.LANCZOS)
        out = io.BytesIO()
        picture.save(out, "JPEG", quality=75)
        return out.getvalue()


def private_name(folder: str, sha256: str) -> str:
    """Where a picture is kept in private storage: `papers/ab/cd/<sha256>.jpg`."""
    return f"{folder}/{sha256[:2]}/{sha256[2:4]}/{sha256}.jpg"


def _read(file: IO[bytes]) -> bytes:
    if (getattr(file, "size", None) or 0) > MAX_BYTES:
        raise TooLarge
    raw = file.read(MAX_BYTES + 1)
    if len(raw) > MAX_BYTES:
        raise TooLarge
    return raw


def _kind(raw: bytes) -> str:
    """The format its first bytes claim; the decoder of that format alone then has to agree."""
    if raw.startswith(b"\xff\xd8\xff"):
        return "JPEG"
    if raw.startswith(b"\x89PNG\r\n\x1a\n"):
        return "PNG"
    if raw[:4] == b"RIFF" and raw[8:12] == b"WEBP":
        return "WEBP"
    if raw[4:8] == b"ftyp" and raw[8:12] in HEIF_BRANDS:
        return "HEIF"
    raise NotAPicture


def _small(picture: Image.Image) -> Image.Image:
    picture.load()
    picture.thumbnail((LONG_EDGE, LONG_EDGE), Image.Resampling.LANCZOS, reducing_gap=2.0)
    return picture


def _flat(picture: Image.Image) -> Image.Image:
    """Without transparency: on white, as paper is."""
    if not picture.has_transparency_data:
        return picture.convert("RGB")
    layer = picture.convert("RGBA")
    paper = Image.new("RGB", layer.size, "white")
    paper.paste(layer, mask=layer)
    return paper


def _stored(picture: Image.Image) -> StoredImage:
    clean = Image.frombytes("RGB", picture.size, picture.tobytes())
    out = io.BytesIO()
    clean.save(out, "JPEG", quality=QUALITY, optimize=True, progressive=True)
    content = out.getvalue()
    return StoredImage(content, clean.width, clean.height, hashlib.sha256(content).hexdigest())
