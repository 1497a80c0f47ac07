"""Auditing 审核: another person than the declarer decides; admission makes the batch and its code."""

import datetime as dt
from decimal import Decimal

import pytest

from kit import public_codes
from kit.refusals import Invalid, NotFound
from kit.transitions import IllegalMove, StaleState
from registry.models import Notice
from registry.papers import PaperKind
from registry.permissions import NotYourJob
from registry.roles import Role
from tests.factories.registry import ProductFactory, actor_with
from tests.factories.traceability import (
    PROOF,
    SLIP,
    TODAY,
    DeclarationFactory,
    WholesaleStallFactory,
    clerk,
    keeper,
    officer,
)
from traceability.evidence import EvidenceLevel
from traceability.models import Batch, Declaration, TraceEvent
from traceability.refusals import GateRefuses, OwnDeclaration
from traceability.services import audit, declare
from traceability.services.papers import NewPaper

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("dawn")]


@pytest.fixture
def stall():
    return WholesaleStallFactory()


def as_read(declaration):
    """The same declaration, as another screen has it."""
    return Declaration.objects.get(pk=declaration.pk)


class TestAdmission:
    def test_it_makes_a_batch_of_what_was_declared(self, stall, dawn):
        pepper = ProductFactory(shelf_days=5)
        made = DeclarationFactory(place=stall, product=pepper, origin_detail="乐平镇", quantity=Decimal(80))
        batch = audit.admit(clerk(stall), declaration=made)
        assert (batch.place, batch.organisation, batch.product) == (stall, stall.organisation, pepper)
        assert (batch.admitted_kg, batch.kg_on_hand, batch.sold_kg) == (80, 80, 0)
        assert (batch.origin_region, batch.origin_detail) == (made.origin_region, "乐平镇")
        assert (batch.state, batch.made_at, batch.trade_day) == ("admitted", dawn, TODAY)
        assert batch.expires_on == TODAY + dt.timedelta(days=4)
        assert batch in Batch.objects.saleable()

    def test_the_batch_has_a_code_of_its_own(self, stall):
        batch = audit.admit(clerk(stall), declaration=DeclarationFactory(place=stall))
        code = public_codes.look_up(batch.token)
        assert (code.kind, code.target_id, code.typed_code) == ("b", batch.id, batch.typed_code)

    def test_the_declaration_says_who_let_the_goods_in_and_when(self, stall, dawn):
        made, person = DeclarationFactory(place=stall), clerk(stall)
        audit.admit(person, declaration=made)
        made.refresh_from_db()
        assert (made.state, made.audited_by_id, made.audited_at) == ("admitted", person.account_id, dawn)
        assert made.entered_at == dawn

    def test_goods_without_a_proof_get_a_code_and_wait_for_their_test(self, stall):
        batch = audit.admit(clerk(stall), declaration=DeclarationFactory(place=stall, unproven=True))
        assert batch.state == "pending_test"
        assert batch not in Batch.objects.saleable()

    def test_the_traders_people_are_told(self, stall):
        made = DeclarationFactory(place=stall)
        audit.admit(clerk(stall), declaration=made)
        notice = Notice.objects.get(account_id=made.declared_by_id)
        assert (notice.kind, notice.data["product"]) == ("declaration_admitted", "辣椒")

    def test_the_ledger_has_a_line_of_it(self, stall):
        batch = audit.admit(clerk(stall), declaration=DeclarationFactory(place=stall))
        event = TraceEvent.objects.get(kind="admitted")
        assert (event.batch_id, event.place_id, event.weight_kg) == (batch.id, stall.id, 100)
        assert (event.biz_step, event.disposition) == ("commissioning", "active")

    def test_the_stalls_page_is_drawn_anew(self, stall):
        made = DeclarationFactory(place=stall)
        before = public_codes.look_up(stall.token).version
        audit.admit(clerk(stall), declaration=made)
        assert public_codes.look_up(stall.token).version == before + 1


class TestTheGateIsAskedAgain:
    def test_what_lacks_a_paper_is_kept_out_with_all_that_is_missing(self, stall):
        made = DeclarationFactory(place=stall, papers=())
        with pytest.raises(GateRefuses) as refusal:
            audit.admit(clerk(stall), declaration=made)
        assert refusal.value.data["missing"] == ["purchase_voucher", "quality_proof"]
        assert "order81.24" in refusal.value.data["articles"]
        assert as_read(made).state == "submitted"
        assert not Batch.objects.exists()

    def test_an_agreement_that_ended_since_the_declaration_counts(self, stall):
        made = DeclarationFactory(place=stall)
        stall.occupancies.update(agreement_ends_on=TODAY - dt.timedelta(days=1))
        with pytest.raises(GateRefuses) as refusal:
            audit.admit(clerk(stall), declaration=made)
        assert refusal.value.data["missing"] == ["agreement_renewal"]

    def test_a_paper_added_since_counts_too(self, stall):
        made = DeclarationFactory(place=stall, papers=(PROOF,))
        declare.amend(keeper(stall), declaration=as_read(made), papers=(SLIP,))
        assert audit.admit(clerk(stall), declaration=made).state == "admitted"

    def test_what_the_trader_mended_since_it_was_shown_is_what_is_admitted(self, stall):
        shown = DeclarationFactory(place=stall)
        declare.amend(keeper(stall), declaration=as_read(shown), quantity=Decimal(60))
        assert audit.admit(clerk(stall), declaration=shown).admitted_kg == 60


class TestEvidence:
    def test_a_paper_the_clerk_compared_raises_it_to_checked(self, stall):
        made, person = DeclarationFactory(place=stall), clerk(stall)
        proof = made.papers.get(kind=PaperKind.COMMITMENT_CERTIFICATE)
        batch = audit.admit(person, declaration=made, checked_papers=[proof.pk])
        proof.refresh_from_db()
        assert (batch.evidence_level, proof.verified_by_id) == (EvidenceLevel.CHECKED, person.account_id)

    def test_a_paper_of_no_known_kind_raises_nothing(self, stall):
        made = DeclarationFactory(place=stall, papers=(SLIP, PROOF, NewPaper(PaperKind.OTHER, number="1")))
        other = made.papers.get(kind=PaperKind.OTHER)
        assert audit.admit(clerk(stall), declaration=made, checked_papers=[other.pk]).evidence_level == 0

    def test_papers_of_another_declaration_are_not_touched(self, stall):
        made, foreign = DeclarationFactory(place=stall), DeclarationFactory()
        batch = audit.admit(clerk(stall), declaration=made, checked_papers=[paper.pk for paper in foreign.papers.all()])
        assert batch.evidence_level == EvidenceLevel.SAID
        assert not foreign.papers.filter(verified_at__isnull=False).exists()


class TestWhoDecides:
    def test_the_declarer_never_does(self, stall):
        person = clerk(stall)
        made = DeclarationFactory(place=stall, actor=person)
        for decide in (audit.send_back, audit.reject):
            with pytest.raises(OwnDeclaration):
                decide(person, declaration=made, reason="不符")
        with pytest.raises(OwnDeclaration):
            audit.admit(person, declaration=made)
        assert as_read(made).state == "submitted"

    def test_another_clerk_of_the_market_does(self, stall):
        made = DeclarationFactory(place=stall, on_behalf=True)
        assert audit.admit(clerk(stall), declaration=made)

    def test_a_clerk_of_another_market_finds_nothing(self, stall):
        with pytest.raises(NotFound):
            audit.admit(clerk(WholesaleStallFactory()), declaration=DeclarationFactory(place=stall))

    @pytest.mark.parametrize("role", [Role.DISTRICT_OFFICER, Role.AUDITOR, Role.SUPPORT])
    def test_nobody_else_has_this_job(self, stall, role):
        with pytest.raises(NotYourJob):
            audit.admit(actor_with(role), declaration=DeclarationFactory(place=stall))

    def test_the_trader_himself_has_not(self, stall):
        with pytest.raises(NotYourJob):
            audit.admit(keeper(stall), declaration=DeclarationFactory(place=stall))


class TestDecidingTwice:
    def test_who_comes_second_with_an_old_screen_is_told(self, stall):
        shown = DeclarationFactory(place=stall)
        audit.admit(clerk(stall), declaration=as_read(shown))
        with pytest.raises(StaleState):
            audit.admit(clerk(stall), declaration=shown)
        with pytest.raises(StaleState):
            audit.reject(clerk(stall), declaration=as_stale(shown), reason="不符")
        assert Batch.objects.count() == 1

    def test_a_decided_one_cannot_be_decided_otherwise(self, stall):
        made = DeclarationFactory(place=stall)
        audit.reject(clerk(stall), declaration=made, reason="来源不明")
        with pytest.raises(IllegalMove):
            audit.admit(clerk(stall), declaration=made)
        with pytest.raises(IllegalMove):
            audit.send_back(clerk(stall), declaration=made, reason="不符")


def as_stale(declaration):
    """As it was read before anybody decided."""
    declaration.state = "submitted"
    return declaration


class TestSayingNo:
    @pytest.mark.parametrize(
        ("decide", "state", "kind"),
        [(audit.send_back, "returned", "declaration_returned"), (audit.reject, "rejected", "declaration_rejected")],
    )
    def test_it_has_a_reason_that_the_trader_reads(self, stall, decide, state, kind):
        made = DeclarationFactory(place=stall)
        decide(clerk(stall), declaration=made, reason="  进货凭证看不清  ")
        made.refresh_from_db()
        notice = Notice.objects.get(account_id=made.declared_by_id)
        assert (made.state, made.audit_reason) == (state, "进货凭证看不清")
        assert (notice.kind, notice.data["reason"]) == (kind, "进货凭证看不清")
        assert not Batch.objects.exists()

    @pytest.mark.parametrize("decide", [audit.send_back, audit.reject])
    def test_without_a_reason_it_is_not_said(self, stall, decide):
        with pytest.raises(Invalid) as refusal:
            decide(clerk(stall), declaration=DeclarationFactory(place=stall), reason="  ")
        assert set(refusal.value.fields) == {"reason"}

    def test_one_sent_back_twice_is_told_twice(self, stall):
        made = DeclarationFactory(place=stall)
        audit.send_back(clerk(stall), declaration=made, reason="看不清")
        declare.amend(keeper(stall), declaration=made)
        assert audit.send_back(clerk(stall), declaration=made, reason="还是看不清").state == "returned"


class TestSeveralAtOnce:
    def test_complete_ones_are_admitted_and_the_rest_is_named_with_its_reason(self, stall):
        person = clerk(stall)
        good, poor = DeclarationFactory(place=stall), DeclarationFactory(place=stall, without_slip=True)
        own = DeclarationFactory(place=stall, actor=person)
        admitted, refused = audit.admit_many(person, declarations=[own, poor, good])
        assert [batch.declaration for batch in admitted] == [good]
        assert {each.pk: refusal.code for each, refusal in refused} == {
            poor.pk: "gate_refuses", own.pk: "own_declaration",
        }  # fmt: skip
        assert as_read(good).state == "admitted"
        assert as_read(poor).state == "submitted"


class TestSecondLook:
    def test_a_second_person_looks_at_what_was_entered_for_somebody(self, stall, dawn):
        made, person = DeclarationFactory(place=stall, on_behalf=True), officer()
        audit.take_second_look(person, declaration=made)
        assert (made.second_look_by_id, made.second_look_at) == (person.account_id, dawn)

    def test_never_the_one_who_entered_it(self, stall):
        person = clerk(stall)
        with pytest.raises(OwnDeclaration):
            audit.take_second_look(person, declaration=DeclarationFactory(place=stall, actor=person))

    def test_the_first_look_stands(self, stall):
        made, first = DeclarationFactory(place=stall, on_behalf=True), officer()
        audit.take_second_look(first, declaration=made)
        audit.take_second_look(officer(), declaration=made)
        assert as_read(made).second_look_by_id == first.account_id

    def test_what_the_trader_declared_himself_needs_none(self, stall):
        made = DeclarationFactory(place=stall)
        audit.take_second_look(officer(), declaration=made)
        assert as_read(made).second_look_at is None


def test_a_supplementary_declaration_makes_a_batch_of_its_own(stall):
    first = DeclarationFactory(place=stall)
    audit.admit(clerk(stall), declaration=first)
    more = DeclarationFactory(place=stall, quantity=Decimal(30), supplements=first)
    assert audit.admit(clerk(stall), declaration=more).admitted_kg == 30
    assert Batch.objects.count() == 2
