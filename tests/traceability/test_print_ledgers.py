"""Ledgers on A4 with the columns the rules ask for; a struck row stays visible and is not counted."""

import datetime as dt
from decimal import Decimal

import pytest

from tests.traceability.printed import NOW, ODD, pages_of, words_of
from traceability.print import forms, ledgers, words

DAYS = {"first_day": dt.date(2026, 11, 1), "last_day": dt.date(2026, 11, 22), "printed_at": NOW}


def sale(**given):
    fields = {
        "sold_at": NOW,
        "product": "线椒",
        "origin": "佛山市三水区大塘镇",
        "weight_kg": Decimal("12.500"),
        "buyer": "阿娟蔬菜档",
        "buyer_address": "商业城 28 号",
        "buyer_phone": "13800001234",
        "voucher_code": "7K3-M9Q-WX2R",
        "amount_fen": 4000,
    }
    return forms.SalesRow(**fields | given)


def purchase(**given):
    fields = {
        "received_on": dt.date(2026, 11, 22),
        "product": "线椒",
        "origin": "佛山市三水区大塘镇",
        "weight_kg": Decimal("12.500"),
        "supplier": "陈记蔬菜批发",
        "supplier_address": "百旺城 A区 12 号",
        "supplier_phone": "0757-87712345",
        "document": "销售凭证 7K3-M9Q-WX2R",
    }
    return forms.PurchaseRow(**fields | given)


def sales(*rows):
    return ledgers.sales_ledger_pdf(forms.SalesLedger(holder="陈记蔬菜批发", place="A区 12 号", rows=rows, **DAYS))


def purchases(*rows):
    return ledgers.purchase_ledger_pdf(forms.PurchaseLedger(holder="阿娟蔬菜档", place="28 号", rows=rows, **DAYS))


def test_a_sales_ledger_has_the_legal_columns():
    printed = words_of(sales(sale()))

    for column in ("品名", "产地", "数量", "销售时间", "购货者", "地址", "联系方式"):
        assert column in printed
    for fact in ("线椒", "12.5kg", "2026-11-2205:40", "阿娟蔬菜档", "商业城28号", "13800001234", "¥40.00"):
        assert fact in printed


def test_a_purchase_ledger_has_the_legal_columns():
    printed = words_of(purchases(purchase()))

    for column in ("品名", "数量", "进货日期", "供货者", "地址", "联系方式", "进货凭证"):
        assert column in printed
    for fact in ("线椒", "12.5kg", "2026-11-22", "陈记蔬菜批发", "百旺城A区12号", "0757-87712345", "7K3-M9Q-WX2R"):
        assert fact in printed


def test_a_struck_row_is_shown_and_not_counted():
    printed = words_of(sales(sale(), sale(struck=True, note="作废")))

    assert printed.count("线椒") == 2
    assert "作废" in printed
    assert "合计1笔,12.5kg,¥40.00" in printed


def test_the_head_and_the_page_number_stand_on_every_page():
    pages = pages_of(purchases(*[purchase() for _ in range(60)]))

    assert len(pages) > 1
    for number, (text, size, _) in enumerate(pages, 1):
        assert size == (297, 210)
        assert "供货者" in text
        assert f"第{number}页,共{len(pages)}页" in "".join(text.split())


def test_an_empty_ledger_says_so():
    assert "这段时间没有记录" in words_of(sales())


@pytest.mark.parametrize("odd", ODD)
def test_odd_and_long_words_are_printed_whole(odd):
    printed = words_of(purchases(purchase(supplier=odd)))

    assert "".join(words.plain(odd).split()) in printed.replace("\ufffe", "").replace("\u200b", "")


@pytest.mark.parametrize(("fen", "text"), [(0, "¥0.00"), (5, "¥0.05"), (123456, "¥1,234.56"), (-1205, "-¥12.05")])
def test_money_is_whole_fen_written_as_yuan(fen, text):
    assert words.yuan(fen) == text


@pytest.mark.parametrize(
    ("weight", "text"), [("0", "0 kg"), ("12.500", "12.5 kg"), ("1000", "1,000 kg"), ("0.125", "0.125 kg")]
)
def test_weights_lose_no_gram_and_show_no_false_precision(weight, text):
    assert words.kilos(Decimal(weight)) == text
