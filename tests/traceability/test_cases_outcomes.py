"""What becomes of a positive: the laboratory, the disposal, the report, the follow-up, the end, and who is late."""

import datetime as dt
from decimal import Decimal

import pytest

from kit import clock
from kit.ids import uuid7
from kit.refusals import Invalid
from registry.models import Notice
from registry.permissions import NotYourJob
from registry.roles import Role
from tests.factories import cases as made
from tests.factories.registry import account_with
from tests.factories.testing import TestMethodFactory
from tests.factories.traceability import (
    DAWN,
    BatchFactory,
    HoldFactory,
    IntakeFactory,
    WholesaleStallFactory,
    clerk,
    officer,
)
from traceability.models import Batch, CaseStep, Disposal, HoldItem, LabReport, PlanLine, PositiveCase, StockMove
from traceability.refusals import (
    NotEnough,
    NotTestedYet,
    RapidMethod,
    SameBody,
)
from traceability.services import case_disposal, case_finish, case_lab, case_reminders
from traceability.services.hold import release_hold
from traceability.services.write_off import write_off

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("dawn")]


def told(kind: str) -> set:
    return set(Notice.objects.filter(kind=kind).values_list("account_id", flat=True))


def kinds(case) -> list[str]:
    return list(CaseStep.objects.filter(case=case).values_list("kind", flat=True))


def at(case, **length):
    return clock.freeze(made.after(case, **length))


class TestTheLaboratory:
    def test_it_has_seven_working_days_by_the_official_calendar(self):
        case = made.sealed(made.objected(made.positive()))
        assert case.lab_due_on == dt.date(2026, 12, 1), "22 November 2026 is a Sunday"
        assert not case.lab_due_provisional
        assert case.photos.get().kind == "seal"

    def test_passed_the_cases_own_hold_is_lifted_and_no_other(self):
        case = made.sealed(made.objected(made.positive(BatchFactory(unproven=True))))
        HoldFactory(batches=[case.batch])
        case = made.reported_by_lab(case, passed=True)
        assert (case.state, case.outcome) == ("lab_pass", "cleared_by_lab")
        assert made.fresh(case).hold.released_at is not None
        assert HoldItem.objects.filter(batch=case.batch, released_at=None).count() == 1
        assert made.fresh(case).batch.state == "admitted", "a laboratory's report is a quality proof"
        mark = CaseStep.objects.get(case=case, kind="false_positive")
        assert mark.data["point_id"] == str(case.point_id)

    def test_passed_for_one_item_does_not_free_what_another_found(self):
        batch = BatchFactory(unproven=True)
        case = made.sealed(made.objected(made.positive(batch)))
        made.positive(batch, code="CARBO")
        made.reported_by_lab(made.fresh(case), passed=True)
        assert made.fresh(case).batch.state == "pending_test"

    def test_a_hold_an_officer_has_lifted_meanwhile_is_no_obstacle(self):
        case = made.sealed(made.objected(made.positive()))
        release_hold(officer(), hold=made.fresh(case).hold, note="误检")
        assert made.reported_by_lab(made.fresh(case), passed=True).state == "lab_pass"

    def test_failed_the_goods_are_to_be_disposed_of(self):
        case = made.reported_by_lab(made.sealed(made.objected(made.positive())), passed=False)
        assert case.state == "lab_fail"
        assert case.disposal_due_at is not None
        assert made.fresh(case).hold.released_at is None

    @pytest.mark.parametrize("method", ["KJ 201710", "胶体金免疫层析法", "KJ 202599"])
    def test_by_no_rapid_method(self, method):
        case = made.sealed(made.objected(made.positive()))
        TestMethodFactory(method_no="KJ 202599")
        with pytest.raises(RapidMethod) as refused:
            made.reported_by_lab(case, passed=True, method=method)
        assert "method" in refused.value.fields
        assert not LabReport.objects.exists()

    def test_by_another_body_than_the_tester_or_the_holder(self):
        case = made.objected(made.positive())
        for name in (case.point.organisation.name, case.organisation.name):
            with pytest.raises(SameBody):
                made.sealed(case, laboratory=name)

    def test_only_officers_enter_its_report(self):
        case = made.sealed(made.objected(made.positive()))
        finding = case_lab.Finding(
            laboratory="检测中心", report_no="1", method="GB 23200.121", passed=True, issued_on=DAWN.date()
        )
        with pytest.raises(NotYourJob):
            case_lab.record_lab_report(clerk(case.place), case=case, finding=finding, client_key=uuid7())

    def test_a_report_of_another_day_is_refused(self):
        case = made.sealed(made.objected(made.positive()))
        finding = case_lab.Finding(
            laboratory="检测中心", report_no="1", method="GB 23200.121", passed=True, issued_on=dt.date(2026, 11, 30)
        )
        with pytest.raises(Invalid) as refused:
            case_lab.record_lab_report(officer(), case=case, finding=finding, client_key=uuid7())
        assert "issued_on" in refused.value.fields

    def test_a_cleared_case_closes_with_what_was_agreed(self):
        case = made.reported_by_lab(made.sealed(made.objected(made.positive())), passed=True)
        case_finish.close(officer(), case=case, note="市场赔偿档主损失 300 元", client_key=uuid7())
        assert (case.state, case.outcome) == ("closed", "cleared_by_lab")


class TestTheDisposal:
    def test_the_kilos_leave_stock_and_the_case_moves_on(self):
        case = made.disposed(made.accepted(made.positive()))
        case.batch.refresh_from_db()
        assert (case.state, case.batch.disposed_kg, case.batch.kg_on_hand) == ("disposed", 100, 0)
        assert set(case.photos.values_list("kind", flat=True)) == {"before", "after"}

    def test_part_by_part_until_nothing_is_left(self):
        case = made.accepted(made.positive())
        case = made.disposed(case, weight_kg="40")
        assert case.state == "accepted"
        case = made.disposed(made.fresh(case), weight_kg="60", method="returned")
        case.batch.refresh_from_db()
        assert (case.state, case.batch.disposed_kg, case.batch.returned_kg) == ("disposed", 40, 60)
        assert StockMove.objects.filter(batch=case.batch).count() == 2

    def test_goods_already_put_aside_are_disposed_of_too(self):
        case = made.accepted(made.positive())
        write_off(made.holder(case), batch=case.batch, kind="withdrawn", weight_kg=Decimal(30), client_key=uuid7())
        case = made.disposed(made.fresh(case))
        case.batch.refresh_from_db()
        assert (case.batch.disposed_kg, case.batch.withdrawn_kg, case.state) == (100, 0, "disposed")

    def test_not_more_than_there_is(self):
        case = made.accepted(made.positive())
        with pytest.raises(NotEnough):
            made.disposed(case, weight_kg="100.001")
        assert not Disposal.objects.exists()

    @pytest.mark.parametrize("missing", [{"before": None}, {"after": None}, {"weight_kg": "0"}])
    def test_photos_and_kilos_are_needed(self, missing):
        case = made.accepted(made.positive())
        with pytest.raises(Invalid) as refused:
            case_disposal.dispose(made.holder(case), case=case, done=made.done(**missing), client_key=uuid7())
        assert set(refused.value.fields) == set(missing)

    def test_a_witness_is_needed(self):
        case = made.accepted(made.positive())
        what = case_disposal.Done(method="nothing_left", weight_kg=Decimal(0), witnesses=" ")
        with pytest.raises(Invalid) as refused:
            case_disposal.dispose(made.holder(case), case=case, done=what, client_key=uuid7())
        assert "witnesses" in refused.value.fields

    def test_nothing_left_needs_no_photo_but_must_be_true(self):
        case = made.accepted(made.positive())
        nothing = case_disposal.Done(method="nothing_left", weight_kg=Decimal(0), witnesses="王强")
        with pytest.raises(Invalid) as refused:
            case_disposal.dispose(made.holder(case), case=case, done=nothing, client_key=uuid7())
        assert "method" in refused.value.fields
        Batch.objects.filter(pk=case.batch_id).update(lost_kg=100)
        done = case_disposal.dispose(made.holder(case), case=made.fresh(case), done=nothing, client_key=uuid7())
        assert done.state == "disposed"

    def test_it_was_done_after_the_positive_and_not_in_the_future(self):
        case = made.accepted(made.positive())
        for moment in (made.after(case, minutes=-1), made.after(case, hours=1)):
            with pytest.raises(Invalid) as refused:
                made.disposed(case, done_at=moment)
            assert "done_at" in refused.value.fields

    def test_sent_twice_it_happens_once(self):
        case, key = made.accepted(made.positive()), uuid7()
        actor = made.holder(case)
        for _ in range(2):
            case_disposal.dispose(actor, case=made.fresh(case), done=made.done(), client_key=key)
        assert Disposal.objects.count() == StockMove.objects.count() == 1

    def test_the_market_or_an_officer_may_record_it_for_the_holder(self):
        case = made.accepted(made.positive())
        made_by = case_disposal.dispose(clerk(case.place), case=case, done=made.done(), client_key=uuid7())
        assert made_by.state == "disposed"


class TestTheEnd:
    def test_the_report_tells_upstream_and_plans_the_follow_up(self):
        case = made.reported(made.disposed(made.accepted(made.positive())))
        assert (case.reported_to, case.resample_due_on) == ("西南市场监管所", dt.date(2026, 11, 25))
        line = PlanLine.objects.get(case=case)
        assert (line.day, line.reason, line.place_id) == (dt.date(2026, 11, 23), "follow_up", case.place_id)

    def test_two_reports_at_one_point_take_two_positions(self):
        place = WholesaleStallFactory()
        for _ in range(2):
            made.reported(made.disposed(made.accepted(made.positive(BatchFactory(place=place)))))
        assert sorted(PlanLine.objects.values_list("position", flat=True)) == [1, 2]

    def test_the_follow_up_sample_is_linked_and_tested_before_the_case_closes(self):
        case = made.resampled(made.reported(made.disposed(made.accepted(made.positive()))))
        assert case.resample.purpose == "follow_up"
        with pytest.raises(NotTestedYet):
            case_finish.close(made.manager(case), case=case, note="办结", client_key=uuid7())
        made.followed_up(case)
        case_finish.close(made.manager(case), case=case, note="复查未检出", client_key=uuid7())
        assert (case.state, case.outcome, case.due_at) == ("closed", "disposed", None)

    def test_a_sample_of_before_or_of_elsewhere_is_no_follow_up(self):
        case = made.reported(made.disposed(made.accepted(made.positive())))
        other = case.test.sample
        with pytest.raises(Invalid):
            case_finish.resample(clerk(case.place), case=case, sample=other, client_key=uuid7())

    def test_a_follow_up_that_finds_something_opens_a_case_of_its_own(self):
        case = made.resampled(made.reported(made.disposed(made.accepted(made.positive()))))
        made.followed_up(case, "positive")
        assert PositiveCase.objects.count() == 2

    def test_the_story_holds_every_step(self):
        case = made.resampled(made.reported(made.disposed(made.accepted(made.positive()))))
        made.followed_up(case)
        case_finish.close(made.manager(case), case=case, note="复查未检出", client_key=uuid7())
        assert set(kinds(case)) == {
            "detected", "downstream", "notified", "accepted", "published", "disposed", "upstream", "reported",
            "resampled", "closed",
        }  # fmt: skip


class TestACanteen:
    def test_it_sends_the_goods_back_and_those_upstream_are_told(self):
        intake = IntakeFactory(voucher__buyer=made.StoreFactory())
        seller = Batch.objects.get(pk=intake.batch.parent_id).place
        seller_person = account_with(Role.WHOLESALER, place=seller)
        case = made.positive(intake.batch, purpose="acceptance")
        assert case.branch == "canteen"
        assert seller_person.id in told("case_upstream")
        assert CaseStep.objects.get(case=case, kind="upstream").data == {"count": 1}
        case = made.disposed(made.accepted(case), method="returned")
        case.batch.refresh_from_db()
        assert case.batch.returned_kg == 10

    def test_it_does_not_close_its_own_case(self):
        case = made.resampled(made.reported(made.disposed(made.accepted(made.canteen_positive()))))
        made.followed_up(case)
        with pytest.raises(NotYourJob):
            case_finish.close(made.holder(case), case=case, note="办结", client_key=uuid7())
        assert case_finish.close(officer(), case=case, note="办结", client_key=uuid7()).state == "closed"


class TestOverdue:
    def test_a_passed_deadline_is_told_once_to_the_late_and_to_the_town(self):
        place = WholesaleStallFactory()
        town_officer = account_with(Role.TOWN_OFFICER, town=place.town)
        case = made.accepted(made.positive(BatchFactory(place=place)))
        with at(case, hours=25):
            assert case_reminders.remind_cases() == 1
            assert case_reminders.remind_cases() == 0
        assert told("case_escalated") == {town_officer.id}
        assert told("case_overdue")
        assert made.fresh(case).reminded_at == made.after(case, hours=25)

    def test_before_the_deadline_nobody_is_reminded(self):
        case = made.accepted(made.positive())
        with at(case, hours=24):
            assert case_reminders.remind_cases() == 0

    def test_the_next_deadline_is_reminded_of_anew(self):
        case = made.accepted(made.positive())
        with at(case, hours=25):
            case_reminders.remind_cases()
            made.disposed(made.fresh(case))
        with at(case, hours=60):
            assert case_reminders.remind_cases() == 1

    def test_an_untold_holder_is_reminded_of_after_a_quarter_of_an_hour(self):
        case = made.untold_positive()
        with at(case, minutes=16):
            assert case_reminders.remind_cases() == 1
