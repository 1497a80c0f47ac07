"""Write-offs 下架·销毁·退回·损耗: kilos leave stock in four ways, and come back by a correction."""

from decimal import Decimal

import pytest

from kit import public_codes
from kit.refusals import Invalid, NotFound
from registry.permissions import NotYourJob
from tests.factories.registry import StallFactory
from tests.factories.traceability import (
    BatchFactory,
    HandIntakeFactory,
    HoldFactory,
    StockMoveFactory,
    VoucherFactory,
    clerk,
    keeper,
    later_keeper,
)
from traceability.models import Batch, StockMove, TraceEvent
from traceability.refusals import NotEnough

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("dawn")]
KINDS = list(StockMove.Kind)


@pytest.mark.parametrize("kind", KINDS)
def test_each_way_has_its_own_column(kind):
    move = StockMoveFactory(kind=kind, weight_kg=Decimal(5))
    batch = Batch.objects.get()
    assert (getattr(batch, f"{kind}_kg"), batch.kg_on_hand) == (5, 95)
    assert TraceEvent.objects.get(kind="moved").disposition == kind
    assert (move.weight_kg, move.batch) == (5, batch)


def test_never_more_than_there_is():
    batch = BatchFactory()
    VoucherFactory(batch=batch, weight_kg=Decimal(60))
    with pytest.raises(NotEnough):
        StockMoveFactory(batch=batch, weight_kg=Decimal("40.001"))
    StockMoveFactory(batch=batch, weight_kg=Decimal(40))
    assert Batch.objects.get().kg_on_hand == 0
    assert StockMove.objects.count() == 1


def test_a_correction_is_a_further_row_with_its_reason():
    batch = BatchFactory()
    StockMoveFactory(batch=batch, weight_kg=Decimal(5))
    StockMoveFactory(batch=batch, weight_kg=Decimal(-2), reason="看错了")
    assert Batch.objects.get().lost_kg == 3
    assert sorted(StockMove.objects.values_list("weight_kg", flat=True)) == [-2, 5]


def test_a_correction_never_brings_back_more_than_left_that_way():
    batch = BatchFactory()
    StockMoveFactory(batch=batch, weight_kg=Decimal(5), kind=StockMove.Kind.DISPOSED)
    with pytest.raises(NotEnough):
        StockMoveFactory(batch=batch, weight_kg=Decimal("-5.001"), kind=StockMove.Kind.DISPOSED, reason="看错了")
    with pytest.raises(NotEnough):
        StockMoveFactory(batch=batch, weight_kg=Decimal(-1), kind=StockMove.Kind.LOST, reason="看错了")


@pytest.mark.parametrize(("weight_kg", "reason"), [(0, "看错了"), (-1, ""), (-1, "  ")])
def test_nothing_and_a_correction_without_a_reason_are_refused(weight_kg, reason):
    batch = BatchFactory()
    StockMoveFactory(batch=batch)
    with pytest.raises(Invalid):
        StockMoveFactory(batch=batch, weight_kg=Decimal(weight_kg), reason=reason)


def test_goods_on_hold_may_be_destroyed():
    batch = BatchFactory()
    HoldFactory(batches=[batch])
    StockMoveFactory(batch=batch, kind=StockMove.Kind.DISPOSED, weight_kg=Decimal(100))
    assert Batch.objects.get().disposed_kg == 100


def test_sent_twice_with_one_key_it_happens_once():
    move = StockMoveFactory()
    assert StockMoveFactory(batch=move.batch, client_key=move.client_key) == move
    assert Batch.objects.get().lost_kg == 5


def test_the_pages_of_batch_and_place_are_drawn_anew():
    batch = BatchFactory()
    before = [public_codes.look_up(token).version for token in (batch.token, batch.place.token)]
    StockMoveFactory(batch=batch)
    after = [public_codes.look_up(token).version for token in (batch.token, batch.place.token)]
    assert after == [version + 1 for version in before]


def test_only_the_trader_writes_off_his_own():
    batch = HandIntakeFactory().batch
    with pytest.raises(NotFound):
        StockMoveFactory(batch=batch, actor=keeper(StallFactory(market=batch.place.market)))
    with pytest.raises(NotYourJob):
        StockMoveFactory(batch=batch, actor=clerk(batch.place))


def test_a_later_keeper_does_not_write_off_what_an_earlier_one_left():
    batch = HandIntakeFactory().batch
    later = later_keeper(batch.place)
    with pytest.raises(NotFound):
        StockMoveFactory(batch=Batch.objects.get(pk=batch.pk), actor=later)
