"""Entering by hand 手工登记: goods that came without a slip of ours, with what the law asks for."""

import datetime as dt
import uuid
from decimal import Decimal

import pytest

from kit.refusals import Conflict, Invalid, NotFound
from registry.papers import PaperKind
from registry.permissions import NotYourJob
from tests.factories.registry import ProductFactory, RegionFactory, StallFactory, StoreFactory, SupplierFactory
from tests.factories.traceability import (
    SLIP,
    TODAY,
    HandIntakeFactory,
    VoucherFactory,
    clerk,
    keeper,
    later_keeper,
    officer,
)
from traceability.models import Intake, TraceEvent
from traceability.services.again import Again, enter_again
from traceability.services.papers import NewPaper

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("dawn")]
DAY = dt.timedelta(days=1)


def test_it_makes_a_batch_without_a_parent(dawn):
    intake = HandIntakeFactory(quantity=Decimal(40), unit="jin")
    batch = intake.batch
    assert (intake.source, intake.weight_kg, batch.admitted_kg, batch.parent_id) == ("manual", 20, 20, None)
    assert (batch.place, batch.organisation, batch.made_at) == (intake.place, intake.organisation, dawn)
    assert (intake.late, intake.trade_day) == (False, TODAY)


def test_the_record_keeps_the_suppliers_name_address_and_phone_as_they_are_now():
    stall = StallFactory()
    supplier = SupplierFactory(organisation=stall.organisation, phone="13712345678")
    intake = HandIntakeFactory(place=stall, supplier=supplier)
    supplier.name = "另一个名字"
    supplier.save()
    intake.refresh_from_db()
    assert (intake.supplier_name, intake.supplier_address) == ("乐平蔬菜合作社", "乐平镇源潭村")
    assert intake.supplier_phone == "13712345678"


def test_a_number_alone_is_hearsay_and_papers_of_an_intake_stay_with_it():
    intake = HandIntakeFactory(papers=(SLIP, NewPaper(PaperKind.TEST_REPORT, number="T1")))
    assert (intake.batch.evidence_level, intake.papers.count()) == (0, 2)


@pytest.mark.parametrize(
    ("back", "fits", "late"), [(0, True, False), (1, True, True), (7, True, True), (8, False, 0), (-1, False, 0)]
)
def test_today_or_up_to_a_week_back_then_marked_late(back, fits, late):
    if fits:
        assert HandIntakeFactory(trade_day=TODAY - back * DAY).late is late
    else:
        with pytest.raises(Invalid):
            HandIntakeFactory(trade_day=TODAY - back * DAY)


def test_every_wrong_field_is_named_at_once():
    region = RegionFactory(code="440000", name="广东省", level="province")
    with pytest.raises(Invalid) as refusal:
        HandIntakeFactory(origin_region=region, quantity=Decimal(0), trade_day=TODAY + DAY, supplier=SupplierFactory())
    assert set(refusal.value.fields) == {"origin_region", "quantity", "trade_day", "supplier"}
    assert not Intake.objects.exists()


def test_sent_twice_with_one_key_it_is_one_entry():
    first = HandIntakeFactory()
    assert HandIntakeFactory(place=first.place, client_key=first.client_key) == first
    assert TraceEvent.objects.filter(kind="taken_in").count() == 1


def test_only_by_somebody_who_trades_there_while_it_is_in_use():
    stall = StallFactory()
    with pytest.raises(NotFound):
        HandIntakeFactory(place=stall, actor=keeper(StoreFactory()))
    with pytest.raises(NotYourJob):
        HandIntakeFactory(place=stall, actor=clerk(stall))
    stall.state = "suspended"
    with pytest.raises(Conflict):
        HandIntakeFactory(place=stall)


class TestWhoSeesIt:
    def test_the_trader_the_market_and_the_officers_see_it(self):
        intake = HandIntakeFactory()
        for person in (keeper(intake.place), clerk(intake.place), officer()):
            assert intake in Intake.objects.visible_to(person)

    def test_a_neighbour_another_district_and_a_later_keeper_do_not(self):
        intake = HandIntakeFactory()
        neighbour = keeper(StallFactory(market=intake.place.market))
        for person in (neighbour, officer("440605"), later_keeper(intake.place)):
            assert not Intake.objects.visible_to(person).exists()


class TestTheSameAsYesterday:
    def test_all_of_it_is_entered_again_for_today_without_yesterdays_papers(self):
        before = HandIntakeFactory(papers=(SLIP,), trade_day=TODAY - DAY)
        made = enter_again(
            keeper(before.place), place=before.place, entries=[Again(before, Decimal(15))], client_key=uuid.uuid4()
        )
        assert [(each.quantity, each.trade_day, each.papers.count()) for each in made] == [(15, TODAY, 0)]

    def test_or_nothing_and_every_wrong_one_is_named(self):
        before = HandIntakeFactory()
        other = HandIntakeFactory(place=before.place, product=ProductFactory(code="12002", name="番茄"))
        entries = [Again(before, Decimal(0)), Again(other, Decimal(5))]
        with pytest.raises(Invalid) as refusal:
            enter_again(keeper(before.place), place=before.place, entries=entries, client_key=uuid.uuid4())
        assert set(refusal.value.fields) == {str(before.pk)}
        assert Intake.objects.count() == 2

    def test_twice_with_one_key_is_once(self):
        before, key = HandIntakeFactory(), uuid.uuid4()
        for _ in range(2):
            enter_again(keeper(before.place), place=before.place, entries=[Again(before, Decimal(5))], client_key=key)
        assert Intake.objects.count() == 2


def test_a_slip_of_ours_is_not_needed_for_what_came_by_hand():
    assert HandIntakeFactory().voucher_line_id is None
    assert VoucherFactory()
