"""Kilograms are exact, and nothing but a weight is read as one."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from traceability.kilos import Unit, amount_fen, read_kg, to_kg, within_tolerance


@pytest.mark.parametrize(("text", "weight"), [("25.40", "25.400"), ("0.001", "0.001"), ("1", "1.000")])
def test_a_weight_is_read_to_the_gram(text, weight):
    assert str(read_kg(text)) == weight


@pytest.mark.parametrize(
    "text",
    [
        "",
        "0",
        "0.000",
        "-1",
        "+1",
        "1e3",
        "NaN",
        "inf",
        "1.2345",
        ".5",
        "5.",
        " 5",
        "5\n",
        "\uff15",
        "\u0665",
        "1,5",
        "9" * 10,
        None,
        5.0,
    ],
)
def test_nothing_else_is_a_weight(text):
    with pytest.raises(ValueError, match="weight"):
        read_kg(text)


@pytest.mark.parametrize(
    ("quantity", "unit", "each", "kg"),
    [
        ("3", Unit.TONNE, None, "3000.000"),
        ("51", Unit.JIN, None, "25.500"),
        ("25.4", Unit.KG, None, "25.400"),
        ("12", Unit.BOX, "7.5", "90.000"),
        ("1", "head", "110", "110.000"),
        ("0.0025", Unit.KG, None, "0.002"),
    ],
)
def test_units_of_trade_become_kilograms(quantity, unit, each, kg):
    assert str(to_kg(Decimal(quantity), unit, each and Decimal(each))) == kg


@pytest.mark.parametrize("quantity", ["0", "-1", "NaN", "Infinity", "0.0004", "1e30"])
def test_a_quantity_is_a_finite_number_above_zero(quantity):
    with pytest.raises(ValueError, match="quantity"):
        to_kg(Decimal(quantity), Unit.KG)


@pytest.mark.parametrize("each", [None, Decimal(0), Decimal(-1), Decimal("NaN")])
def test_counted_goods_need_the_weight_of_one(each):
    with pytest.raises(ValueError, match="no known weight"):
        to_kg(Decimal(1), Unit.BOX, each)


def test_a_second_weighing_may_differ_by_two_percent():
    assert within_tolerance(Decimal(100), Decimal(98))
    assert within_tolerance(Decimal(100), Decimal(102))
    assert not within_tolerance(Decimal(100), Decimal("102.001"))


@pytest.mark.parametrize(("kg", "price", "fen"), [("25.40", 650, 16510), ("0.005", 100, 0), ("0.015", 100, 2)])
def test_an_amount_is_rounded_once_half_even(kg, price, fen):
    assert amount_fen(Decimal(kg), price) == fen


@given(st.decimals("0.001", "999999999.999", places=3))
def test_a_weight_written_out_reads_back_the_same(weight):
    assert read_kg(f"{weight:f}") == weight
