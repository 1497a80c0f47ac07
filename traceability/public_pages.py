"""What a public page may say: frozen, field by field, an allow-list.

A page is built from these and from nothing else, so that a template cannot wander from a batch to a
phone number. JSON is the same data. Names of natural persons and phones arrive already masked.
No buyer, no price of others, no ID number, no plate, no inspector, no device (domain: public pages).
"""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True)
class TestLine:
    """A rapid test: screening, not a legal finding. `upstream` when done before the goods came here.

    `result`: negative, under_review (the item is not named), positive (named: confirmed, accepted, or no objection
    in time), cleared. `outcome` says what became of it, on `outcome_on`: lab_pass, lab_fail, repeat, disposed.
    """

    product: str
    item: str
    result: str
    point: str
    tested_at: dt.datetime
    upstream: bool = False
    outcome: str = ""
    outcome_on: dt.date | None = None
    disposed_on: dt.date | None = None

    @property
    def found(self) -> bool:
        return self.result == "positive"


@dataclass(frozen=True)
class PaperLine:
    kind: str
    number: str
    issuer: str
    issued_on: dt.date | None
    checked: bool


@dataclass(frozen=True)
class ChainStep:
    """One place on the goods' way; `role` is origin, wholesale, second_tier or retail."""

    role: str
    name: str
    detail: str
    day: dt.date | None
    token: str = ""
    here: bool = False


@dataclass(frozen=True)
class BatchPage:
    """`state`: saleable, pending_test, held, void, expired, gone."""

    token: str
    typed_code: str
    state: str
    state_since: dt.datetime | dt.date | None
    product: str
    product_en: str
    origin: str
    evidence_level: int
    seller: str
    stall_no: str
    market: str
    market_phone: str
    trade_day: dt.date
    made_at: dt.datetime
    expires_on: dt.date
    papers: tuple[PaperLine, ...]
    tests: tuple[TestLine, ...]
    chain: tuple[ChainStep, ...]
    drawn_at: dt.datetime

    @property
    def finding(self) -> TestLine | None:
        """The newest positive whose item is public."""
        return next((test for test in self.tests if test.found), None)

    @property
    def correction(self) -> TestLine | None:
        """A positive that was cleared since, while nothing else is under review."""
        if any(test.result in ("positive", "under_review") for test in self.tests):
            return None
        return next((test for test in self.tests if test.result == "cleared"), None)


@dataclass(frozen=True)
class VoucherLinePage:
    product: str
    product_en: str
    origin: str
    weight_kg: Decimal
    amount_fen: int | None
    evidence_level: int
    state: str
    batch_token: str
    tests: tuple[TestLine, ...]


@dataclass(frozen=True)
class VoucherPage:
    """`state`: issued, void, waiting (printed by a scale that has not reported yet)."""

    token: str
    typed_code: str
    state: str
    void_reason: str
    market: str
    market_phone: str
    seller: str
    stall_no: str
    seller_phone: str
    sold_at: dt.datetime
    offline: bool
    reprints: int
    amount_fen: int | None
    lines: tuple[VoucherLinePage, ...]
    scan_count: int
    first_scanned_at: dt.datetime | None
    drawn_at: dt.datetime

    @property
    def held(self):
        return any(line.state == "held" for line in self.lines)


@dataclass(frozen=True)
class OnSaleSource:
    """Where one lot on a stall came from: several sources of one product are listed side by side."""

    origin: str
    source: str
    source_kind: str
    evidence_level: int
    intake_day: dt.date
    state: str
    batch_token: str
    tests: tuple[TestLine, ...]


@dataclass(frozen=True)
class OnSale:
    product: str
    product_en: str
    sources: tuple[OnSaleSource, ...]


@dataclass(frozen=True)
class StallPage:
    """`state`: active, vacant, suspended, closed. `updated_at` is the latest intake."""

    token: str
    typed_code: str
    state: str
    name: str
    keeper: str
    stall_no: str
    zone: str
    categories: tuple[str, ...]
    market: str
    market_star: int
    market_phone: str
    address: str
    licence_no: str
    agreement_valid: bool | None
    phone: str
    updated_at: dt.datetime | None
    on_sale: tuple[OnSale, ...]
    tests: tuple[TestLine, ...]
    drawn_at: dt.datetime

    @property
    def held(self):
        return any(source.state == "held" for goods in self.on_sale for source in goods.sources)


@dataclass(frozen=True)
class StorePage:
    """The basics of a store: a restaurant, canteen, shop or workshop."""

    token: str
    typed_code: str
    state: str
    name: str
    business_type: str
    operator: str
    legal_person: str
    uscc: str
    address: str
    town: str
    permit_no: str
    permit_expires_on: dt.date | None
    permit_valid: bool | None
    safety_officer: str
    phone: str
    updated_at: dt.datetime | None
    sources: tuple[OnSale, ...]
    tests: tuple[TestLine, ...]
    drawn_at: dt.datetime

    @property
    def held(self):
        return any(source.state == "held" for goods in self.sources for source in goods.sources)
