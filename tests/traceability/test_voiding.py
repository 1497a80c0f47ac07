"""Voiding 作废: a slip issued by mistake stays visible, and its kilos go back."""

import datetime as dt
from decimal import Decimal

import pytest

from kit import clock, public_codes
from kit.refusals import NotFound
from kit.tradeday import CHINA
from registry.permissions import NotYourJob
from tests.factories.registry import MarketFactory
from tests.factories.traceability import (
    BatchFactory,
    HoldFactory,
    IntakeFactory,
    VoucherFactory,
    WholesaleStallFactory,
    buyer_of,
    clerk,
    keeper,
    later_keeper,
)
from traceability.models import Batch, TraceEvent, Voucher
from traceability.refusals import CannotVoid
from traceability.services import reverse, take_in, void
from traceability.services.take_in import Answer


def at(day, hour, minute):
    """A moment of November 2026."""
    return dt.datetime(2026, 11, day, hour, minute, tzinfo=CHINA)


pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("dawn")]


@pytest.fixture
def voucher():
    return VoucherFactory()


def voided(voucher, reason="称错了", actor=None):
    return void.void(actor or keeper(voucher.place), voucher=voucher, reason=reason)


def why(refusal):
    return refusal.value.data["why"]


def test_it_stays_with_its_reason_and_who_and_when(voucher, dawn):
    person = keeper(voucher.place)
    voided(voucher, "  称错了 ", person)
    voucher.refresh_from_db()
    assert (voucher.state, voucher.void_reason) == ("void", "称错了")
    assert (voucher.voided_at, voucher.voided_by_id) == (dawn, person.account_id)


def test_its_kilos_go_back_to_the_batch(voucher):
    voided(voucher)
    batch = Batch.objects.get()
    assert (batch.sold_kg, batch.kg_on_hand) == (0, 100)


def test_its_page_is_drawn_anew_and_the_ledger_has_a_line(voucher):
    before = public_codes.look_up(voucher.token).version
    voided(voucher)
    assert public_codes.look_up(voucher.token).version == before + 1
    assert TraceEvent.objects.get(kind="voided").weight_kg == 10


def test_it_is_voided_once(voucher):
    voided(voucher)
    with pytest.raises(CannotVoid) as refusal:
        voided(voucher)
    assert why(refusal) == "already_void"
    assert Batch.objects.get().kg_on_hand == 100


def test_never_without_a_reason(voucher):
    with pytest.raises(CannotVoid) as refusal:
        voided(voucher, "  ")
    assert why(refusal) == "reason_missing"


@pytest.mark.parametrize(
    ("starts_at", "moment", "possible"),
    [
        (dt.time(0), at(22, 23, 59), True),
        (dt.time(0), at(23, 0, 0), False),
        (dt.time(20), at(22, 19, 59), True),
        (dt.time(20), at(22, 20, 0), False),
        (dt.time(4), at(23, 3, 59), True),
        (dt.time(4), at(23, 4, 0), False),
    ],
)
def test_only_within_the_markets_trade_day(starts_at, moment, possible):
    stall = WholesaleStallFactory(market=MarketFactory(wholesale=True, trade_day_starts_at=starts_at))
    voucher = VoucherFactory(batch=BatchFactory(place=stall))
    with clock.freeze(moment):
        if possible:
            assert voided(voucher).state == "void"
        else:
            with pytest.raises(CannotVoid) as refusal:
                voided(voucher)
            assert why(refusal) == "day_over"


class TestOnceTheBuyerHasGoods:
    def test_it_cannot_be_voided(self, voucher):
        IntakeFactory(voucher=voucher)
        with pytest.raises(CannotVoid) as refusal:
            voided(voucher)
        assert why(refusal) == "buyer_must_agree"

    def test_a_part_is_enough(self, voucher):
        place = buyer_of(voucher)
        line = voucher.lines.get()
        take_in.take_in(
            keeper(place), place=place, voucher=voucher, answers=[Answer(line.pk, Decimal("0.001"))],
            client_key=line.pk,
        )  # fmt: skip
        with pytest.raises(CannotVoid):
            voided(voucher)

    def test_it_can_again_once_the_buyer_has_reversed_his_entry(self, voucher):
        intake = IntakeFactory(voucher=voucher)
        reverse.reverse_intake(keeper(intake.place), intake=intake, reason="不是我的货")
        voided(voucher)
        assert Batch.objects.get(parent_id=None).kg_on_hand == 100

    def test_what_he_refused_has_gone_back_already(self, voucher):
        place, line = buyer_of(voucher), voucher.lines.get()
        take_in.take_in(
            keeper(place), place=place, voucher=voucher, client_key=line.pk,
            answers=[Answer(line.pk, refuse_kg=Decimal(4), reason="变质")],
        )  # fmt: skip
        assert Batch.objects.get().kg_on_hand == 94
        voided(voucher)
        assert Batch.objects.get().kg_on_hand == 100


def test_goods_on_hold_come_back_to_the_hold(voucher):
    batch = Batch.objects.get()
    HoldFactory(batches=[batch])
    voided(voucher)
    assert batch not in Batch.objects.saleable()


def test_only_the_seller_voids(voucher):
    with pytest.raises(NotFound):
        voided(voucher, actor=keeper(WholesaleStallFactory()))
    for person in (keeper(buyer_of(voucher)), clerk(voucher.place)):
        with pytest.raises(NotYourJob):
            voided(voucher, actor=person)


def test_reprints_are_counted_and_the_code_stays(voucher):
    person = keeper(voucher.place)
    assert [void.count_reprint(person, voucher=voucher) for _ in range(2)] == [1, 2]
    assert Voucher.objects.get().token == voucher.token


def test_a_later_keeper_does_not_void_an_earlier_ones_slip(voucher):
    later = later_keeper(voucher.place)
    with pytest.raises(NotFound):
        voided(Voucher.objects.get(), actor=later)
