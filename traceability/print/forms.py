"""What is printed, as values. `url` is the whole address in the QR; `typed_code` its ten characters."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, kw_only=True)
class BatchLabel:
    product: str
    origin: str
    seller: str
    stall_no: str
    market: str
    trade_day: dt.date
    weight: str
    evidence: str
    url: str
    typed_code: str


@dataclass(frozen=True, kw_only=True)
class SampleLabel:
    product: str
    place: str
    point: str
    sampled_at: dt.datetime
    url: str
    typed_code: str


@dataclass(frozen=True, kw_only=True)
class StallPlate:
    market: str
    stall_no: str
    name: str
    url: str
    typed_code: str


@dataclass(frozen=True, kw_only=True)
class StorePlate:
    name: str
    address: str
    kind: str
    url: str
    typed_code: str


@dataclass(frozen=True, kw_only=True)
class SlipLine:
    """`test` says what the rapid test of this batch found, with its time; empty means none is recorded."""

    product: str
    origin: str
    weight_kg: Decimal
    batch_code: str
    test: str = ""
    unit_price_fen: int | None = None
    amount_fen: int | None = None


@dataclass(frozen=True, kw_only=True)
class Slip:
    """A sales voucher on 58 mm paper: the fields of 食用农产品市场销售质量安全监督管理办法 on 销售凭证.

    `reprint` counts the copies after the first; a `void_reason` marks the slip 作废.
    """

    market: str
    seller: str
    stall_no: str
    seller_phone: str
    sold_at: dt.datetime
    lines: tuple[SlipLine, ...]
    url: str
    typed_code: str
    buyer: str = "散客"
    buyer_place: str = ""
    buyer_phone: str = ""
    reprint: int = 0
    void_reason: str | None = None

    @property
    def total_kg(self) -> Decimal:
        return sum((line.weight_kg for line in self.lines), Decimal(0))

    @property
    def total_fen(self) -> int | None:
        """The sum of the amounts; None unless every line has one."""
        amounts = [line.amount_fen for line in self.lines if line.amount_fen is not None]
        return sum(amounts) if amounts and len(amounts) == len(self.lines) else None


@dataclass(frozen=True, kw_only=True)
class SalesRow:
    sold_at: dt.datetime
    product: str
    origin: str
    weight_kg: Decimal
    buyer: str
    buyer_address: str
    buyer_phone: str
    voucher_code: str
    amount_fen: int | None = None
    note: str = ""
    struck: bool = False


@dataclass(frozen=True, kw_only=True)
class SalesLedger:
    """A wholesaler's record of sales: name, quantity, date, buyer, address, contact."""

    holder: str
    place: str
    first_day: dt.date
    last_day: dt.date
    rows: tuple[SalesRow, ...]
    printed_at: dt.datetime


@dataclass(frozen=True, kw_only=True)
class PurchaseRow:
    received_on: dt.date
    product: str
    origin: str
    weight_kg: Decimal
    supplier: str
    supplier_address: str
    supplier_phone: str
    document: str
    note: str = ""
    struck: bool = False


@dataclass(frozen=True, kw_only=True)
class PurchaseLedger:
    """A seller's record of purchases, the fields of 食品安全法 on 进货查验记录."""

    holder: str
    place: str
    first_day: dt.date
    last_day: dt.date
    rows: tuple[PurchaseRow, ...]
    printed_at: dt.datetime


@dataclass(frozen=True, kw_only=True)
class SheetCode:
    kind: str
    title: str
    detail: str
    url: str
    typed_code: str


@dataclass(frozen=True, kw_only=True)
class CodeSheet:
    title: str
    note: str
    codes: tuple[SheetCode, ...]
