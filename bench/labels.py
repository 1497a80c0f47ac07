"""How long printed codes take, decoded as they are offered: `python -m bench.labels`.

A sheet of 240 labels may take ten seconds in a job; somebody waits for a slip at the scale.
"""

import datetime as dt
import statistics
import time
from collections.abc import Callable
from decimal import Decimal

from bench.line import report
from kit import codes, qr
from traceability.print import labels, proof, slips
from traceability.print.forms import BatchLabel, Slip, SlipLine
from traceability.print.paper_forms import FORMS
from traceability.print.papers import paper_photo

BENCH = "labels"
SHEET = 240
SHEET_SECONDS = 10.0
SLIPS = 30
PHOTOS_A_KIND = 10
PRODUCTS = ("线椒", "广东菜心", "有机高山娃娃菜(精品)", "冰鲜罗非鱼", "五花肉")
CAMERA_DPI = (150, 100)


def main() -> None:
    sheet = [_label(number) for number in range(SHEET)]
    for figure, render in (("240 labels on A4", labels.labels_a4_pdf), ("240 labels of 60x40 mm", labels.labels_pdf)):
        seconds, printed = _timed(lambda render=render: render(sheet))
        report(BENCH, figure, seconds, "s", n=SHEET, limit=SHEET_SECONDS)
        for dpi in CAMERA_DPI:
            read = len(proof.texts_of_pages(printed, dpi=dpi) & {label.url for label in sheet})
            report(BENCH, f"{figure}, read at {dpi} dpi", 100 * read / SHEET, "%", n=SHEET)
    for figure, render_slip in (("slip as PDF", slips.slip_pdf), ("slip as ESC/POS", slips.slip_escpos)):
        taken = [_timed(lambda render=render_slip: render(_slip()))[0] * 1000 for _ in range(SLIPS)]
        report(BENCH, f"{figure}, median", statistics.median(taken), "ms", n=SLIPS)
        report(BENCH, f"{figure}, worst", max(taken), "ms", n=SLIPS)
    for figure, encode in (("QR by qrcode", qr.modules), ("QR by zxing-cpp", qr.quick_modules)):
        seconds, _ = _timed(lambda encode=encode: [encode(label.url) for label in sheet])
        report(BENCH, figure, seconds / SHEET * 1000, "ms", n=SHEET)
    _photos()


def _photos() -> None:
    fields = {
        "product": "线椒",
        "quantity": "1,250 kg",
        "origin": "广东省佛山市三水区大塘镇",
        "issued_on": "2026-11-22",
    }
    for seed in range(PHOTOS_A_KIND * 2):
        for kind in FORMS:
            paper_photo(kind, fields, seed)
    n = PHOTOS_A_KIND * len(FORMS)
    seconds, _ = _timed(
        lambda: [paper_photo(kind, fields, 100 + seed) for kind in FORMS for seed in range(PHOTOS_A_KIND)]
    )
    report(BENCH, "demo paper, after the first of its kind", seconds / n * 1000, "ms", n=n)


def _timed(action: Callable[[], object]) -> tuple[float, object]:
    start = time.perf_counter()
    result = action()
    return time.perf_counter() - start, result


def _label(number: int) -> BatchLabel:
    return BatchLabel(
        product=PRODUCTS[number % len(PRODUCTS)],
        origin="广东省佛山市三水区大塘镇",
        seller="陈记蔬菜批发",
        stall_no=f"A区 {number} 号",
        market="百旺城批发市场",
        trade_day=dt.date(2026, 11, 22),
        weight="1,250.5 kg",
        evidence="证据 L2 单据核验",
        url=f"https://sunshine.example/b/{codes.new_token()}",
        typed_code=codes.new_typed_code(),
    )


def _slip() -> Slip:
    line = SlipLine(
        product="线椒",
        origin="广东省佛山市三水区大塘镇",
        weight_kg=Decimal("12.500"),
        batch_code=codes.new_typed_code(),
        test="未检出 有机磷类等 3 项 11-22 04:10",
        unit_price_fen=320,
        amount_fen=4000,
    )
    return Slip(
        market="百旺城批发市场",
        seller="陈记蔬菜批发",
        stall_no="A区 12 号",
        seller_phone="0757-87712345",
        sold_at=dt.datetime.now(dt.UTC),
        lines=(line, line),
        url=f"https://sunshine.example/v/{codes.new_token()}",
        typed_code=codes.new_typed_code(),
        buyer="阿娟蔬菜档",
    )


if __name__ == "__main__":
    main()
