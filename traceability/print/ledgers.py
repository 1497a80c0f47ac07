"""Ledgers on A4: a wholesaler's sales records, a seller's purchase records."""

from collections.abc import Iterable, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

from kit import typeset

from . import words
from .forms import PurchaseLedger, PurchaseRow, SalesLedger, SalesRow

_TEMPLATE = Path(__file__).parent / "typst" / "ledger.typ"
_STRUCK = "已冲正"

# Name, width (of the paper in mm, or a share of what is left), side.
_SALES = (
    ("序", "9mm", "right"),
    ("销售时间", "28mm", "left"),
    ("品名", "1.1fr", "left"),
    ("产地", "2fr", "left"),
    ("数量", "22mm", "right"),
    ("购货者", "1.8fr", "left"),
    ("地址", "1.8fr", "left"),
    ("联系方式", "24mm", "left"),
    ("凭证号", "25mm", "left"),
    ("金额", "22mm", "right"),
    ("备注", "0.9fr", "left"),
)
_PURCHASES = (
    ("序", "9mm", "right"),
    ("进货日期", "20mm", "left"),
    ("品名", "1.1fr", "left"),
    ("产地", "2fr", "left"),
    ("数量", "22mm", "right"),
    ("供货者", "1.8fr", "left"),
    ("地址", "2fr", "left"),
    ("联系方式", "24mm", "left"),
    ("进货凭证", "40mm", "left"),
    ("备注", "1fr", "left"),
)


def sales_ledger_pdf(ledger: SalesLedger) -> bytes:
    """名称、数量、销售日期、购货者名称、地址、联系方式; struck rows are shown and not counted."""
    counted = [row for row in ledger.rows if not row.struck]
    amount = sum(row.amount_fen or 0 for row in counted)
    total = _total(len(counted), (row.weight_kg for row in counted))
    return _pdf(
        ledger,
        title="销售台账",
        subtitle="食用农产品批发销售记录",
        holder_word="销售者",
        columns=_SALES,
        rows=[_sale(number, row) for number, row in enumerate(ledger.rows, 1)],
        total=f"{total},{words.yuan(amount)}" if amount else total,
    )


def purchase_ledger_pdf(ledger: PurchaseLedger) -> bytes:
    """名称、数量、进货日期、供货者名称、地址、联系方式; struck rows are shown and not counted."""
    counted = [row for row in ledger.rows if not row.struck]
    return _pdf(
        ledger,
        title="进货台账",
        subtitle="食用农产品进货查验记录",
        holder_word="经营者",
        columns=_PURCHASES,
        rows=[_purchase(number, row) for number, row in enumerate(ledger.rows, 1)],
        total=_total(len(counted), (row.weight_kg for row in counted)),
    )


def _pdf(ledger: SalesLedger | PurchaseLedger, *, columns: Sequence[tuple[str, str, str]], **data: Any) -> bytes:
    first, last = words.day(ledger.first_day), words.day(ledger.last_day)
    return typeset.pdf(
        _TEMPLATE,
        {
            "holder": words.plain(ledger.holder),
            "place": words.plain(ledger.place),
            "period": first if first == last else f"{first} 至 {last}",
            "printed": words.moment(ledger.printed_at),
            "note": "记录和凭证保存不少于六个月。划线的行已冲正,不计入合计。",
            "columns": [{"name": name, "width": width, "side": side} for name, width, side in columns],
            **data,
        },
    )


def _sale(number: int, row: SalesRow) -> dict[str, Any]:
    return _row(
        row,
        str(number),
        words.moment(row.sold_at),
        row.product,
        row.origin,
        words.kilos(row.weight_kg),
        row.buyer,
        row.buyer_address,
        row.buyer_phone,
        row.voucher_code,
        "" if row.amount_fen is None else words.yuan(row.amount_fen),
    )


def _purchase(number: int, row: PurchaseRow) -> dict[str, Any]:
    return _row(
        row,
        str(number),
        words.day(row.received_on),
        row.product,
        row.origin,
        words.kilos(row.weight_kg),
        row.supplier,
        row.supplier_address,
        row.supplier_phone,
        row.document,
    )


def _row(row: SalesRow | PurchaseRow, *cells: str) -> dict[str, Any]:
    note = row.note or (_STRUCK if row.struck else "")
    return {"cells": [words.plain(cell) for cell in (*cells, note)], "struck": row.struck}


def _total(count: int, weights: Iterable[Decimal]) -> str:
    return f"合计 {count} 笔,{words.kilos(sum(weights, Decimal(0)))}"
