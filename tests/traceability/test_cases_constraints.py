"""Each rule the database keeps for positives and rules of the district, broken once."""

import datetime as dt
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from kit.ids import uuid7
from registry.models import Notice, NoticeDelivery
from tests.factories import cases as made
from tests.factories.registry import DISTRICT
from tests.factories.traceability import DAWN
from traceability.models import CasePhoto, CaseStep, Disposal, LabReport, Policy, PositiveCase

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("dawn")]


def refused(constraint):
    return pytest.raises(IntegrityError, match=constraint)


@pytest.fixture
def case():
    return made.positive()


def test_a_test_opens_one_case(case):
    copy = PositiveCase.objects.get(pk=case.pk)
    copy.pk = uuid7()
    with refused("positive_case_once_per_test"), transaction.atomic():
        copy.save(force_insert=True)


@pytest.mark.parametrize(
    "fields",
    [{"state": "closed", "closed_at": DAWN}, {"state": "closed", "outcome": "disposed"}, {"closed_at": DAWN}],
)  # fmt: skip
def test_a_closed_case_has_its_moment_and_its_outcome_and_an_open_one_no_moment(case, fields):
    with refused("positive_case_closed_has_outcome"), transaction.atomic():
        PositiveCase.objects.filter(pk=case.pk).update(**fields)


def test_an_objection_has_its_reason(case):
    with refused("positive_case_objection_has_reason"), transaction.atomic():
        PositiveCase.objects.filter(pk=case.pk).update(state="objected")


def test_a_form_is_one_step(case):
    step = {"district_id": DISTRICT, "case": case, "kind": "note", "at": DAWN, "client_key": uuid7()}
    CaseStep.objects.create(**step)
    with refused("case_step_client_key_once"), transaction.atomic():
        CaseStep.objects.create(**step)


def test_a_photo_is_kept_once(case):
    photo = {"district_id": DISTRICT, "case": case, "kind": "seal", "image": "x", "sha256": "0" * 64, "added_at": DAWN,
             "added_by": case.test.tested_by}  # fmt: skip
    CasePhoto.objects.create(**photo)
    with refused("case_photo_once"), transaction.atomic():
        CasePhoto.objects.create(**photo)


def test_a_report_is_entered_once(case):
    report = {
        "district_id": DISTRICT, "case": case, "laboratory": "检测中心", "report_no": "1", "method": "GB 23200.121",
        "passed": True, "issued_on": DAWN.date(), "recorded_at": DAWN, "recorded_by": case.test.tested_by,
    }  # fmt: skip
    LabReport.objects.create(**report)
    with refused("lab_report_once"), transaction.atomic():
        LabReport.objects.create(**report)


class TestDisposals:
    def disposal(self, case, **changes):
        row = {
            "district_id": DISTRICT, "case": case, "batch": case.batch, "method": "destroyed", "weight_kg": Decimal(1),
            "witnesses": "王强", "done_at": DAWN, "recorded_at": DAWN, "recorded_by": case.test.tested_by,
            "client_key": uuid7(),
        }  # fmt: skip
        return Disposal.objects.create(**(row | changes))

    def test_a_form_is_one_disposal(self, case):
        key = uuid7()
        self.disposal(case, client_key=key)
        with refused("disposal_client_key_once"), transaction.atomic():
            self.disposal(case, client_key=key)

    @pytest.mark.parametrize("changes", [{"weight_kg": Decimal(0)}, {"method": "nothing_left"}])
    def test_it_has_kilos_unless_nothing_was_left(self, case, changes):
        with refused("disposal_has_kilos"), transaction.atomic():
            self.disposal(case, **changes)

    def test_it_has_a_witness(self, case):
        with refused("disposal_has_witness"), transaction.atomic():
            self.disposal(case, witnesses="")


class TestPolicies:
    def version(self, **changes):
        row = {"district_id": DISTRICT, "name": "case_clocks", "value": {}, "effective_from": DAWN, "made_at": DAWN}
        return Policy.objects.create(**(row | {"client_key": uuid7()} | changes))

    def test_two_versions_do_not_begin_at_one_moment(self):
        self.version()
        with refused("policy_version_once"), transaction.atomic():
            self.version()

    def test_a_form_is_one_version(self):
        key = uuid7()
        self.version(client_key=key)
        with refused("policy_client_key_once"), transaction.atomic():
            self.version(client_key=key, effective_from=DAWN + dt.timedelta(hours=1))


def test_a_notice_goes_out_once_through_a_channel(case):
    delivery = {"district_id": DISTRICT, "notice": Notice.objects.first(), "channel": "sms", "made_at": DAWN}
    NoticeDelivery.objects.create(**delivery)
    with refused("notice_delivery_once"), transaction.atomic():
        NoticeDelivery.objects.create(**delivery)
