"""A positive from the strip to the holder's answer: who does what, what is refused, what is written down."""

import datetime as dt

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
from tests.factories.traceability import (
    BatchFactory,
    IntakeFactory,
    RapidTestFactory,
    WholesaleStallFactory,
    clerk,
    keeper,
    later_keeper,
    officer,
)
from traceability.models import Batch, CaseStep, HoldItem, PositiveCase
from traceability.refusals import (
    ObjectionTooLate,
    StepNotPossible,
)
from traceability.services import case_answers, case_finish, case_notify
from traceability.services.case_repeat import repeat

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
        case = made.untold_positive()
        assert (case.state, case.notified_at) == ("detected", None)
        assert case.due_at == case.notify_due_at == case.opened_at + dt.timedelta(minutes=15)
        with at(case, minutes=10):
            case_notify.notify_holder(clerk(case.place), case=case, how="当面告知档主", client_key=uuid7())
        assert case.objection_due_at == made.after(case, hours=4, minutes=10)
        assert CaseStep.objects.get(case=case, kind="notified").text == "当面告知档主"

    def test_how_he_was_told_is_said(self):
        case = made.untold_positive()
        with pytest.raises(Invalid) as refused:
            case_notify.notify_holder(clerk(case.place), case=case, how=" ", client_key=uuid7())
        assert "how" in refused.value.fields

    def test_the_clerk_of_another_market_does_not_tell(self):
        case = made.untold_positive()
        stranger = actor_with(Role.MARKET_MANAGER, market=MarketFactory())
        with pytest.raises(NotFound):
            case_notify.notify_holder(stranger, case=case, how="电话", client_key=uuid7())


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
