"""The slip a scale prints: the sales voucher of 总局令81号 第28条, on 58 mm paper."""

import datetime as dt
import unicodedata
from dataclasses import dataclass
from decimal import Decimal

PAPER_COLUMNS = 32
"""Columns of 58 mm paper; a Chinese character takes two."""


@dataclass(frozen=True)
class SlipLine:
    """`batch_code` is the batch's typed code; prices are in fen, None when the scale was given none."""

    product_name: str
    origin_text: str
    weight_kg: Decimal
    batch_code: str
    test_text: str = ""
    unit_price_fen: int | None = None
    amount_fen: int | None = None
    overdrawn: bool = False


@dataclass(frozen=True)
class Slip:
    """One sale, as printed. `code` is the voucher's typed code in its groups, `url` what the QR holds."""

    sequence: int
    token: str
    code: str
    url: str
    market_name: str
    seller_name: str
    stall_no: str
    seller_phone: str
    buyer_name: str
    sold_at: dt.datetime
    lines: tuple[SlipLine, ...]
    offline: bool

    @property
    def overdrawn(self) -> bool:
        return any(line.overdrawn for line in self.lines)


def slip_text(slip: Slip) -> str:
    """The slip as text, without its QR."""
    rule = "-" * PAPER_COLUMNS
    rows = [
        _centred(slip.market_name),
        _centred("销售凭证"),
        rule,
        f"销售者:{slip.seller_name}",
        f"摊位:{slip.stall_no}",
        f"电话:{slip.seller_phone}",
        f"购货者:{slip.buyer_name}",
        f"日期:{slip.sold_at:%Y-%m-%d %H:%M}",
        rule,
    ]
    for line in slip.lines:
        rows += _line_rows(line)
    total_kg = sum((line.weight_kg for line in slip.lines), Decimal(0))
    rows += [rule, _spread("合计", f"{plain(total_kg)} 公斤")]
    amounts = [line.amount_fen for line in slip.lines]
    if None not in amounts:
        rows.append(_spread("金额", f"{_yuan(sum(filter(None, amounts)))} 元"))
    rows += [rule, _centred(slip.code), _centred(f"#{slip.sequence}" + (" 待同步" if slip.offline else ""))]
    return "\n".join(rows)


def plain(weight_kg: Decimal) -> str:
    """A weight with at least two decimals and no more than it needs."""
    text = f"{weight_kg.normalize():f}"
    whole, _, decimals = text.partition(".")
    return f"{whole}.{decimals.ljust(2, '0')}"


def _line_rows(line):
    yield _spread(line.product_name, f"{plain(line.weight_kg)} 公斤")
    if line.unit_price_fen is not None and line.amount_fen is not None:
        yield _spread(f"  {_yuan(line.unit_price_fen)} 元/公斤", f"{_yuan(line.amount_fen)} 元")
    yield f"  产地:{line.origin_text}"
    yield f"  批次:{line.batch_code}"
    if line.test_text:
        yield f"  快检:{line.test_text}"


def _yuan(amount_fen):
    return f"{amount_fen // 100}.{amount_fen % 100:02d}"


def _columns(text):
    return sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in text)


def _centred(text):
    return " " * max(0, (PAPER_COLUMNS - _columns(text)) // 2) + text


def _spread(left, right):
    return left + " " * max(1, PAPER_COLUMNS - _columns(left) - _columns(right)) + right
