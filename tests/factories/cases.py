"""Positives, made by recording a test; and each of them brought as far as a test wants it."""

from __future__ import annotations

import datetime as dt
import io
from decimal import Decimal

from PIL import Image

from kit import clock, images
from kit.ids import uuid7
from registry.models import Place
from registry.roles import Role
from tests.factories.registry import OrganisationFactory, StoreFactory, TownFactory, actor_with
from tests.factories.testing import LONG_AGO, TestItemFactory, point_at
from tests.factories.traceability import BatchFactory, HandIntakeFactory, clerk, keeper, officer
from traceability.models import PositiveCase, Sample, TestPoint
from traceability.services import case_answers, case_disposal, case_finish, case_lab, record_test

LABORATORY = "佛山市质量计量监督检测中心"


def picture(colour: str = "green"):
    """A small photo, as a form hands it on."""
    file = io.BytesIO()
    Image.new("RGB", (40, 30), colour).save(file, "JPEG")
    file.seek(0)
    return images.reencode(file)


def positive(batch=None, *, purpose: str = Sample.Purpose.ROUTINE, point=None, **item) -> PositiveCase:
    """A positive on a batch, whose keeper has an account and so knows at once."""
    batch = batch or BatchFactory()
    point = point or point_at(batch.place)
    test = record_test.record_test(
        tester_at(point), batch=batch, point=point, item=TestItemFactory(**item), result="positive", purpose=purpose,
        client_key=uuid7(),
    )  # fmt: skip
    return PositiveCase.objects.select_related("place", "batch").get(test=test)


def untold_positive() -> PositiveCase:
    """The stall's keeper left our accounts after the goods came in."""
    batch = BatchFactory()
    batch.place.grants.update(ended_at=clock.now())
    return positive(batch)


def canteen_positive(**more) -> PositiveCase:
    """A school canteen tests what it bought by hand-entered intake, and finds something."""
    intake = HandIntakeFactory(place=StoreFactory())
    return positive(intake.batch, purpose=Sample.Purpose.ACCEPTANCE, **more)


def regulators_positive(batch=None, **more) -> PositiveCase:
    batch = batch or BatchFactory()
    return positive(batch, purpose=Sample.Purpose.REGULATOR, point=station(batch.place), **more)


def station(place: Place) -> TestPoint:
    return TestPoint.objects.create(
        district_id=place.district_id, kind=TestPoint.Kind.STATION, code=f"S{TestPoint.objects.count():05d}",
        name="西南监管所", town=TownFactory(), organisation=OrganisationFactory(name="三水区市场监督管理局"),
        opened_on=LONG_AGO,
    )  # fmt: skip


def tester_at(point: TestPoint):
    if point.place_id:
        return actor_with(Role.STORE_MANAGER, place=point.place)
    if point.market_id:
        return actor_with(Role.TESTER, market=point.market)
    return actor_with(Role.TESTER, district_id=point.district_id)


def holder(case: PositiveCase):
    return keeper(case.place)


def manager(case: PositiveCase):
    """Of its market; of a canteen, the officer."""
    return clerk(case.place) if case.place.market_id else officer(case.district_id)


def repeated(case: PositiveCase, result: str, actor=None) -> PositiveCase:
    record_test.record(
        actor or tester_at(case.point), sample=case.test.sample, client_key=uuid7(),
        entry=record_test.Entry(item=case.item, reading=record_test.judging.Reading(said=result), repeats=case.test),
    )  # fmt: skip
    return fresh(case)


def accepted(case: PositiveCase) -> PositiveCase:
    return case_answers.accept(holder(case), case=case, client_key=uuid7())


def objected(case: PositiveCase) -> PositiveCase:
    return case_answers.object_to(holder(case), case=case, reason="这批菜有合格证", client_key=uuid7())


def sealed(case: PositiveCase, laboratory: str = LABORATORY) -> PositiveCase:
    return case_lab.seal(
        officer(case.district_id), case=case, seal_no="FY-001", laboratory=laboratory, photo=picture(),
        client_key=uuid7(),
    )  # fmt: skip


def reported_by_lab(case: PositiveCase, *, passed: bool, method: str = "GB 23200.121-2021") -> PositiveCase:
    return case_lab.record_lab_report(
        officer(case.district_id), case=case, client_key=uuid7(),
        finding=case_lab.Finding(
            laboratory=LABORATORY, report_no="2026-J-0815", method=method, passed=passed,
            issued_on=case.sealed_at.date(),
        ),
    )  # fmt: skip


def done(weight_kg="100", method="destroyed", **more) -> case_disposal.Done:
    """What was done, with both photos."""
    photos = {"before": picture("green"), "after": picture("black")}
    return case_disposal.Done(method=method, weight_kg=Decimal(weight_kg), witnesses="王强、李敏", **(photos | more))


def disposed(case: PositiveCase, **more) -> PositiveCase:
    case.batch.refresh_from_db()
    what = done(**{"weight_kg": str(case_disposal.left_kg(case.batch)), **more})
    return case_disposal.dispose(holder(case), case=case, done=what, client_key=uuid7())


def reported(case: PositiveCase) -> PositiveCase:
    return case_finish.report(manager(case), case=case, reported_to="西南市场监管所", client_key=uuid7())


def resampled(case: PositiveCase) -> PositiveCase:
    return case_finish.resample(tester_at(case.point), case=case, client_key=uuid7())


def followed_up(case: PositiveCase, result: str = "negative") -> PositiveCase:
    record_test.record(
        tester_at(case.point), sample=case.resample, client_key=uuid7(),
        entry=record_test.Entry(item=case.item, reading=record_test.judging.Reading(said=result)),
    )  # fmt: skip
    return case


def fresh(case: PositiveCase) -> PositiveCase:
    return PositiveCase.objects.select_related("place", "batch", "hold").get(pk=case.pk)


def after(case: PositiveCase, **length) -> dt.datetime:
    return case.opened_at + dt.timedelta(**length)
