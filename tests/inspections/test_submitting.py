"""提交: idempotent, complete when every photo is here, and never thrown away."""

import datetime as dt

import pytest

from inspections.models import Claim, Draft, Finding, Submission, SubmissionComplete, Task
from inspections.refusals import BadRecord, DifferentContent, LeaseOver
from inspections.services import drafts
from inspections.services.claim import claim_task
from inspections.services.photos import missing
from kit import clock
from kit.ids import uuid7
from registry.selectors.actors import actor_for
from tests.factories.inspections import CoordinatorFactory
from tests.inspections.visits import (
    FAILING, answers, arrive, digest, hand_in, named, picture, record, send_photo, state, taken, who,
)  # fmt: skip

pytestmark = pytest.mark.django_db


def lapse(claim: Claim) -> None:
    Claim.objects.filter(pk=claim.pk).update(lease_until=clock.now() - dt.timedelta(hours=1))


def take_over(claim: Claim) -> Claim:
    other = actor_for(CoordinatorFactory(town=claim.task.town).account)
    return claim_task(other, task_id=claim.task_id, district_id=claim.district_id, client_key=uuid7())


def put_back(claim: Claim, reason: str, task_state: str = "open") -> None:
    Claim.objects.filter(pk=claim.pk).update(released_at=clock.now(), end_reason=reason)
    Task.objects.filter(pk=claim.task_id).update(state=task_state)


class TestComplete:
    def test_with_all_its_photos_it_goes_to_the_reviewer_and_ends_the_claim(self):
        claim = taken()
        arrive(claim)
        send_photo(claim, picture())
        submission = hand_in(claim)
        assert missing(submission) == []
        assert SubmissionComplete.objects.count() == 1
        assert state(claim) == "submitted"
        assert Claim.objects.get().end_reason == "submitted"

    def test_photos_may_come_afterwards_and_the_last_one_completes_it(self):
        claim = taken()
        submission = hand_in(claim, record((picture(1), ""), (picture(2), "")))
        assert missing(submission) == sorted([digest(picture(1)), digest(picture(2))])
        send_photo(claim, picture(1))
        assert state(claim) == "claimed"
        send_photo(claim, picture(2))
        assert (missing(submission), state(claim)) == ([], "submitted")

    def test_the_signature_is_one_of_its_photos(self):
        claim = taken()
        send_photo(claim, picture())
        signed = {"signed_by": "陈旺", "signature_sha256": digest(picture(9)), "sign_refusal": ""}
        assert missing(hand_in(claim, record(**signed))) == [digest(picture(9))]

    def test_while_photos_travel_the_task_stays_ones_own(self):
        claim = taken()
        hand_in(claim)
        assert Claim.objects.get().lease_until >= clock.now() + dt.timedelta(hours=23)

    def test_the_draft_is_gone_once_it_is_complete(self):
        claim = taken()
        drafts.save_draft(who(claim), **named(claim), content={"answers": []})
        send_photo(claim, picture())
        hand_in(claim)
        assert not Draft.objects.exists()


class TestOnce:
    def test_sent_twice_it_is_one(self):
        claim, key, content = taken(), uuid7(), record()
        assert hand_in(claim, content, key=key) == hand_in(claim, content, key=key)
        assert Submission.objects.count() == 1

    def test_other_content_under_the_same_key_is_refused(self):
        claim, key = taken(), uuid7()
        hand_in(claim, key=key)
        with pytest.raises(DifferentContent):
            hand_in(claim, record(sign_refusal="不肯签"), key=key)

    def test_the_same_key_of_another_person_is_another_record(self):
        key = uuid7()
        hand_in(taken(), key=key)
        hand_in(taken(), key=key)
        assert Submission.objects.count() == 2


class TestLacking:
    """Everything it lacks is said at once, and nothing is written."""

    @pytest.mark.parametrize(
        ("content", "where"),
        [
            ({"answers": answers()[:2]}, "C12"),
            ({"answers": answers(C02={**FAILING, "text": ""})}, "C02"),
            ({"answers": answers(C02=FAILING)}, "C02"),
            ({"answers": answers(C02={**FAILING, "measure": ""})}, "C02"),
            ({"answers": answers(C02={**FAILING, "days": None})}, "C02"),
            ({"sign_refusal": ""}, "SIGN"),
            ({"manifest": []}, ""),
            ({"outcome": "closed", "answers": []}, "UNSEEN"),
            ({"outcome": "perhaps"}, "outcome"),
            ({"answers": answers(C01={"result": "sometimes"})}, "result"),
            ({"answers": answers(C01={"value": "NaN"})}, "C01.value"),
            ({"answers": answers(C01={"days": 4000})}, "C01.days"),
            ({"answers": [*answers(), *answers()]}, "answers"),
            ({"finished_at": "2026-11-22T09:00:00"}, "finished_at"),
            ({"manifest": [{"sha256": "../../x", "item": "", "taken_at": "2026-11-22T09:00:00+08:00"}]}, "sha256"),
            ({"manifest": "many"}, "manifest"),
        ],
    )
    def test_is_named(self, content, where):
        with pytest.raises(BadRecord) as refusal:
            hand_in(taken(), record(**content))
        assert where in refusal.value.fields
        assert not Submission.objects.exists()

    def test_several_at_once(self):
        with pytest.raises(BadRecord) as refusal:
            hand_in(taken(), record(answers=[], sign_refusal=""))
        assert set(refusal.value.fields) == {"C01", "C02", "C12", "SIGN"}

    def test_a_promotion_says_where_for_how_many_with_what(self):
        claim = taken(task__kind__code="PROMO", task__kind__group="promotion")
        with pytest.raises(BadRecord) as refusal:
            hand_in(claim, record(sign_refusal=""))
        assert set(refusal.value.fields) == {"PROMO"}
        told = {"place": "文锋社区广场", "audience": 40, "topic": "小程序", "material": "传单 40 份"}
        assert hand_in(claim, record(sign_refusal="", promotion=told)).promotion["audience"] == 40


@pytest.mark.parametrize("outcome", ["closed", "moved", "not_found"])
def test_a_place_not_seen_has_evidence_of_its_own_and_no_findings(outcome):
    claim = taken()
    content = record(
        (picture(), "UNSEEN"), outcome=outcome, sign_refusal="",
        answers=[{"code": "UNSEEN", "result": "unseen", "text": "卷闸门紧闭,门口贴有转让告示"}],
    )  # fmt: skip
    send_photo(claim, picture(), "UNSEEN")
    assert hand_in(claim, content).outcome == outcome
    assert (state(claim), Finding.objects.count()) == ("submitted", 0)


class TestLate:
    def test_after_the_lease_while_nobody_else_holds_it_it_is_taken_and_marked(self):
        claim = taken()
        lapse(claim)
        send = hand_in(claim)
        assert (send.late, send.orphan) == (True, False)
        send_photo(claim, picture())
        assert state(claim) == "submitted"

    @pytest.mark.parametrize("swept_to", ["open", "expired"])
    def test_after_the_sweep_it_takes_the_task_up_again(self, swept_to):
        claim = taken()
        lapse(claim)
        put_back(claim, "timeout", swept_to)
        assert not hand_in(claim).orphan
        send_photo(claim, picture())
        assert state(claim) == "submitted"

    def test_when_somebody_else_holds_it_it_is_kept_for_the_reviewer(self):
        claim = taken()
        lapse(claim)
        other = take_over(claim)
        submission = hand_in(Claim.objects.get(pk=claim.pk))
        assert (submission.late, submission.orphan) == (True, True)
        send_photo(claim, picture())
        assert SubmissionComplete.objects.filter(submission=submission).exists()
        assert state(claim) == "claimed"
        assert Claim.objects.get(released_at__isnull=True) == other

    @pytest.mark.parametrize("reason", ["released", "cancelled", "rejected"])
    def test_what_one_had_given_back_or_lost_is_kept_for_the_reviewer(self, reason):
        claim = taken()
        put_back(claim, reason)
        assert hand_in(Claim.objects.get(pk=claim.pk)).orphan
        assert state(claim) == "open"

    def test_photos_that_arrive_after_somebody_else_took_the_task_do_not_take_it_back(self):
        claim = taken()
        submission = hand_in(claim)
        lapse(claim)
        other = take_over(claim)
        send_photo(claim, picture())
        assert missing(submission) == []
        assert Claim.objects.get(released_at__isnull=True) == other
        assert state(claim) == "claimed"


class TestFindings:
    def found(self, **more):
        claim = taken()
        send_photo(claim, picture())
        send_photo(claim, picture(2), "C01")
        content = record((picture(), ""), (picture(2), "C01"), answers=answers(C01={**FAILING, **more}))
        return claim, hand_in(claim, content)

    def test_every_failing_item_becomes_one_with_its_deadline(self):
        _, submission = self.found()
        finding = Finding.objects.get()
        assert (finding.item_code, finding.key, finding.measure) == ("C01", True, "deadline")
        assert finding.due_on == (submission.finished_at.astimezone() + dt.timedelta(days=7)).date()
        assert finding.place_id == submission.task.place_id
        assert finding.organisation_id == submission.task.place.organisation_id

    def test_mended_on_the_spot_it_has_no_deadline(self):
        self.found(measure="on_spot", days=None)
        assert Finding.objects.get().due_on is None

    def returned(self, claim):
        """As a reviewer returns it: the same claim again, for a day."""
        Task.objects.filter(pk=claim.task_id).update(state="returned", returns=1)
        Claim.objects.filter(pk=claim.pk).update(
            released_at=None, end_reason="", lease_until=clock.now() + dt.timedelta(hours=24)
        )
        return Claim.objects.get(pk=claim.pk)

    def test_a_second_revision_does_not_write_them_twice(self):
        claim, _ = self.found()
        second = hand_in(self.returned(claim), record((picture(2), "C01"), answers=answers(C01=FAILING)))
        assert second.revision == 2
        assert Finding.objects.count() == 1
        assert state(claim) == "submitted"

    def test_what_a_second_revision_no_longer_finds_is_withdrawn(self):
        claim, _ = self.found()
        hand_in(self.returned(claim))
        assert Finding.objects.get().state == "withdrawn"

    def test_what_an_officer_has_taken_up_is_not_withdrawn(self):
        claim, _ = self.found()
        Finding.objects.update(adopted_at=clock.now())
        hand_in(self.returned(claim))
        assert Finding.objects.get().state == "open"


class TestDrafts:
    def test_each_step_changes_its_own_part(self):
        claim = taken()
        me = {"actor": who(claim), **named(claim)}
        drafts.answer(me.pop("actor"), **me, given=[{"code": "C01", "result": "pass"}])
        drafts.answer(who(claim), **me, given=[{"code": "C02", "result": "fail"}])
        drafts.answer(who(claim), **me, given=[{"code": "C01", "result": "na"}])
        drafts.say(who(claim), **me, sign_refusal="外出")
        drafts.name_photos(who(claim), **me, named=[{"sha256": "a", "item": ""}, {"sha256": "b", "item": ""}])
        drafts.drop_photo(who(claim), **me, sha256="a")
        kept = Draft.objects.get().content
        assert {each["code"]: each["result"] for each in kept["answers"]} == {"C01": "na", "C02": "fail"}
        assert (kept["sign_refusal"], [each["sha256"] for each in kept["manifest"]]) == ("外出", ["b"])

    def test_after_the_lease_nothing_is_kept(self):
        claim = taken()
        lapse(claim)
        with pytest.raises(LeaseOver):
            drafts.save_draft(who(claim), **named(claim), content={})

    @pytest.mark.parametrize("content", [[], {"text": "长" * 100_000}])
    def test_what_is_no_record_is_refused(self, content):
        claim = taken()
        with pytest.raises(BadRecord):
            drafts.save_draft(who(claim), **named(claim), content=content)
