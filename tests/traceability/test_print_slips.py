"""The sales voucher on 58 mm paper carries every field the rule asks for."""

import io
from decimal import Decimal

import pytest
from PIL import Image

from kit import codes, qr
from tests.traceability.printed import ODD, pages_of, slip, slip_line, words_of
from traceability.print import slips

NOTE = "快检仅为筛查"


def burnt(data):
    """What a thermal printer makes of ESC/POS: its raster bands below each other."""
    bands, position = [], data.index(b"\x1dv0\x00")
    while data[position : position + 4] == b"\x1dv0\x00":
        across, rows = (int.from_bytes(data[position + 4 + i : position + 6 + i], "little") for i in (0, 2))
        start = position + 8
        position = start + across * rows
        bands.append(Image.frombytes("1", (across * 8, rows), bytes(255 - byte for byte in data[start:position])))
    paper = Image.new("1", (bands[0].width, sum(band.height for band in bands)), 1)
    top = 0
    for band in bands:
        paper.paste(band, (0, top))
        top += band.height
    return paper, data[position:]


def test_the_legal_fields_are_all_on_the_slip():
    sold = slip()

    words = words_of(slips.slip_pdf(sold))

    for fact in (
        sold.market,
        "线椒",
        "广东省佛山市三水区大塘镇",
        "12.5kg",
        "2026-11-2205:40",
        sold.seller,
        "A区12号",
        sold.seller_phone,
        codes.grouped(sold.lines[0].batch_code),
        "未检出有机磷类等3项",
        "¥3.20/kg",
        "¥40.00",
        "阿娟蔬菜档商业城市场蔬菜28",
        codes.grouped(sold.typed_code),
        "sunshine.example",
    ):
        assert fact in words


def test_a_slip_is_58_mm_wide_and_grows_with_its_lines():
    ((_, short, read),) = pages_of(slips.slip_pdf(slip()))
    ((_, long, _),) = pages_of(slips.slip_pdf(slip(lines=tuple(slip_line() for _ in range(30)))))

    assert short[0] == long[0] == 58
    assert long[1] > short[1] + 400
    assert len(read) == 1


def test_the_note_on_screening_stands_only_where_a_test_is_shown():
    assert NOTE in words_of(slips.slip_pdf(slip()))

    untested = words_of(slips.slip_pdf(slip(lines=(slip_line(test=""),))))

    assert NOTE not in untested
    assert "暂无记录" in untested


def test_a_total_is_printed_only_when_every_line_has_an_amount():
    priced, unpriced = slip_line(), slip_line(amount_fen=None, unit_price_fen=None)

    assert slip(lines=(priced, priced)).total_fen == 8000
    assert slip(lines=(priced, unpriced)).total_fen is None
    assert slip(lines=(priced, unpriced)).total_kg == Decimal(25)


def test_a_reprint_says_which_copy_it_is():
    assert "补打" not in words_of(slips.slip_pdf(slip()))
    assert "补打2" in words_of(slips.slip_pdf(slip(reprint=2)))


def test_a_void_slip_says_so_above_and_below_and_still_leads_to_its_page():
    void = slip(void_reason="重量录错")

    ((words, _, read),) = pages_of(slips.slip_pdf(void))

    assert words.replace(" ", "").count("作废") == 3
    assert "重量录错" in words
    assert read == [void.url]


def test_the_preview_is_384_dots_of_pure_black_and_white():
    sold = slip()

    preview = slips.slip_png(sold)

    image = Image.open(io.BytesIO(preview))
    assert (image.width, image.mode) == (384, "1")
    assert qr.decode(preview) == [sold.url]


def test_modules_of_the_slips_code_are_six_dots():
    paper = Image.open(io.BytesIO(slips.slip_png(slip(lines=())))).convert("L")
    (found,) = qr.zxingcpp.read_barcodes(paper)

    side = len(qr.modules(found.text)) * 6
    assert abs(found.position.top_right.x - found.position.top_left.x - side) <= 2


def test_escpos_prints_the_very_dots_of_the_preview_then_feeds_and_cuts():
    sold = slip(lines=tuple(slip_line() for _ in range(6)))

    data = slips.slip_escpos(sold)
    paper, rest = burnt(data)

    assert data.startswith(b"\x1b@")
    assert rest == b"\x1bd\x04\x1dVB\x00"
    assert paper.tobytes() == Image.open(io.BytesIO(slips.slip_png(sold))).tobytes()
    assert qr.read(paper) == [sold.url]


@pytest.mark.parametrize("odd", ODD)
def test_odd_and_long_words_leave_a_slip_readable(odd):
    sold = slip(
        market=odd,
        seller=odd,
        stall_no=odd,
        seller_phone=odd,
        buyer=odd,
        void_reason=odd,
        lines=(slip_line(product=odd, origin=odd, test=odd, weight_kg=Decimal("1234567.125")),),
    )

    assert qr.decode(slips.slip_png(sold)) == [sold.url]
    assert pages_of(slips.slip_pdf(sold))[0][2] == [sold.url]
