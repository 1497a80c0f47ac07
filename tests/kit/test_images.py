"""Photographs from strangers: only pixels get in."""

import hashlib
import io
import struct
import subprocess
import sys
import zlib
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from kit import images
from kit.refusals import Invalid

HEIC = Path(__file__).with_name("phone.heic")
ORIENTATION, GPS = 0x0112, 0x8825


def picture(size=(40, 30), colour="green", mode="RGB"):
    return Image.new(mode, size, colour)


def encoded(image, kind="JPEG", **options):
    out = io.BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def reencode(raw):
    return images.reencode(io.BytesIO(raw))


def opened(stored):
    return Image.open(io.BytesIO(stored.content))


def png_header(width, height):
    """A PNG that claims a size and has nothing behind it."""
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
        + chunk(b"IDAT", b"")
    )


def chunk(name, data):
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_photograph_becomes_a_jpeg_with_its_own_digest(kind):
    stored = reencode(encoded(picture(), kind))
    assert opened(stored).format == "JPEG"
    assert (stored.width, stored.height, stored.content_type) == (40, 30, "image/jpeg")
    assert stored.sha256 == hashlib.sha256(stored.content).hexdigest()


def test_the_long_edge_is_1600_pixels_at_most():
    assert (lambda s: (s.width, s.height))(reencode(encoded(picture((4000, 3000))))) == (1600, 1200)
    assert (lambda s: (s.width, s.height))(reencode(encoded(picture((300, 3200)), "PNG"))) == (150, 1600)


def test_it_stands_upright_and_has_forgotten_where_it_was_taken():
    exif = Image.Exif()
    exif[ORIENTATION] = 6
    exif[GPS] = {1: "N", 2: (31.0, 17.0, 30.0)}
    raw = encoded(picture((40, 30)), exif=exif, icc_profile=b"secret profile", comment=b"secret comment")
    stored = reencode(raw)
    assert (stored.width, stored.height) == (30, 40)
    assert dict(opened(stored).getexif()) == {}
    assert b"secret" not in stored.content


def test_what_is_transparent_becomes_white_paper():
    stored = reencode(encoded(picture(mode="RGBA", colour=(255, 0, 0, 0)), "PNG"))
    assert all(channel > 250 for channel in opened(stored).getpixel((5, 5)))


@pytest.mark.parametrize("mode", ["1", "L", "P", "LA", "I;16", "CMYK"])
def test_every_kind_of_pixel_is_understood(mode):
    kind = "JPEG" if mode == "CMYK" else "PNG"
    assert opened(reencode(encoded(Image.new(mode, (8, 8)), kind))).mode == "RGB"


def test_what_follows_a_photograph_is_dropped():
    stored = reencode(encoded(picture()) + b"<script>alert(1)</script>PK\x03\x04")
    assert b"script" not in stored.content
    assert b"PK\x03\x04" not in stored.content


def test_of_an_animation_the_first_picture_is_kept():
    frames = [picture(colour="red"), picture(colour="blue")]
    stored = reencode(encoded(frames[0], "WEBP", save_all=True, append_images=frames[1:], lossless=True))
    red, _green, blue = opened(stored).getpixel((5, 5))
    assert red > 200 > 50 > blue


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>",
        b"<?xml version='1.0'?><svg/>",
        b"%PDF-1.7\n\xff\xd8\xff",
        b"GIF89a/*\x00\x00*/=1;alert(1)",
        b"PK\x03\x04" + b"\x00" * 40,
        b"RIFF\x00\x00\x00\x00WAVE",
        b"\x00\x00\x00\x18ftypisom" + b"\x00" * 40,
        b"II*\x00" + b"\x00" * 40,
        b"BM" + b"\x00" * 40,
    ],
)
def test_what_is_not_a_photograph_is_refused_before_any_decoder_sees_it(raw):
    with pytest.raises(images.NotAPicture):
        reencode(raw)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_half_a_photograph_is_refused(kind):
    raw = encoded(Image.effect_noise((200, 200), 80).convert("RGB"), kind)
    with pytest.raises(images.Unreadable):
        reencode(raw[: len(raw) // 2])


@pytest.mark.parametrize(
    "raw",
    [b"\xff\xd8\xff" + b"\x00" * 100, b"RIFF\x00\x00\x00\x00WEBPVP8 ", b"\x00\x00\x00\x18ftypheic" + b"\x00" * 40],
)
def test_a_header_with_nothing_behind_it_is_refused(raw):
    with pytest.raises(images.Unreadable):
        reencode(raw)


@pytest.mark.parametrize("size", [(50_000, 50_000), (4_001, 4_000), (2**31 - 1, 2**31 - 1)])
def test_a_picture_of_too_many_pixels_is_refused_before_it_is_decoded(size):
    with pytest.raises(images.TooManyPixels):
        reencode(png_header(*size))


MEASURE = """
import io, resource, sys
from django.conf import settings
settings.configure()
from kit import images
raw = sys.stdin.buffer.read()
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
images.reencode(io.BytesIO(raw))
print((resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) // 1024)
"""


@pytest.mark.parametrize(
    ("kind", "mode", "size"),
    [("JPEG", "RGB", (8500, 6000)), ("PNG", "RGBA", (4000, 4000)), ("WEBP", "RGBA", (4000, 2500))],
)
def test_the_largest_picture_allowed_needs_less_than_200_mb(kind, mode, size):
    raw = encoded(picture(size, mode=mode), kind, **({"progressive": True} if kind == "JPEG" else {}))
    measured = subprocess.run([sys.executable, "-c", MEASURE], input=raw, capture_output=True, check=True)
    assert int(measured.stdout) < 200


def test_a_file_of_more_than_15_mb_is_refused_unread():
    class Large:
        size = images.MAX_BYTES + 1

        def read(self, _count):
            raise AssertionError("it was read")

    with pytest.raises(images.TooLarge):
        images.reencode(Large())


def test_a_file_that_does_not_tell_its_size_is_read_no_further_than_15_mb():
    with pytest.raises(images.TooLarge):
        reencode(encoded(picture()) + b"\x00" * images.MAX_BYTES)


def test_an_uploaded_file_may_be_handed_over_as_it_is():
    upload = SimpleUploadedFile("../../x.php.jpg", encoded(picture()))
    assert images.reencode(upload).width == 40


def test_the_heic_of_an_iphone_is_understood():
    stored = reencode(HEIC.read_bytes())
    assert opened(stored).format == "JPEG"
    assert (stored.width, stored.height) == (64, 48)


def test_refusals_say_what_to_do():
    for refusal in (images.TooLarge(), images.NotAPicture(), images.TooManyPixels(), images.Unreadable()):
        assert isinstance(refusal, Invalid)
        assert str(refusal.message)


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(["JPEG", "PNG", "WEBP"]), st.data())
def test_a_damaged_file_is_drawn_anew_or_refused_and_nothing_else(kind, data):
    raw = bytearray(encoded(picture(), kind))
    for _ in range(data.draw(st.integers(1, 6))):
        raw[data.draw(st.integers(0, len(raw) - 1))] = data.draw(st.integers(0, 255))
    try:
        stored = reencode(bytes(raw))
    except Invalid:
        return
    assert opened(stored).format == "JPEG"


def test_private_names_spread_over_folders_and_tell_nothing():
    assert images.private_name("papers", "abcd" + "0" * 60) == f"papers/ab/cd/abcd{'0' * 60}.jpg"
