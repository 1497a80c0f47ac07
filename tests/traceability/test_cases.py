"""A positive from the strip to the closed case: who does what, what is refused, what is written down."""

import datetime as dt
from decimal import Decimal

import pytest

from kit import clock
from kit.ids import uuid7
from kit.refusals import Invalid, NotFound
from kit.transitions import StaleState
from registry.models import Notice
from registry.permissions import NotYourJob
from registry.roles import Role
from registry.selectors.actors import actor_for
from tests.factories import cases as made
from tests.factories.registry import MarketFactory, StallFactory, account_with, actor_with
from tests.factories.testing import TestMethodFactory
from tests.factories.traceability import (
    DAWN,
    BatchFactory,
    HoldFactory,
    IntakeFactory,
    RapidTestFactory,
    WholesaleStallFactory,
    clerk,
    keeper,
    later_keeper,
    officer,
)
from traceability.models import Batch, CaseStep, Disposal, HoldItem, LabReport, PlanLine, PositiveCase, StockMove
from traceability.refusals import (
    NotEnough,
    NotTestedYet,
    ObjectionTooLate,
    RapidMethod,
    SameBody,
    StepNotPossible,
)
from traceability.services import case_answers, case_disposal, case_finish, case_lab, case_notify, case_reminders
from traceability.services.case_repeat import repeat
from traceability.services.hold import release_hold
from traceability.services.write_off import write_off

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("dawn")]


def told(kind: str) -> set:
    return set(Notice.objects.filter(kind=kind).values_list("account_id", flat=True))


def kinds(case) -> list[str]:
    return list(CaseStep.objects.filter(case=case).values_list("kind", flat=True))


def at(case, **length):
    return clock.freeze(made.after(case, **length))


class TestBeingTold:
    def test_a_holder_with_an_account_is_told_in_the_same_transaction(self):
        case = made.positive()
        assert case.state == "notified"
        assert case.notified_at == case.opened_at
        assert case.objection_due_at == case.opened_at + dt.timedelta(hours=4)
        assert told("case_opened") == set(case.place.grants.values_list("account_id", flat=True)) != set()

    def test_testers_managers_and_officers_hear_of_it(self):
        place = WholesaleStallFactory()
        manager = account_with(Role.MARKET_MANAGER, market=place.market)
        town_officer = account_with(Role.TOWN_OFFICER, town=place.town)
        elsewhere = account_with(Role.MARKET_MANAGER, market=MarketFactory())
        made.positive(BatchFactory(place=place))
        assert {manager.id, town_officer.id} <= told("case_found")
        assert elsewhere.id not in told("case_found")

    def test_where_a_town_has_no_officer_the_district_hears(self):
        place = WholesaleStallFactory()
        district = account_with(Role.DISTRICT_OFFICER, district_id=place.district_id)
        made.positive(BatchFactory(place=place))
        assert district.id in told("case_found")

    def test_a_holder_without_an_account_is_told_by_a_person_and_the_time_runs_from_then(self):
        case = holder_without_account()
        assert (case.state, case.notified_at) == ("detected", None)
        assert case.due_at == case.notify_due_at == case.opened_at + dt.timedelta(minutes=15)
        with at(case, minutes=10):
            case_notify.notify_holder(clerk(case.place), case=case, how="当面告知档主", client_key=uuid7())
        assert case.objection_due_at == made.after(case, hours=4, minutes=10)
        assert CaseStep.objects.get(case=case, kind="notified").text == "当面告知档主"

    def test_how_he_was_told_is_said(self):
        case = holder_without_account()
        with pytest.raises(Invalid) as refused:
            case_notify.notify_holder(clerk(case.place), case=case, how=" ", client_key=uuid7())
        assert "how" in refused.value.fields

    def test_the_clerk_of_another_market_does_not_tell(self):
        case = holder_without_account()
        stranger = actor_with(Role.MARKET_MANAGER, market=MarketFactory())
        with pytest.raises(NotFound):
            case_notify.notify_holder(stranger, case=case, how="电话", client_key=uuid7())


def holder_without_account() -> PositiveCase:
    """The stall's keeper left our accounts after the goods came in."""
    batch = BatchFactory()
    batch.place.grants.update(ended_at=clock.now())
    return made.positive(batch)


class TestASecondStrip:
    def test_one_that_agrees_confirms_widens_and_lets_the_item_be_named(self):
        intake = IntakeFactory()
        batch = Batch.objects.get(pk=intake.batch.parent_id)
        case = made.positive(batch)
        assert not HoldItem.objects.filter(batch=intake.batch).exists()
        case = made.repeated(case, "positive")
        assert case.confirmed is True
        assert HoldItem.objects.filter(batch=intake.batch, released_at=None).exists()
        assert case.published_at is not None

    def test_one_that_does_not_agree_is_kept_beside_the_first(self):
        case = made.repeated(made.positive(), "negative")
        assert case.confirmed is False
        assert case.test.repeated_by.count() == 1
        assert case.published_at is None

    @pytest.mark.parametrize("result", ["suspect", "invalid"])
    def test_one_that_says_nothing_decides_nothing(self, result):
        assert made.repeated(made.positive(), result).confirmed is None

    def test_agreement_outweighs_an_earlier_or_later_negative(self):
        case = made.positive()
        made.repeated(case, "negative")
        assert made.repeated(case, "positive").confirmed is True
        assert made.repeated(case, "negative").confirmed is True

    def test_by_the_same_person_it_is_marked(self):
        case = made.positive()
        repeat(actor_for(case.test.tested_by), case=case, result="positive", client_key=uuid7())
        assert case.test.repeated_by.get().same_person

    def test_by_a_second_person_it_is_not(self):
        case = made.repeated(made.positive(), "positive")
        assert not case.test.repeated_by.get().same_person

    def test_a_doubtful_test_repeated_positive_opens_the_case(self):
        doubtful = RapidTestFactory(result="suspect")
        assert not PositiveCase.objects.exists()
        made.record_test.record(
            made.tester_at(doubtful.point), sample=doubtful.sample, client_key=uuid7(),
            entry=made.record_test.Entry(
                item=doubtful.item, reading=made.record_test.judging.Reading(said="positive"), repeats=doubtful
            ),
        )  # fmt: skip
        assert PositiveCase.objects.count() == 1

    def test_the_service_reads_it_once_however_often_sent(self):
        case, key = made.positive(), uuid7()
        tester = made.tester_at(case.point)
        for _ in range(2):
            repeat(tester, case=case, result="negative", client_key=key)
        assert case.test.repeated_by.count() == 1
        with pytest.raises(StepNotPossible):
            repeat(tester, case=case, result="negative", client_key=uuid7())


class TestClearedByASecondStrip:
    def test_the_market_closes_with_a_reason_and_the_goods_are_free(self):
        case = made.repeated(made.positive(BatchFactory(unproven=True)), "negative")
        case_finish.clear(made.manager(case), case=case, reason="第一条检测卡过期", client_key=uuid7())
        case = made.fresh(case)
        assert (case.state, case.outcome) == ("closed", "cleared_by_repeat")
        assert case.hold.released_at is not None
        assert case.batch.state == "admitted"

    def test_not_without_a_reason(self):
        case = made.repeated(made.positive(), "negative")
        with pytest.raises(Invalid):
            case_finish.clear(made.manager(case), case=case, reason=" ", client_key=uuid7())

    def test_not_without_a_negative_strip(self):
        case = made.positive()
        with pytest.raises(StepNotPossible):
            case_finish.clear(made.manager(case), case=case, reason="看错了", client_key=uuid7())

    def test_a_regulators_positive_is_cleared_by_a_laboratory_only(self):
        case = made.repeated(made.regulators_positive(), "negative")
        with pytest.raises(StepNotPossible):
            case_finish.clear(officer(), case=case, reason="看错了", client_key=uuid7())

    def test_a_tester_does_not_clear_his_own_positive(self):
        case = made.repeated(made.positive(), "negative")
        with pytest.raises(NotYourJob):
            case_finish.clear(made.tester_at(case.point), case=case, reason="看错了", client_key=uuid7())


class TestTheHoldersAnswer:
    def test_accepting_waives_the_objection_and_starts_the_disposal_clock(self):
        case = made.accepted(made.positive())
        assert case.state == "accepted"
        assert case.disposal_due_at == case.due_at == made.after(case, hours=24)
        assert case.published_at is not None

    def test_an_objection_needs_its_reason(self):
        case = made.positive()
        with pytest.raises(Invalid) as refused:
            case_answers.object_to(made.holder(case), case=case, reason=" ", client_key=uuid7())
        assert "reason" in refused.value.fields

    def test_an_objection_in_the_last_second_counts(self):
        case = made.regulators_positive()
        with at(case, hours=4):
            assert made.objected(case).state == "objected"

    def test_a_second_later_it_is_refused_with_the_article(self):
        case = made.regulators_positive()
        with at(case, hours=4, seconds=1), pytest.raises(ObjectionTooLate) as refused:
            made.objected(case)
        assert refused.value.data["article"] == "fsl.88"
        assert made.fresh(case).state == "notified", "nothing was changed"

    def test_a_markets_own_test_goes_by_the_markets_agreement(self):
        case = made.positive()
        with at(case, hours=4, seconds=1), pytest.raises(ObjectionTooLate) as refused:
            made.objected(case)
        assert refused.value.data["article"] == ""

    def test_only_who_holds_the_goods_answers(self):
        case = made.positive()
        stranger = keeper(StallFactory(market=case.place.market))
        for actor in (stranger, later_keeper(case.place)):
            with pytest.raises(NotFound):
                case_answers.accept(actor, case=made.fresh(case), client_key=uuid7())
        with pytest.raises(NotYourJob):
            case_answers.accept(clerk(case.place), case=case, client_key=uuid7())

    def test_sent_twice_it_is_one_answer(self):
        case, key = made.positive(), uuid7()
        actor = made.holder(case)
        case_answers.accept(actor, case=case, client_key=key)
        again = case_answers.accept(actor, case=PositiveCase.objects.get(pk=case.pk), client_key=key)
        assert again.state == "accepted"
        assert kinds(case).count("accepted") == 1

    def test_on_a_page_that_is_out_of_date_the_second_answer_is_refused(self):
        case = made.positive()
        stale = made.fresh(case)
        made.objected(case)
        with pytest.raises(StaleState):
            made.accepted(stale)


class TestSilence:
    def test_the_job_says_that_the_time_has_passed_once(self):
        case = made.positive()
        with at(case, hours=5):
            assert case_answers.lapse_cases() == 1
            assert case_answers.lapse_cases() == 0
        case = made.fresh(case)
        assert case.state == "lapsed"
        assert case.disposal_due_at == made.after(case, hours=28), (
            "counted from the end of the objection, not of the job"
        )

    def test_the_job_leaves_alone_what_still_has_time(self):
        case = made.positive()
        with at(case, hours=4):
            assert case_answers.lapse_cases() == 0

    def test_without_the_job_the_next_step_finds_it_lapsed(self):
        case = made.positive()
        with at(case, hours=5):
            made.disposed(case)
        assert [kind for kind in kinds(case) if kind in ("lapsed", "published", "disposed")] == [
            "lapsed", "published", "disposed",
        ]  # fmt: skip

    def test_a_regulators_positive_goes_to_the_laboratory_before_anything_is_destroyed(self):
        case = made.regulators_positive()
        with at(case, hours=5):
            with pytest.raises(StepNotPossible):
                made.disposed(case)
            assert made.sealed(made.fresh(case)).state == "sealed"

    def test_the_holder_may_still_accept_and_spare_himself_the_laboratory(self):
        case = made.regulators_positive()
        with at(case, hours=5):
            assert made.accepted(case).state == "accepted"


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
        case = holder_without_account()
        with at(case, minutes=16):
            assert case_reminders.remind_cases() == 1
