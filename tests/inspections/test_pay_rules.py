"""单价: base x grade x night, and the way; rounded once, half to even; the parts add up to it."""

from decimal import ROUND_HALF_EVEN, Decimal
from itertools import product

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from inspections.pay_rules import GRADES, price, total
from inspections.work_policies import Pay

PAY = Pay()
PERCENT = {"a": 100, "b": 110, "c": 130, "d": 150}


@pytest.mark.parametrize(("grade", "fen"), [("a", 2600), ("b", 2860), ("c", 3380), ("d", 3900)])
def test_a_riskier_place_pays_more(grade, fen):
    assert price(2600, PAY, grade=grade)[0] == fen


@pytest.mark.parametrize(("metres", "fen"), [(None, 2600), (0, 2600), (10_000, 2600), (10_000.5, 3100), (20_000, 3100)])
def test_more_than_ten_kilometres_from_the_middle_of_town_pay_five_yuan_once(metres, fen):
    assert price(2600, PAY, distance_m=metres)[0] == fen


def test_at_night_or_on_a_holiday_it_is_a_fifth_more_but_the_way_is_not():
    assert price(2600, PAY, night=True, distance_m=12_000)[0] == 3120 + 500


@pytest.mark.parametrize(("base", "fen"), [(5, 6), (15, 16), (25, 28), (35, 38), (1, 1), (0, 0)])
def test_half_a_fen_goes_to_the_even_one(base, fen):
    """110 % of 5, 15, 25 and 35 fen is 5.5, 16.5, 27.5 and 38.5."""
    assert price(base, PAY, grade="b")[0] == fen


def test_rounding_happens_once_and_not_at_each_step():
    """5 fen x 1.3 x 1.2 is 7.8; rounded at each step it would be 6 x 1.2 = 7.2."""
    assert price(5, PAY, grade="c", night=True)[0] == 8


def test_every_combination_is_what_the_formula_says():
    for base, grade, night, metres in product(range(0, 6001, 7), GRADES, (False, True), (None, 9_999, 10_001)):
        exact = Decimal(base) * PERCENT[grade] / 100 * (120 if night else 100) / 100
        way = 500 if metres and metres > 10_000 else 0
        fen, parts = price(base, PAY, grade=grade, night=night, distance_m=metres)
        assert fen == int(exact.quantize(Decimal(1), rounding=ROUND_HALF_EVEN)) + way == total(parts)


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.integers(0, 100_000), st.sampled_from(GRADES), st.booleans(), st.none() | st.floats(0, 100_000),
    st.builds(Pay, grade_b=st.integers(100, 400), grade_c=st.integers(50, 400), night_percent=st.integers(100, 400),
              far_fen=st.integers(0, 10_000)),
)  # fmt: skip
def test_the_parts_add_up_whatever_the_district_sets(base, grade, night, metres, policy):
    fen, parts = price(base, policy, grade=grade, night=night, distance_m=metres)
    percent = getattr(policy, f"grade_{grade}") * (policy.night_percent if night else 100)
    way = policy.far_fen if metres and metres > policy.far_over_m else 0
    exact = Decimal(base * percent) / 10_000 + way
    assert abs(fen - exact) <= Decimal("0.5")
    assert fen == total(parts)
    assert parts[0] == {"part": "base", "fen": base}


def test_a_part_says_which_grade_and_which_percentage():
    _fen, parts = price(2600, PAY, grade="c", night=True, distance_m=12_000)
    assert parts == [
        {"part": "base", "fen": 2600},
        {"part": "grade", "percent": 130, "fen": 780, "grade": "c"},
        {"part": "night", "percent": 120, "fen": 676},
        {"part": "far", "over_m": 10_000, "fen": 500},
    ]


def test_a_grade_there_is_not_is_no_price():
    with pytest.raises(ValueError, match="e"):
        price(2600, PAY, grade="e")
