"""Money is whole fen; nothing is rounded twice, nothing silently."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kit import money

FEN = st.integers(min_value=-(10**13), max_value=10**13)


@pytest.mark.parametrize(
    ("amount_fen", "text"), [(0, "0.00"), (5, "0.05"), (1234, "12.34"), (-1205, "-12.05"), (-7, "-0.07")]
)
def test_fen_are_shown_as_yuan(amount_fen, text):
    assert money.yuan(amount_fen) == text


@pytest.mark.parametrize(
    ("text", "amount_fen"), [("12.5", 1250), (" 12 ", 1200), ("1,234.56", 123456), ("-0.07", -7), ("+3", 300)]
)
def test_yuan_are_read_as_fen(text, amount_fen):
    assert money.fen(text) == amount_fen


@pytest.mark.parametrize(
    "text", ["", "12.345", "1e3", "NaN", "\u00b2", "\uff11\uff12", "12.", ".5", "9" * 5000, "12元"]
)
def test_what_is_not_an_amount_is_refused(text):
    with pytest.raises(money.BadAmount):
        money.fen(text)


@given(FEN)
def test_what_is_shown_reads_back_the_same(amount_fen):
    assert money.fen(money.yuan(amount_fen)) == amount_fen


@pytest.mark.parametrize(
    ("exact", "whole"), [("12.5", 12), ("13.5", 14), ("12.51", 13), ("-12.5", -12), ("-13.5", -14)]
)
def test_half_a_fen_goes_to_the_even_one(exact, whole):
    assert money.round_fen(Decimal(exact)) == whole


def test_a_share_is_rounded_once():
    assert money.share(125, Decimal("0.1")) == 12
    assert money.share(135, Decimal("0.1")) == 14


@given(FEN, st.decimals(min_value=0, max_value=1, places=4))
def test_a_share_is_within_half_a_fen_of_the_exact_one(amount_fen, rate):
    assert abs(money.share(amount_fen, rate) - amount_fen * rate) <= Decimal("0.5")
