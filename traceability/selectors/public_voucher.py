"""The public page of a voucher: what its holder bought, from whom, and what is known of it."""

from kit import masking
from traceability.models import Voucher
from traceability.public_pages import VoucherLinePage, VoucherPage
from traceability.selectors.days import trade_day_at
from traceability.selectors.public_goods import batch_state, seller_name, shown_tests


def voucher_page(code, at) -> VoucherPage:
    voucher = Voucher.objects.select_related("place__market", "organisation").get(
        district_id=code.district_id, pk=code.target_id
    )
    today = trade_day_at(voucher.place, at)
    lines = list(voucher.lines.select_related("batch", "product").filter(district_id=code.district_id))
    parents = {line.batch.parent_id for line in lines if line.batch.parent_id}
    tests = shown_tests({line.batch_id for line in lines} | parents, upstream=parents)
    market = voucher.place.market if voucher.place.market_id else None
    return VoucherPage(
        token=voucher.token,
        typed_code=voucher.typed_code,
        state=voucher.state,
        void_reason=voucher.void_reason,
        market=voucher.market_name,
        market_phone=market.complaint_phone if market else "",
        seller=seller_name(voucher),
        stall_no=voucher.stall_no,
        seller_phone=_seller_phone(voucher),
        sold_at=voucher.sold_at,
        offline=voucher.offline,
        reprints=voucher.reprints,
        amount_fen=voucher.amount_fen,
        lines=tuple(_line(line, line.batch_id in code.held, today, tests) for line in lines),
        scan_count=code.scan_count,
        first_scanned_at=code.first_scanned_at,
        drawn_at=at,
    )


def _line(line, held, today, tests):
    return VoucherLinePage(
        product=line.product_name,
        product_en=line.product.name_en,
        origin=line.origin_text,
        weight_kg=line.weight_kg,
        amount_fen=line.amount_fen,
        evidence_level=line.batch.evidence_level,
        state=batch_state(line.batch, held, today),
        batch_token=line.batch.token,
        tests=tests[line.batch_id] + tests[line.batch.parent_id],
    )


def _seller_phone(voucher):
    """As a published business number where there is one, else masked (the slip itself carries it whole)."""
    if voucher.place.public_phone and voucher.place.public_phone == voucher.seller_phone:
        return voucher.seller_phone
    return masking.phone(voucher.seller_phone) if voucher.seller_phone else ""
