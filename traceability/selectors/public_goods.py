"""Pieces that several public pages share: masked names, tests, papers, goods on sale at a place."""

from collections import defaultdict

from django.db.models import Exists, F, OuterRef, Subquery

from kit import masking
from registry.models import Organisation
from traceability.balance import expired
from traceability.models import Batch, Intake, RapidTest
from traceability.public_pages import OnSale, OnSaleSource, TestLine

SHOWN_RESULTS = ("negative", "positive", "suspect", "undecided")
ON_SALE_LIMIT = 60


def public_name(place) -> str:
    """The trade name; of a natural person without one, the masked name."""
    return place.name or operator_name(place.organisation)


def operator_name(organisation: Organisation | None) -> str:
    if organisation is None:
        return ""
    return masking.name(organisation.name) if organisation.is_person else organisation.name


def seller_name(voucher) -> str:
    """As the voucher has it, unless that is the name of a natural person."""
    own = voucher.organisation.is_person and voucher.seller_name == voucher.organisation.name
    return masking.name(voucher.seller_name) if own else voucher.seller_name


def public_phone(place) -> str:
    """The number the trader agreed to publish; otherwise the registered one, masked."""
    if place.public_phone:
        return place.public_phone
    return masking.phone(place.organisation.phone) if place.organisation and place.organisation.phone else ""


def shown_tests(batch_ids, *, upstream) -> dict:
    """Tests by batch id, newest first; those of `upstream` batches are marked so. Invalid ones are not shown."""
    found = RapidTest.objects.filter(batch_id__in=batch_ids, result__in=SHOWN_RESULTS).values_list(
        "batch_id", "product__name", "item__name", "result", "point__name", "tested_at"
    )
    by_batch = defaultdict(tuple)
    for batch_id, product, item, result, point, tested_at in found.order_by("-tested_at"):
        shown = public_result(result)
        by_batch[batch_id] += (
            TestLine(product, item if shown == "negative" else "", shown, point, tested_at, batch_id in upstream),
        )
    return by_batch


def public_result(result: str) -> str:
    """A positive that is not confirmed is shown as under review, without its item (食品安全法 第118条)."""
    return "under_review" if result in ("positive", "suspect", "undecided") else result


def batch_state(batch, held: bool, today) -> str:
    if batch.state == Batch.State.VOID:
        return "void"
    if held:
        return "held"
    if batch.state == Batch.State.PENDING_TEST:
        return "pending_test"
    return "expired" if expired(batch.expires_on, today) else "saleable"


def on_sale_at(place, held_ids, today) -> tuple[OnSale, ...]:
    """What a place has on sale: in stock, within shelf life, newest first, sources of one product together.
    Goods on hold stay listed, as such, for as long as they are there."""
    intake = Intake.objects.filter(district_id=OuterRef("district_id"), batch_id=OuterRef("pk"))
    batches = list(
        Batch.objects.filter(
            district_id=place.district_id, place=place, organisation_id=place.organisation_id, expires_on__gte=today
        )
        .exclude(state=Batch.State.VOID)
        .with_stock()
        .annotate(
            product_name=F("product__name"),
            product_name_en=F("product__name_en"),
            region_name=F("origin_region__full_name"),
            source_name=Subquery(intake.values("supplier_name")[:1]),
            source_market=Subquery(intake.values("supplier_market")[:1]),
            source_kind=Subquery(intake.values("source")[:1]),
            source_person=Exists(
                Batch.objects.filter(
                    pk=OuterRef("parent_id"),
                    organisation__kind="natural_person",
                    organisation__name=OuterRef("source_name"),
                )
            ),
        )
        .order_by("-made_at")[:ON_SALE_LIMIT]
    )
    parents = {batch.parent_id for batch in batches if batch.parent_id}
    tests = shown_tests({batch.pk for batch in batches} | parents, upstream=parents)
    goods = defaultdict(list)
    for batch in batches:
        goods[batch.product_name, batch.product_name_en].append(
            OnSaleSource(
                origin=f"{batch.region_name} {batch.origin_detail}".strip(),
                source=" ".join(filter(None, (batch.source_market, _source(batch)))),
                source_kind=batch.source_kind or "declared",
                evidence_level=batch.evidence_level,
                intake_day=batch.trade_day,
                state=batch_state(batch, batch.pk in held_ids, today),
                batch_token=batch.token,
                tests=tests[batch.pk] + tests[batch.parent_id],
            )
        )
    return tuple(OnSale(name, name_en, tuple(sources)) for (name, name_en), sources in goods.items())


def _source(batch):
    """A seller of ours trades under its own name, unless that is a person's; one written by hand may be a person."""
    if batch.source_person:
        return masking.name(batch.source_name)
    if batch.source_kind == Intake.Source.VOUCHER or not batch.source_name:
        return batch.source_name or ""
    return batch.source_name if len(batch.source_name) > 4 else masking.name(batch.source_name)


def all_tests(on_sale) -> tuple[TestLine, ...]:
    """The tests of everything on sale, once each, newest first."""
    found = {test for goods in on_sale for source in goods.sources for test in source.tests}
    return tuple(sorted(found, key=lambda test: test.tested_at, reverse=True))
