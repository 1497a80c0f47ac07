"""Pieces that several public pages share: masked names, tests, papers, goods on sale at a place."""

import datetime as dt
from collections import defaultdict

from django.db.models import Exists, F, OuterRef, Subquery
from django.utils import timezone

from kit import clock, masking
from registry.models import Organisation
from traceability.balance import expired
from traceability.case_rules import Standing, may_name
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
    """Tests by batch id, newest first; those of `upstream` batches are marked so. Invalid ones are not shown, nor
    the second strip of a positive, which is part of what became of it. One query."""
    found = (
        RapidTest.objects.filter(batch_id__in=batch_ids, result__in=SHOWN_RESULTS)
        .exclude(repeats__cases__isnull=False)
        .order_by("-tested_at", "-id", "-cases__lab_reports__recorded_at")
        .values("pk", "batch_id", "result", "tested_at", *NAMES, **CASE)
    )
    by_batch = defaultdict(tuple)
    now, seen = clock.glance(), set()
    for test in found:
        if test["pk"] not in seen:
            seen.add(test["pk"])
            by_batch[test["batch_id"]] += (_line(test, now, upstream=test["batch_id"] in upstream),)
    return by_batch


NAMES = ("product__name", "item__name", "point__name")
CASE = {
    "state": F("cases__state"),
    "branch": F("cases__branch"),
    "confirmed": F("cases__confirmed"),
    "objection_due_at": F("cases__objection_due_at"),
    "outcome": F("cases__outcome"),
    "published_at": F("cases__published_at"),
    "disposed_at": F("cases__disposed_at"),
    "closed_at": F("cases__closed_at"),
    "lab_passed": F("cases__lab_reports__passed"),
    "lab_on": F("cases__lab_reports__issued_on"),
}


def _line(test, now, *, upstream) -> TestLine:
    result, named = public_result(test, now)
    outcome, outcome_on = outcome_of(test)
    return TestLine(
        product=test["product__name"],
        item=test["item__name"] if named else "",
        result=result,
        point=test["point__name"],
        tested_at=test["tested_at"],
        upstream=upstream,
        outcome=outcome if result in ("positive", "cleared") else "",
        outcome_on=outcome_on if result in ("positive", "cleared") else None,
        disposed_on=_day(test["disposed_at"]) if result == "positive" else None,
    )


def public_result(test, now) -> tuple[str, bool]:
    """What the public is told, and whether with the item: a positive is under review, without it, until it is
    confirmed, accepted, or nobody objected in time (食品安全法 第118条). What was cleared keeps the name it was
    once told with."""
    if test["result"] == RapidTest.Result.NEGATIVE:
        return "negative", True
    if test["state"] is None:
        return "under_review", False
    if test["outcome"].startswith("cleared"):
        return "cleared", test["published_at"] is not None
    case = Standing(test["state"], test["branch"], test["confirmed"], test["objection_due_at"], test["outcome"])
    return ("positive", True) if may_name(case, now) else ("under_review", False)


def outcome_of(test) -> tuple[str, dt.date | None]:
    """What became of a positive, and when."""
    if test["outcome"] == "cleared_by_repeat":
        return "repeat", _day(test["closed_at"])
    if test["lab_passed"] is not None:
        return "lab_pass" if test["lab_passed"] else "lab_fail", test["lab_on"]
    return ("disposed", _day(test["disposed_at"])) if test["disposed_at"] else ("", None)


def _day(moment: dt.datetime | None) -> dt.date | None:
    return timezone.localtime(moment).date() if moment else None


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
