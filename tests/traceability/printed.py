"""The smallest legal forms, and what is needed to look at what was printed."""

import datetime as dt
from decimal import Decimal

import pypdfium2

from kit import codes, qr
from traceability.print import forms

NOW = dt.datetime(2026, 11, 21, 21, 40, tzinfo=dt.UTC)
ODD = (
    "#*$\\\"'`<script>alert(1)</script>",
    "番茄😀🍅\u202e反转\u0000\n换行",
    "内蒙古自治区锡林郭勒盟西乌珠穆沁旗巴拉嘎尔高勒镇第三农牧业专业合作社联合社供应链管理有限公司" * 3,
    "x" * 300,
    "",
)


def code(kind):
    return {"url": f"https://sunshine.example/{kind}/{codes.new_token()}", "typed_code": codes.new_typed_code()}


def batch_label(**given):
    fields = {
        "product": "线椒",
        "origin": "广东省佛山市三水区大塘镇",
        "seller": "陈记蔬菜批发",
        "stall_no": "A区 12 号",
        "market": "百旺城批发市场",
        "trade_day": dt.date(2026, 11, 22),
        "weight": "1,250.5 kg",
        "evidence": "证据 L2 单据核验",
    }
    return forms.BatchLabel(**fields | code("b") | given)


def stall_plate(**given):
    return forms.StallPlate(**{"market": "商业城市场", "stall_no": "蔬菜 28", "name": "阿娟蔬菜档"} | code("s") | given)


def store_plate(**given):
    fields = {"name": "实验幼儿园食堂", "address": "人民三路 18 号", "kind": "学校食堂"}
    return forms.StorePlate(**fields | code("d") | given)


def slip_line(**given):
    fields = {
        "product": "线椒",
        "origin": "广东省佛山市三水区大塘镇",
        "weight_kg": Decimal("12.500"),
        "batch_code": codes.new_typed_code(),
        "test": "未检出 有机磷类等 3 项 11-22 04:10",
        "unit_price_fen": 320,
        "amount_fen": 4000,
    }
    return forms.SlipLine(**fields | given)


def slip(**given):
    fields = {
        "market": "百旺城批发市场",
        "seller": "陈记蔬菜批发",
        "stall_no": "A区 12 号",
        "seller_phone": "0757-87712345",
        "sold_at": NOW,
        "lines": (slip_line(),),
        "buyer": "阿娟蔬菜档",
        "buyer_place": "商业城市场 蔬菜 28",
    }
    return forms.Slip(**fields | code("v") | given)


def pages_of(data, dpi=150):
    """Each page as its words, its size in mm, and the codes read from its pixels."""
    with pypdfium2.PdfDocument(data) as document:
        return [
            (
                page.get_textpage().get_text_bounded(),
                tuple(round(side / 72 * 25.4) for side in page.get_size()),
                qr.read(page.render(scale=dpi / 72).to_pil()),
            )
            for page in document
        ]


def words_of(data):
    return "".join("".join(words.split()) for words, _, _ in pages_of(data)).replace("\u200b", "")
