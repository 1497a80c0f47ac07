"""Reversing 冲正: a mistaken entry is undone in the open, while nothing of it has left."""

from decimal import Decimal

import pytest

from kit import public_codes
from kit.refusals import Invalid, NotFound
from kit.transitions import IllegalMove, StaleState
from tests.factories.registry import StallFactory
from tests.factories.traceability import (
    HandIntakeFactory,
    HoldFactory,
    IntakeFactory,
    StockMoveFactory,
    VoucherFactory,
    WholesaleStallFactory,
    keeper,
    later_keeper,
    officer,
)
from traceability.models import Batch, Intake, StockMove, TraceEvent
from traceability.refusals import GoodsAreHeld, GoodsHaveMoved
from traceability.services import hold, reverse, void

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("dawn")]


def undo(intake, reason="点错了", actor=None):
    return reverse.reverse_intake(actor or keeper(intake.place), intake=intake, reason=reason)


def test_the_entry_stays_with_its_reason_and_who_and_when(dawn):
    intake = HandIntakeFactory()
    person = keeper(intake.place)
    undo(intake, "  点错了 ", person)
    intake.refresh_from_db()
    assert (intake.state, intake.reversal_reason, intake.reversed_at) == ("reversed", "点错了", dawn)
    assert intake.reversed_by_id == person.account_id


def test_its_batch_is_void_and_the_pages_are_drawn_anew():
    intake = HandIntakeFactory()
    before = public_codes.look_up(intake.place.token).version
    undo(intake)
    intake.batch.refresh_from_db()
    assert intake.batch.state == "void"
    assert intake.batch not in Batch.objects.saleable()
    assert public_codes.look_up(intake.place.token).version == before + 1
    assert TraceEvent.objects.get(kind="reversed").data["reason"] == "点错了"


def test_the_slips_line_is_open_again_and_can_be_taken_in_anew():
    intake = IntakeFactory()
    voucher = Batch.objects.get(pk=intake.batch.parent_id).lines.get().voucher
    undo(intake)
    assert voucher.lines.get().accepted_kg == 0
    again = IntakeFactory(voucher=voucher)
    assert (again.state, again.weight_kg) == ("valid", 10)
    assert Intake.objects.count() == 2


def test_it_is_reversed_once():
    intake = HandIntakeFactory()
    shown = Intake.objects.get()
    undo(intake)
    with pytest.raises(StaleState):
        undo(shown)
    with pytest.raises(IllegalMove):
        undo(intake)


def test_never_without_a_reason():
    with pytest.raises(Invalid):
        undo(HandIntakeFactory(), "  ")


def test_not_once_part_of_it_was_written_off():
    intake = HandIntakeFactory()
    StockMoveFactory(batch=intake.batch, weight_kg=Decimal("0.001"))
    with pytest.raises(GoodsHaveMoved):
        undo(intake)
    intake.refresh_from_db()
    assert intake.batch.state == "admitted"


def test_but_again_once_the_write_off_was_corrected():
    intake = HandIntakeFactory()
    StockMoveFactory(batch=intake.batch)
    StockMoveFactory(batch=intake.batch, weight_kg=Decimal(-5), reason="看错了", kind=StockMove.Kind.LOST)
    assert undo(intake).state == "reversed"


def test_not_once_part_of_it_was_sold_on_until_that_slip_is_void():
    intake = IntakeFactory(voucher=VoucherFactory(buyer=WholesaleStallFactory()))
    voucher = VoucherFactory(batch=intake.batch, weight_kg=Decimal(1))
    with pytest.raises(GoodsHaveMoved):
        undo(intake)
    intake.refresh_from_db()
    void.void(keeper(intake.place), voucher=voucher, reason="称错了")
    assert undo(intake).state == "reversed"


def test_goods_on_hold_cannot_slip_out_of_it_by_being_taken_in_anew():
    intake = IntakeFactory()
    made = HoldFactory(batches=[intake.batch])
    with pytest.raises(GoodsAreHeld):
        undo(Intake.objects.get())
    hold.release_hold(officer(), hold=made, note="复检未检出")
    assert undo(Intake.objects.get()).state == "reversed"


def test_only_by_the_one_who_trades_there_now():
    intake = HandIntakeFactory()
    with pytest.raises(NotFound):
        undo(intake, actor=keeper(StallFactory(market=intake.place.market)))


def test_a_later_keeper_does_not_undo_what_an_earlier_one_entered():
    intake = HandIntakeFactory()
    later = later_keeper(intake.place)
    with pytest.raises(NotFound):
        undo(Intake.objects.get(), actor=later)
