"""Declaring 入场申报: who may, for which day, what has to be said, and what the gate answers."""

import datetime as dt
from decimal import Decimal

import pytest

from kit import clock
from kit.refusals import Conflict, Invalid, NotFound
from kit.tradeday import CHINA
from kit.transitions import IllegalMove, StaleState
from registry.models import Region
from registry.papers import PaperKind
from registry.permissions import NotYourJob
from registry.roles import Role
from tests.factories.registry import (
    BaseFactory,
    MarketFactory,
    ProductFactory,
    RegionFactory,
    StallFactory,
    StoreFactory,
    SupplierFactory,
    actor_with,
)
from tests.factories.traceability import (
    PROOF,
    SLIP,
    TODAY,
    BatchFactory,
    DeclarationFactory,
    VoucherFactory,
    WholesaleStallFactory,
    clerk,
    keeper,
    later_keeper,
)
from traceability.evidence import EvidenceLevel
from traceability.models import Declaration, TraceEvent
from traceability.services import audit, declare
from traceability.services.declare import NotAWholesaleStall
from traceability.services.papers import NewPaper

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("dawn")]
DAY = dt.timedelta(days=1)


@pytest.fixture
def stall():
    return WholesaleStallFactory()


class TestWhoDeclares:
    def test_a_wholesaler_declares_at_his_own_stall(self, stall):
        made = DeclarationFactory(place=stall)
        assert (made.state, made.kind, made.on_behalf) == ("submitted", "regular", False)
        assert (made.market, made.organisation, made.trade_day) == (stall.market, stall.organisation, TODAY)

    def test_a_clerk_of_the_market_declares_for_him_and_that_is_marked(self, stall):
        assert DeclarationFactory(place=stall, on_behalf=True).on_behalf

    def test_a_wholesaler_of_another_stall_meets_the_same_answer_as_for_a_missing_one(self, stall):
        with pytest.raises(NotFound):
            DeclarationFactory(place=stall, actor=keeper(WholesaleStallFactory(market=stall.market)))

    def test_a_clerk_of_another_market_does_too(self, stall):
        with pytest.raises(NotFound):
            DeclarationFactory(place=stall, actor=clerk(WholesaleStallFactory()))

    @pytest.mark.parametrize("role", [Role.TESTER, Role.AUDITOR, Role.DISTRICT_OFFICER])
    def test_nobody_else_has_this_job(self, stall, role):
        scope = {"market": stall.market} if role == Role.TESTER else {}
        with pytest.raises(NotYourJob):
            DeclarationFactory(place=stall, actor=actor_with(role, **scope))

    def test_a_stall_of_a_retail_market_declares_nothing(self):
        stall = StallFactory(market=MarketFactory())
        with pytest.raises(NotAWholesaleStall):
            DeclarationFactory(place=stall, actor=actor_with(Role.WHOLESALER, place=stall))

    def test_neither_does_a_stall_that_is_suspended(self, stall):
        stall.state = "suspended"
        with pytest.raises(NotAWholesaleStall):
            DeclarationFactory(place=stall)


class TestWhatIsSaid:
    @pytest.mark.parametrize("level", ["province", "city"])
    def test_an_origin_above_the_county_is_not_enough(self, level):
        region = RegionFactory(code="440600", name="佛山市", level=level)
        with pytest.raises(Invalid) as refusal:
            DeclarationFactory(origin_region=region)
        assert set(refusal.value.fields) == {"origin_region"}

    def test_imported_goods_name_their_country(self):
        thailand = RegionFactory(code="TH", name="泰国", level=Region.Level.COUNTRY)
        assert DeclarationFactory(origin_region=thailand, imported=True).origin_region == thailand

    def test_every_wrong_field_is_named_at_once(self):
        region = RegionFactory(code="440000", name="广东省", level=Region.Level.PROVINCE)
        with pytest.raises(Invalid) as refusal:
            DeclarationFactory(
                origin_region=region, quantity=Decimal(0), trade_day=TODAY - DAY, supplier=SupplierFactory()
            )
        assert set(refusal.value.fields) == {"origin_region", "quantity", "trade_day", "supplier"}
        assert not Declaration.objects.exists()

    @pytest.mark.parametrize(("day", "fits"), [(-1, False), (0, True), (1, True), (2, False)])
    def test_only_today_and_tomorrow_can_be_declared(self, day, fits):
        if fits:
            assert DeclarationFactory(trade_day=TODAY + day * DAY).trade_day == TODAY + day * DAY
        else:
            with pytest.raises(Invalid):
                DeclarationFactory(trade_day=TODAY + day * DAY)

    @pytest.mark.parametrize(
        ("hour", "day"), [(19, dt.date(2026, 11, 22)), (20, dt.date(2026, 11, 23)), (23, dt.date(2026, 11, 23))]
    )
    def test_today_is_the_night_markets_trade_day(self, hour, day):
        stall = WholesaleStallFactory(market=MarketFactory(wholesale=True, trade_day_starts_at=dt.time(20)))
        with clock.freeze(dt.datetime(2026, 11, 22, hour, tzinfo=CHINA)):
            assert DeclarationFactory(place=stall).trade_day == day

    @pytest.mark.parametrize(
        ("quantity", "unit", "weight_kg"),
        [("250", "jin", "125.000"), ("1.5", "t", "1500.000"), ("3", "head", "330.000"), ("0.001", "kg", "0.001")],
    )
    def test_quantities_become_kilograms(self, quantity, unit, weight_kg):
        pig = ProductFactory(code="41001", name="生猪", unit="head", kg_per_unit=Decimal(110))
        made = DeclarationFactory(product=pig, quantity=Decimal(quantity), unit=unit)
        assert made.weight_kg == Decimal(weight_kg)

    def test_a_unit_without_a_known_weight_is_refused(self):
        with pytest.raises(Invalid) as refusal:
            DeclarationFactory(unit="box")
        assert set(refusal.value.fields) == {"quantity"}

    def test_the_supplier_and_the_base_are_the_traders_own(self, stall):
        with pytest.raises(Invalid) as refusal:
            DeclarationFactory(place=stall, supplier=SupplierFactory(), base=BaseFactory())
        assert set(refusal.value.fields) == {"supplier", "base"}

    def test_a_supplier_is_remembered_as_used_now(self, stall, dawn):
        supplier = SupplierFactory(organisation=stall.organisation)
        DeclarationFactory(place=stall, supplier=supplier)
        supplier.refresh_from_db()
        assert supplier.last_used_at == dawn


class TestTheGatesAnswer:
    def test_both_papers_let_the_goods_in(self):
        made = DeclarationFactory()
        assert (made.gate_outcome, made.gate_missing) == ("admit", [])

    def test_without_a_quality_proof_they_wait_for_a_test(self):
        made = DeclarationFactory(unproven=True)
        assert (made.gate_outcome, made.gate_missing) == ("admit_pending_test", ["quality_proof"])

    def test_without_a_purchase_voucher_they_stay_out_and_the_article_is_named(self):
        made = DeclarationFactory(without_slip=True)
        assert (made.gate_outcome, made.gate_missing) == ("reject", ["purchase_voucher"])
        assert set(made.gate_articles) == {"order81.24", "fsl.65"}

    def test_without_an_agreement_with_the_market_they_stay_out(self):
        stall = WholesaleStallFactory(occupancy__agreement_signed_on=None)
        assert DeclarationFactory(place=stall).gate_missing == ["agreement"]

    def test_meat_lacks_each_of_its_certificates_by_name(self):
        pork = ProductFactory(
            code="31001", name="猪肉", is_meat=True, shelf_days=1, required_papers=["animal_quarantine", "meat_quality"]
        )
        made = DeclarationFactory(product=pork, papers=(SLIP, NewPaper(PaperKind.ANIMAL_QUARANTINE, number="4400001")))
        assert (made.gate_outcome, made.gate_missing) == ("reject", ["meat_quality"])

    def test_a_grower_is_recorded_with_number_phone_and_address(self, stall):
        grower = SupplierFactory(organisation=stall.organisation, name="张小农", address="")
        made = DeclarationFactory(place=stall, supplier=grower, self_grown=True, papers=(PROOF,))
        assert made.gate_missing == ["grower_id_number", "grower_phone", "grower_address"]

    @pytest.mark.parametrize(
        ("papers", "level"),
        [
            ((), EvidenceLevel.SAID),
            ((SLIP, PROOF), EvidenceLevel.SAID),
            ((NewPaper(PaperKind.OTHER, number="1"),), EvidenceLevel.SAID),
        ],
    )
    def test_a_number_alone_proves_nothing_before_somebody_has_checked_it(self, papers, level):
        assert DeclarationFactory(papers=papers).evidence_level == level

    def test_a_standing_voucher_of_ours_confirms_where_the_goods_came_from(self):
        voucher = VoucherFactory()
        url = f"http://testserver/v/{voucher.token}"
        assert DeclarationFactory(upstream_code=url).evidence_level == EvidenceLevel.CONFIRMED

    def test_one_for_another_product_does_not(self):
        voucher = VoucherFactory()
        tomato = ProductFactory(code="12002", name="番茄")
        made = DeclarationFactory(upstream_code=voucher.token, product=tomato)
        assert made.evidence_level == EvidenceLevel.SAID


class TestTwiceTheSame:
    def test_sent_twice_with_one_key_it_is_one_declaration(self, stall):
        first = DeclarationFactory(place=stall)
        again = DeclarationFactory(place=stall, client_key=first.client_key, quantity=Decimal(7))
        assert again == first
        assert Declaration.objects.get().weight_kg == 100
        assert TraceEvent.objects.filter(kind="declared").count() == 1

    def test_one_paper_handed_in_twice_is_one_paper(self, stall):
        made = DeclarationFactory(place=stall, papers=(SLIP, SLIP))
        assert made.papers.count() == 1
        declare.amend(keeper(stall), declaration=made, papers=(SLIP, PROOF))
        assert made.papers.count() == 2


class TestSupplementary:
    def test_what_came_on_top_is_declared_beside_the_first(self, stall):
        first = DeclarationFactory(place=stall)
        more = DeclarationFactory(place=stall, quantity=Decimal(30), supplements=first)
        assert (more.kind, more.supplements) == ("supplementary", first)

    def test_only_on_top_of_goods_of_the_same_stall(self, stall):
        with pytest.raises(NotFound):
            DeclarationFactory(place=stall, supplements=DeclarationFactory())


class TestMending:
    def test_a_missing_paper_is_added_and_the_gate_asked_again(self, stall):
        made = DeclarationFactory(place=stall, unproven=True)
        declare.amend(keeper(stall), declaration=made, papers=(PROOF,))
        made.refresh_from_db()
        assert (made.gate_outcome, made.gate_missing) == ("admit", [])

    def test_a_returned_one_is_mended_and_handed_in_again(self, stall):
        made = DeclarationFactory(place=stall)
        audit.send_back(clerk(stall), declaration=made, reason="数量写错")
        declare.amend(keeper(stall), declaration=made, quantity=Decimal(90))
        made.refresh_from_db()
        assert (made.state, made.weight_kg, made.audited_by) == ("submitted", Decimal(90), None)

    def test_the_weight_follows_the_quantity(self, stall):
        made = DeclarationFactory(place=stall)
        declare.amend(keeper(stall), declaration=made, quantity=Decimal(200), unit="jin")
        made.refresh_from_db()
        assert made.weight_kg == 100

    def test_what_is_wrong_is_refused_as_when_declaring(self, stall):
        made = DeclarationFactory(place=stall)
        with pytest.raises(Invalid):
            declare.amend(keeper(stall), declaration=made, quantity=Decimal(0))

    def test_a_decided_one_is_no_longer_changed(self, stall):
        made = DeclarationFactory(place=stall)
        audit.admit(clerk(stall), declaration=Declaration.objects.get(pk=made.pk))
        with pytest.raises(Conflict) as refusal:
            declare.amend(keeper(stall), declaration=made, quantity=Decimal(5))
        assert refusal.value.code == "already_decided"
        assert Declaration.objects.get().weight_kg == 100

    def test_nor_by_somebody_else(self, stall):
        with pytest.raises(NotFound):
            declare.amend(keeper(WholesaleStallFactory()), declaration=DeclarationFactory(place=stall))

    def test_nor_by_who_keeps_the_stall_later(self, stall):
        DeclarationFactory(place=stall)
        later = later_keeper(stall)
        for change in (declare.amend, declare.withdraw):
            with pytest.raises(NotFound):
                change(later, declaration=Declaration.objects.get())


class TestWithdrawing:
    def test_a_waiting_one_is_taken_back(self, stall):
        made = DeclarationFactory(place=stall)
        assert declare.withdraw(keeper(stall), declaration=made).state == "withdrawn"

    def test_a_decided_one_is_not(self, stall):
        made = DeclarationFactory(place=stall)
        audit.admit(clerk(stall), declaration=Declaration.objects.get(pk=made.pk))
        with pytest.raises(StaleState):
            declare.withdraw(keeper(stall), declaration=made)
        with pytest.raises(IllegalMove):
            declare.withdraw(keeper(stall), declaration=Declaration.objects.get())


class TestWhoSeesIt:
    def test_its_trader_its_market_and_the_officers_see_it(self, stall):
        made = DeclarationFactory(place=stall)
        people = [keeper(stall), clerk(stall), actor_with(Role.TOWN_OFFICER, town=stall.town)]
        for person in [*people, actor_with(Role.DISTRICT_OFFICER), actor_with(Role.AUDITOR)]:
            assert made in Declaration.objects.visible_to(person)

    def test_another_trader_another_market_and_another_district_do_not(self, stall):
        DeclarationFactory(place=stall)
        neighbour = WholesaleStallFactory(market=stall.market)
        elsewhere = WholesaleStallFactory()
        canteen = StoreFactory()
        others = [keeper(neighbour), keeper(elsewhere), clerk(elsewhere), keeper(canteen)]
        for person in [*others, actor_with(Role.DISTRICT_OFFICER, district_id="440605"), actor_with(Role.SUPPORT)]:
            assert not Declaration.objects.visible_to(person).exists()

    def test_who_keeps_the_stall_later_does_not_see_what_an_earlier_keeper_declared(self, stall):
        DeclarationFactory(place=stall)
        BatchFactory(place=stall)
        later = later_keeper(stall)
        assert not Declaration.objects.visible_to(later).exists()
