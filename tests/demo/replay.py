"""Plays the rows of a history again through the services, in the order of their moments, with the clock held."""

import datetime as dt
from collections import Counter, defaultdict
from decimal import Decimal
from uuid import UUID

from django.db import models

from demo import pictures
from kit import clock
from kit.models import PublicCode
from registry.models import Account, Place, Product, Region, Supplier
from registry.papers import PaperKind
from registry.selectors.actors import actor_for
from traceability.judging import Reading
from traceability.models import (
    Batch,
    CasePhoto,
    CaseStep,
    Declaration,
    Disposal,
    Hold,
    HoldItem,
    Intake,
    LabReport,
    LineRefusal,
    Paper,
    PlanLine,
    PositiveCase,
    RapidTest,
    Sample,
    StockMove,
    TestItem,
    TestKit,
    TestPoint,
    TraceEvent,
    Voucher,
    VoucherLine,
)  # fmt: skip
from traceability.services import (
    audit,
    case_answers,
    case_disposal,
    case_finish,
    case_lab,
    case_notify,
    declare,
    enter,
    record_test,
    samples,
    sell,
    take_in,
)  # fmt: skip
from traceability.services.case_steps import settle
from traceability.services.papers import NewPaper

COMPARED = (
    PublicCode, Declaration, Paper, Batch, Voucher, VoucherLine, Intake, LineRefusal, Sample, RapidTest, Hold, HoldItem,
    PositiveCase, CaseStep, CasePhoto, LabReport, Disposal, StockMove, PlanLine, TraceEvent,
)  # fmt: skip
DRAWN = {"id", "token", "typed_code", "label", "client_key", "version"}
"""Columns that chance fills, and the count of redrawn pages."""

BY_ITSELF = {"detected", "downstream", "upstream", "repeat", "published", "false_positive"}
"""Steps that come of another one."""


class Replay:
    def __init__(self, history):
        self.rows = {model: writer.rows for model, writer in history.days.writers.by_model.items()}
        self.writers = history.days.writers
        self.theirs: dict[str, object] = {}
        self.labels: dict[str, str] = {}
        self.photos = _photos()
        self.actors = {account.pk: actor_for(account) for account in Account.objects.all()}

    def play(self) -> None:
        actions = sorted(self._actions(), key=lambda action: action[:2])
        for moment, _rank, act, row in actions:
            with clock.freeze(moment):
                act(row)

    def _actions(self):
        for row in self.rows[Declaration]:
            yield row["declared_at"], 0, self._declare, row
            yield row["audited_at"], 1, self._admit, row
        yield from ((row["sold_at"], 2, self._sell, row) for row in self.rows[Voucher])
        by_form = defaultdict(list)
        for row in self.rows[Intake]:
            by_form[row["client_key"]].append(row)
        for taken in by_form.values():
            act = self._take_in if taken[0]["source"] == "voucher" else self._enter
            yield taken[0]["taken_at"], 3, act, taken
        resamples = {case.get("resample_id") for case in self.rows[PositiveCase]}
        for row in self.rows[Sample]:
            if row["id"] not in resamples:
                yield row["recorded_at"], 4, self._sample, row
        for row in self.rows[RapidTest]:
            yield row["recorded_at"], 7 if row["sample_id"] in resamples else 5, self._test, row
        for row in self.rows[CaseStep]:
            if row["kind"] not in BY_ITSELF and row["data"].get("how") != "inbox":
                yield row["at"], 6, self._step, row

    def _actor(self, account_id):
        return self.actors[UUID(str(account_id))]

    def _declare(self, row):
        papers = [paper for paper in self.rows[Paper] if paper["declaration_id"] == row["id"]]
        place = Place.objects.select_related("market", "organisation").get(pk=row["place_id"])
        made = declare.declare(
            self._actor(row["declared_by_id"]), place=place, product=Product.objects.get(pk=row["product_id"]),
            origin_region=Region.objects.get(pk=row["origin_region_id"]), origin_detail=row["origin_detail"],
            quantity=row["quantity"], unit=row["unit"], supplier=Supplier.objects.get(pk=row["supplier_id"]),
            imported=row["imported"], vehicle_plate=row["vehicle_plate"], client_key=UUID(row["client_key"]),
            papers=[NewPaper(PaperKind(each["kind"]), each["number"], issued_on=each["issued_on"]) for each in papers],
        )  # fmt: skip
        self.theirs[row["id"]] = made.pk

    def _admit(self, row):
        declaration = Declaration.objects.select_related("place__market", "product", "supplier")
        declaration = declaration.get(pk=self.theirs[row["id"]])
        shown = {
            paper["kind"]
            for paper in self.rows[Paper]
            if paper["declaration_id"] == row["id"] and paper["verified_by_id"]
        }
        papers = [paper.pk for paper in declaration.papers.all() if paper.kind in shown]
        made = audit.admit(self._actor(row["audited_by_id"]), declaration=declaration, checked_papers=papers)
        [ours] = [batch for batch in self.rows[Batch] if batch.get("declaration_id") == row["id"]]
        self.theirs[ours["id"]] = made.pk

    def _batch(self, ours):
        rows = Batch.objects.select_related("place__market", "product", "origin_region")
        return ours and rows.get(pk=self.theirs[ours])

    def _sell(self, row):
        lines = sorted(self._lines(row["id"]), key=lambda line: line["position"])
        place = Place.objects.select_related("market", "organisation").get(pk=row["place_id"])
        buyer = sell.Buyer(name=row["buyer_name"], phone=row.get("phone", ""))
        if row.get("buyer_place_id"):
            buyer = sell.Buyer(place=Place.objects.get(pk=row["buyer_place_id"]))
        made = sell.sell(
            self._actor(row["sold_by_id"]), place=place, buyer=buyer, client_key=UUID(row["client_key"]),
            lines=[
                sell.SaleLine(line["weight_kg"], self._batch(line["batch_id"]), unit_price_fen=line["unit_price_fen"])
                for line in lines
            ],
        )  # fmt: skip
        self.theirs[row["id"]] = made.pk
        for ours, line in zip(lines, made.lines.order_by("position"), strict=True):
            self.theirs[ours["id"]] = line.pk

    def _lines(self, voucher_id):
        return [line for line in self.rows[VoucherLine] if line["voucher_id"] == voucher_id]

    def _take_in(self, taken):
        first = taken[0]
        lines = {line["id"]: line for line in self.rows[VoucherLine]}
        voucher_id = lines[first["voucher_line_id"]]["voucher_id"]
        refused = {row["voucher_line_id"]: row["reason"] for row in self.rows[LineRefusal]}
        answers = [
            take_in.Answer(
                self.theirs[line["id"]], line["accepted_kg"], line["refused_kg"], refused.get(line["id"], "")
            )
            for line in self._lines(voucher_id)
        ]
        place = Place.objects.select_related("market", "organisation").get(pk=first["place_id"])
        made = take_in.take_in(
            self._actor(first["taken_by_id"]), place=place, answers=answers, client_key=UUID(first["client_key"]),
            voucher=Voucher.objects.select_related("place__market").get(pk=self.theirs[voucher_id]),
        )  # fmt: skip
        by_line = {intake.voucher_line_id: intake for intake in made}
        for row in taken:
            self._same(row, by_line[self.theirs[row["voucher_line_id"]]])

    def _enter(self, taken):
        [row] = taken
        place = Place.objects.select_related("market", "organisation").get(pk=row["place_id"])
        made = enter.enter_intake(
            self._actor(row["taken_by_id"]), place=place, product=Product.objects.get(pk=row["product_id"]),
            quantity=row["quantity"], unit=row["unit"], origin_region=Region.objects.get(pk=row["origin_region_id"]),
            supplier=Supplier.objects.get(pk=row["supplier_id"]), client_key=UUID(row["client_key"]),
        )  # fmt: skip
        self._same(row, made)

    def _same(self, row, intake):
        self.theirs[row["id"]] = intake.pk
        self.theirs[row["batch_id"]] = intake.batch_id

    def _sample(self, row):
        place = Place.objects.select_related("market").get(pk=row["place_id"])
        made = samples.take_sample(
            self._actor(row["sampled_by_id"]), point=_point(row["point_id"]), purpose=row["purpose"],
            sampled_at=row["sampled_at"], client_key=UUID(row["client_key"]),
            goods=samples.Goods(
                place=place, product=Product.objects.get(pk=row["product_id"]), batch=self._batch(row.get("batch_id"))
            ),
        )  # fmt: skip
        self._sampled(row, made)

    def _sampled(self, row, made):
        self.theirs[row["id"]] = made.pk
        self.labels[row["label"]] = made.label

    def _test(self, row):
        sample = Sample.objects.select_related("point__market", "point__place", "place__market", "batch", "product")
        sample = sample.get(pk=self.theirs[row["sample_id"]])
        earlier = row.get("repeats_id") and RapidTest.objects.get(pk=self.theirs[row["repeats_id"]])
        reading = Reading(
            control_line=row["control_line"], test_line=row["test_line"], value=row["raw_value"], unit=row["raw_unit"]
        )
        if reading == Reading():
            reading = Reading(said=row["result"])
        entry = record_test.Entry(
            item=TestItem.objects.get(pk=row["item_id"]), reading=reading, tested_at=row["tested_at"], repeats=earlier,
            kit=row["kit_id"] and TestKit.objects.get(pk=row["kit_id"]),
            method_no=earlier.method.method_no if earlier and earlier.method else "",
        )  # fmt: skip
        made = record_test.record(
            self._actor(row["tested_by_id"]), sample=sample, entry=entry, client_key=UUID(row["client_key"])
        )
        self.theirs[row["id"]] = made.pk
        for ours in self.rows[PositiveCase]:
            if ours["test_id"] == row["id"]:
                case = PositiveCase.objects.get(test=made)
                self.theirs[ours["id"]] = case.pk
                self.theirs[ours["hold_id"]] = case.hold_id

    def _step(self, step):
        [row] = [case for case in self.rows[PositiveCase] if case["id"] == step["case_id"]]
        related = PositiveCase.objects.select_related(
            "place__market", "point__organisation", "organisation", "item", "product", "batch", "hold", "test__sample"
        )
        case = related.get(pk=self.theirs[row["id"]])
        actor = step["by_id"] and self._actor(step["by_id"])
        getattr(self, f"_{step['kind']}")(actor, case, row, step)

    def _notified(self, actor, case, row, step):
        case_notify.notify_holder(actor, case=case, how=step["text"], client_key=UUID(step["client_key"]))

    def _accepted(self, actor, case, row, step):
        case_answers.accept(actor, case=case, client_key=UUID(step["client_key"]))

    def _objected(self, actor, case, row, step):
        case_answers.object_to(actor, case=case, reason=row["objection"], client_key=UUID(step["client_key"]))

    def _lapsed(self, actor, case, row, step):
        settle(case, step["at"])

    def _sealed(self, actor, case, row, step):
        case_lab.seal(
            actor, case=case, seal_no=row["seal_no"], laboratory=step["data"]["laboratory"],
            photo=self._photo(row, "seal"), client_key=UUID(step["client_key"]),
        )  # fmt: skip

    def _lab(self, actor, case, row, step):
        [report] = [each for each in self.rows[LabReport] if each["case_id"] == row["id"]]
        finding = case_lab.Finding(
            laboratory=report["laboratory"], report_no=report["report_no"], method=report["method"],
            passed=report["passed"], issued_on=report["issued_on"],
        )  # fmt: skip
        case_lab.record_lab_report(actor, case=case, finding=finding, client_key=UUID(step["client_key"]))

    _lab_pass = _lab_fail = _lab

    def _disposed(self, actor, case, row, step):
        [done] = [each for each in self.rows[Disposal] if each["case_id"] == row["id"]]
        case_disposal.dispose(
            actor, case=case, client_key=UUID(step["client_key"]),
            done=case_disposal.Done(
                method=done["method"], weight_kg=done["weight_kg"], witnesses=done["witnesses"],
                before=self._photo(row, "before"), after=self._photo(row, "after"),
            ),
        )  # fmt: skip

    def _reported(self, actor, case, row, step):
        case_finish.report(actor, case=case, reported_to=row["reported_to"], client_key=UUID(step["client_key"]))

    def _resampled(self, actor, case, row, step):
        case_finish.resample(actor, case=case, client_key=UUID(step["client_key"]))
        [ours] = [sample for sample in self.rows[Sample] if sample["id"] == row["resample_id"]]
        self._sampled(ours, case.resample)

    def _closed(self, actor, case, row, step):
        if row["outcome"] == "cleared_by_repeat":
            case_finish.clear(actor, case=case, reason=step["text"], client_key=UUID(step["client_key"]))
        else:
            case_finish.close(actor, case=case, note=step["text"], client_key=UUID(step["client_key"]))

    def _photo(self, row, kind):
        found = [
            each["sha256"] for each in self.rows[CasePhoto] if (each["case_id"], each["kind"]) == (row["id"], kind)
        ]
        return self.photos[found[0]] if found else None

    # what came of it

    def ours(self, model) -> Counter:
        """The history's rows, its ids exchanged for those the services gave."""
        known = {ours: str(theirs) for ours, theirs in self.theirs.items()} | self.labels
        return Counter(_plain(model, self.writers[model].whole(row), known) for row in self.rows[model])

    @staticmethod
    def services(model) -> Counter:
        rows = model.objects.filter(kind__in=["b", "v"]) if model is PublicCode else model.objects.all()
        return Counter(_plain(model, row, {}) for row in rows.values())


def _plain(model, row, known):
    return tuple(
        (field.attname, _value(field, row[field.attname], known))
        for field in model._meta.concrete_fields
        if field.attname not in DRAWN
    )


def _value(field, value, known):
    if isinstance(field, models.DecimalField) and value is not None:
        return Decimal(value).quantize(Decimal(1).scaleb(-field.decimal_places))
    if isinstance(value, dt.datetime):
        return value.astimezone(dt.UTC)
    if isinstance(value, dict):
        return tuple(sorted((key, known.get(str(each), str(each))) for key, each in value.items()))
    if isinstance(value, list | tuple):
        return tuple(value)
    return known.get(str(value), str(value)) if value is not None else None


def _point(point_id):
    return TestPoint.objects.select_related("market", "place", "organisation").get(pk=point_id)


def _photos():
    drawn = [pictures.sealed_bag(number) for number in range(8)]
    drawn += [pictures.crate(number, full=full) for number in range(6) for full in (True, False)]
    return {image.sha256: image for image in drawn}
