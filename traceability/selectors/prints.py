"""What goes on paper, gathered: a voucher's slip, a batch's label, the pages of a sales ledger. Papers are Chinese."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from django.utils import timezone

from kit import hosts
from registry.models import Place
from traceability.evidence import EvidenceLevel
from traceability.models import Batch, Voucher, VoucherLine
from traceability.print import forms, words
from traceability.selectors.buyers import contacts
from traceability.selectors.public_goods import shown_tests

STRUCK = "已作废"
WALK_IN = "散客"
CLEARED = {"lab_pass": "经检验合格", "repeat": "复测未检出"}


def slip_of(voucher: Voucher) -> forms.Slip:
    """A voucher as its slip. The walk-in's phone stays off it: the slip may be dropped."""
    lines = list(voucher.lines.select_related("batch"))
    above = {line.batch.parent_id for line in lines if line.batch.parent_id}
    tests = shown_tests({line.batch_id for line in lines} | above, upstream=above)
    return forms.Slip(
        market=voucher.market_name,
        seller=voucher.seller_name,
        stall_no=voucher.stall_no,
        seller_phone=voucher.seller_phone,
        sold_at=voucher.sold_at,
        lines=tuple(_slip_line(line, tests[line.batch_id] or tests[line.batch.parent_id]) for line in lines),
        buyer=voucher.buyer_name if voucher.buyer_place_id else f"{WALK_IN} {voucher.buyer_name}",
        reprint=voucher.reprints,
        void_reason=voucher.void_reason if voucher.state == Voucher.State.VOID else None,
        url=hosts.page_url("v", voucher.token),
        typed_code=voucher.typed_code,
    )


def _slip_line(line: VoucherLine, tests) -> forms.SlipLine:
    return forms.SlipLine(
        product=line.product_name,
        origin=line.origin_text,
        weight_kg=line.weight_kg,
        batch_code=line.batch.typed_code,
        test=test_words(tests),
        unit_price_fen=line.unit_price_fen,
        amount_fen=line.amount_fen,
    )


def test_words(tests) -> str:
    """What the rapid tests of a batch found, newest first; empty when none is recorded. A result under
    review is said to be so, without its item."""
    if not tests:
        return ""
    newest = tests[0]
    at = f"{timezone.localtime(newest.tested_at):%m-%d %H:%M}"
    if any(test.result not in ("negative", "cleared") for test in tests):
        return f"快检复核中 {at}"
    items = list(dict.fromkeys(test.item for test in tests if test.result == "negative"))
    if not items:
        return f"{CLEARED[newest.outcome]} {at}"
    several = f"等 {len(items)} 项" if len(items) > 1 else ""
    return f"未检出 {items[0]}{several} {at}"


def label_of(batch: Batch) -> forms.BatchLabel:
    """The label of a batch whose place, market, product and origin have been read."""
    level = EvidenceLevel(batch.evidence_level)
    return forms.BatchLabel(
        product=batch.product.name,
        origin=f"{batch.origin_region.full_name} {batch.origin_detail}".strip(),
        seller=batch.place.name or batch.place.organisation.name,
        stall_no=batch.place.stall_no,
        market=batch.place.market.name if batch.place.market_id else batch.place.address,
        trade_day=batch.trade_day,
        weight=words.kilos(batch.admitted_kg),
        evidence=f"证据 {level.code} {level.label}",
        url=hosts.page_url("b", batch.token),
        typed_code=batch.typed_code,
    )


def ledger_of(
    place: Place, lines: Sequence[VoucherLine], *, first: dt.date, last: dt.date, at: dt.datetime
) -> forms.SalesLedger:
    """The seller's sales record (食品安全法 第53条): what, how much, when, to whom, where, how to reach them."""
    known = contacts({line.voucher for line in lines})
    return forms.SalesLedger(
        holder=place.organisation.name,
        place=f"{place.market.name if place.market_id else place.address} {place.stall_no}".strip(),
        first_day=first,
        last_day=last,
        rows=tuple(_ledger_row(line, known) for line in lines),
        printed_at=at,
    )


def _ledger_row(line: VoucherLine, known) -> forms.SalesRow:
    voucher = line.voucher
    void = voucher.state == Voucher.State.VOID
    address, phone = known.get(voucher.buyer_place_id, (WALK_IN, voucher.phone))
    refused = f"拒收 {words.kilos(line.refused_kg)}" if line.refused_kg else ""
    return forms.SalesRow(
        sold_at=voucher.sold_at,
        product=line.product_name,
        origin=line.origin_text,
        weight_kg=line.weight_kg,
        buyer=voucher.buyer_name,
        buyer_address=address,
        buyer_phone=phone,
        voucher_code=voucher.typed_code,
        amount_fen=line.amount_fen,
        note=STRUCK if void else refused,
        struck=void,
    )
