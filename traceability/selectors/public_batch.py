"""The public page of a batch: where it came from, what was shown for it, what was tested."""

from registry.models import Market
from registry.papers import QUALITY
from traceability.models import Batch, Paper
from traceability.public_pages import BatchPage, ChainStep, PaperLine
from traceability.selectors.days import trade_day_at
from traceability.selectors.lineage import way_to
from traceability.selectors.public_goods import batch_state, public_name, shown_tests


def batch_page(code, at) -> BatchPage:
    way = _way(code)
    batch, first = way[-1], way[0]
    tests = shown_tests([step.pk for step in way], upstream={step.pk for step in way[:-1]})
    state = batch_state(batch, bool(code.held), trade_day_at(batch.place, at))
    if state == "saleable" and batch.kg_on_hand <= 0:
        state = "gone"
    return BatchPage(
        token=batch.token,
        typed_code=batch.typed_code,
        state=state,
        state_since=None,
        product=batch.product.name,
        product_en=batch.product.name_en,
        origin=_origin(first),
        evidence_level=batch.evidence_level,
        seller=public_name(batch.place),
        stall_no=batch.place.stall_no,
        market=batch.place.market.name if batch.place.market_id else "",
        market_phone=batch.place.market.complaint_phone if batch.place.market_id else "",
        trade_day=batch.trade_day,
        made_at=batch.made_at,
        expires_on=batch.expires_on,
        papers=_papers(first),
        tests=tuple(test for step in reversed(way) for test in tests[step.pk]),
        chain=_chain(way),
        drawn_at=at,
    )


def _way(code):
    return way_to(
        code.target_id,
        Batch.objects.select_related("place__market", "place__organisation", "product", "origin_region"),
    )


def _chain(way):
    first = way[0]
    steps = [ChainStep("origin", _origin(first), "", None)]
    for depth, batch in enumerate(way):
        place, market = batch.place, batch.place.market if batch.place.market_id else None
        wholesale = market is not None and market.kind != Market.Kind.RETAIL
        role = ("second_tier" if depth else "wholesale") if wholesale else "retail"
        detail = " ".join(filter(None, (place.stall_no, public_name(place))))
        steps.append(
            ChainStep(
                role=role,
                name=market.name if market else detail,
                detail=detail if market else "",
                day=batch.trade_day,
                token=place.token,
                here=batch is way[-1],
            )
        )
    return tuple(steps)


def _papers(first):
    """Quality proofs are public by kind and number; purchase papers by kind only."""
    found = Paper.objects.filter(district_id=first.district_id)
    if first.declaration_id:
        found = found.filter(declaration_id=first.declaration_id)
    else:
        found = found.filter(intake__batch_id=first.pk)
    return tuple(
        PaperLine(
            kind=paper.get_kind_display(),
            number=paper.number if paper.kind in QUALITY else "",
            issuer=paper.issuer if paper.kind in QUALITY else "",
            issued_on=paper.issued_on,
            checked=bool(paper.verified_at),
        )
        for paper in found.order_by("added_at")
    )


def _origin(batch):
    return f"{batch.origin_region.full_name} {batch.origin_detail}".strip()
