"""A QR that we draw can be read: clean, on a phone's screen, and in a poor photograph."""

import io
import xml.etree.ElementTree as ElementTree

import pytest
from PIL import Image, ImageFilter

from kit import images, qr, qr_photos

URL = "https://sunshine.example/b/7K3M9QWX2R5TVB8NA"


def photograph(turn=0.0, scale=6, size=(1500, 2000), blur=0.0, light=(60, 170)):
    """A JPEG of the code lying turned on a grey table, in poor light."""
    dark, bright = light
    code = Image.open(io.BytesIO(qr.png(URL, scale))).convert("L").point(lambda value: bright if value else dark)
    table = Image.new("L", size, 120)
    turned = code.rotate(turn, Image.Resampling.BILINEAR, expand=True, fillcolor=120)
    table.paste(turned, ((size[0] - turned.width) // 2, (size[1] - turned.height) // 3))
    out = io.BytesIO()
    table.filter(ImageFilter.GaussianBlur(blur)).convert("RGB").save(out, "JPEG", quality=80)
    return out.getvalue()


@pytest.mark.parametrize("level", ["L", "M", "Q", "H"])
@pytest.mark.parametrize("encode", [qr.modules, qr.quick_modules])
def test_both_encoders_make_codes_that_read_back(encode, level):
    dark = encode(URL, level)

    image = Image.new("L", (len(dark) + 8, len(dark) + 8), 255)
    for y, row in enumerate(dark):
        for x, module in enumerate(row):
            image.putpixel((x + 4, y + 4), 0 if module else 255)

    assert qr.read(image.resize((image.width * 4, image.height * 4), Image.Resampling.NEAREST)) == [URL]


def test_an_address_with_a_token_stays_within_version_four_at_level_m():
    """29 modules are version 3, 33 version 4: large modules on 58 mm paper."""
    assert len(qr.modules(URL)) <= 33
    assert len(qr.quick_modules(URL)) <= 33


def test_a_png_reads_back_and_has_its_quiet_zone():
    data = qr.png(URL, 5)

    image = Image.open(io.BytesIO(data))
    assert qr.decode(data) == [URL]
    assert image.crop((0, 0, image.width, 4 * 5)).getextrema() == (255, 255)


def test_an_svg_is_one_small_document_whose_text_cannot_break_out():
    drawing = qr.svg('https://sunshine.example/"><script>alert(1)</script>')

    root = ElementTree.fromstring(drawing)  # noqa: S314
    assert [child.tag.rpartition("}")[2] for child in root] == ["path", "path"]
    assert "script" not in drawing
    assert len(drawing) < 12_000


@pytest.mark.parametrize(
    "picture",
    [
        {},
        {"turn": 33},
        {"turn": 180},
        {"blur": 2.5},
        {"light": (40, 75)},
        {"scale": 3, "turn": 12},
        {"size": (3000, 4000), "scale": 14, "turn": -50, "blur": 4},
    ],
)
def test_a_phone_photograph_is_read(picture):
    assert qr_photos.decode_photo(photograph(**picture)) == [URL]


def test_a_photograph_without_a_code_finds_nothing():
    out = io.BytesIO()
    Image.new("RGB", (900, 1200), (120, 90, 60)).save(out, "JPEG")

    assert qr_photos.decode_photo(out.getvalue()) == []


@pytest.mark.parametrize("data", [b"", b"not a picture", b"\x89PNG\r\n\x1a\nbroken", b"%PDF-1.7"])
def test_what_is_no_photograph_is_refused(data):
    with pytest.raises((images.NotAPicture, images.Unreadable)):
        qr_photos.decode_photo(data)
