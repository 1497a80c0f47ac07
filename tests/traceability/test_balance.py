"""Mass balance: every kilogram is somewhere, and no page claims more than is known."""

import datetime as dt
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from traceability.balance import Movements, expired, expires_on, overdraft_kg, whereabouts

MONDAY = dt.date(2026, 11, 23)
TUESDAY = dt.date(2026, 11, 24)
WEDNESDAY = dt.date(2026, 11, 25)


def kg(number):
    return Decimal(number)


def test_meat_of_one_shelf_day_is_gone_the_next_trade_day():
    ends = expires_on(MONDAY, 1)
    assert not expired(ends, MONDAY)
    assert expired(ends, TUESDAY)


def test_leaf_vegetables_of_three_shelf_days_are_shown_three_days():
    days = [MONDAY + dt.timedelta(days=n) for n in range(5)]
    assert [expired(expires_on(MONDAY, 3), day) for day in days] == [False, False, False, True, True]


def test_shelf_life_is_at_least_the_day_itself():
    with pytest.raises(ValueError, match="own day"):
        expires_on(MONDAY, 0)


def test_a_person_finds_what_is_left_and_no_more():
    assert Movements(received_kg=kg(10), sold_kg=kg(4), lost_kg=kg(1)).left_kg == 5


@pytest.mark.parametrize(("sold", "weight", "rise"), [(4, 6, 0), (4, 7, 1), (10, 3, 3), (0, 10, 0)])
def test_a_scale_that_sells_beyond_the_stock_raises_the_overdraft(sold, weight, rise):
    assert overdraft_kg(Movements(received_kg=kg(10), sold_kg=kg(sold)), kg(weight)) == rise


def test_kilograms_below_zero_are_refused():
    with pytest.raises(ValueError, match="below zero"):
        Movements(received_kg=kg(1), lost_kg=kg(-1))


RETAIL = Movements(received_kg=kg(20), disposed_kg=kg(2), returned_kg=kg(3), lost_kg=kg(1), withdrawn_kg=kg(4))


def test_at_retail_the_rest_is_on_hand_until_its_shelf_life_ends():
    place = whereabouts(RETAIL, today=MONDAY, expires_on=MONDAY, retail=True)
    assert (place.on_hand_kg, place.presumed_sold_kg, place.unaccounted_kg) == (10, 0, 0)


def test_at_retail_the_rest_is_presumed_sold_when_its_shelf_life_ends():
    place = whereabouts(RETAIL, today=TUESDAY, expires_on=MONDAY, retail=True)
    assert (place.on_hand_kg, place.presumed_sold_kg, place.unaccounted_kg) == (0, 10, 0)


def test_held_goods_are_not_presumed_sold_by_waiting():
    place = whereabouts(RETAIL, today=WEDNESDAY, expires_on=MONDAY, retail=True, held_on=MONDAY)
    assert (place.on_hand_kg, place.presumed_sold_kg) == (10, 0)


def test_what_a_count_under_a_hold_does_not_find_is_unaccounted_for():
    place = whereabouts(RETAIL, today=WEDNESDAY, expires_on=MONDAY, retail=True, held_on=MONDAY, found_kg=kg(7))
    assert (place.on_hand_kg, place.presumed_sold_kg, place.unaccounted_kg) == (7, 0, 3)


def test_what_a_count_does_not_find_of_goods_held_after_their_shelf_life_is_presumed_sold():
    place = whereabouts(RETAIL, today=WEDNESDAY, expires_on=MONDAY, retail=True, held_on=TUESDAY, found_kg=kg(2))
    assert (place.on_hand_kg, place.presumed_sold_kg, place.unaccounted_kg) == (2, 8, 0)


def test_a_wholesaler_presumes_nothing_sold():
    place = whereabouts(RETAIL, today=WEDNESDAY, expires_on=MONDAY, retail=False)
    assert (place.on_hand_kg, place.presumed_sold_kg) == (10, 0)


WEIGHTS = st.decimals(0, 1000, places=3)


@given(
    received=WEIGHTS,
    parts=st.tuples(*[WEIGHTS] * 5),
    today=st.sampled_from([MONDAY, TUESDAY, WEDNESDAY]),
    retail=st.booleans(),
    held_on=st.none() | st.sampled_from([MONDAY, TUESDAY]),
    found=st.none() | WEIGHTS,
)
def test_every_kilogram_received_is_in_exactly_one_place(received, parts, today, retail, held_on, found):
    sold, withdrawn, disposed, returned, lost = parts
    overdrawn = max(kg(0), sum(parts) - received)
    moved = Movements(
        received_kg=received,
        sold_kg=sold,
        withdrawn_kg=withdrawn,
        disposed_kg=disposed,
        returned_kg=returned,
        lost_kg=lost,
        overdrawn_kg=overdrawn,
    )
    place = whereabouts(moved, today=today, expires_on=MONDAY, retail=retail, held_on=held_on, found_kg=found)
    assert sum(vars(place).values()) == received + overdrawn
    assert min(vars(place).values()) >= 0
