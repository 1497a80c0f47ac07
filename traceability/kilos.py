"""Kilograms: exact decimals to the gram, from whatever unit the trade uses.

Nothing here touches floats: a weight enters as text or Decimal and leaves as Decimal with three
decimals, the way the database stores it.
"""

import re
from decimal import ROUND_HALF_EVEN, Decimal
from enum import StrEnum

GRAM = Decimal("0.001")
MAX_KG = Decimal("999999999.999")
KG = {"max_digits": 12, "decimal_places": 3}
"""The digits of a weight, for a field of a document."""

TOLERANCE = Decimal("0.02")
"""Two weighings of the same goods may differ by this share of the first."""

_WEIGHT = re.compile(r"[0-9]{1,9}(\.[0-9]{1,3})?", re.ASCII)


class Unit(StrEnum):
    """Units of trade. Counted goods (`head` 头, `piece` 只, `box` 箱, `bag` 件) have a weight a piece."""

    KG = "kg"
    JIN = "jin"
    TONNE = "t"
    HEAD = "head"
    PIECE = "piece"
    BOX = "box"
    BAG = "bag"


_KG_PER_UNIT = {Unit.KG: Decimal(1), Unit.JIN: Decimal("0.5"), Unit.TONNE: Decimal(1000)}


def read_kg(text: str) -> Decimal:
    """A weight as devices write it: plain digits, a point, at most three decimals, above zero.

    Raises ValueError, also for what Decimal itself would read: `NaN`, `1e3`, `+1`, other scripts' digits.
    """
    if not isinstance(text, str) or not _WEIGHT.fullmatch(text):
        raise ValueError("a weight is written like 25.40")
    weight = Decimal(text).quantize(GRAM)
    if weight <= 0:
        raise ValueError("a weight is above zero")
    return weight


def to_kg(quantity: Decimal, unit: Unit | str, kg_per_unit: Decimal | None = None) -> Decimal:
    """`quantity` of `unit` in kilograms, half-even to the gram.

    Counted goods need `kg_per_unit`, the catalogue's weight of one. Raises ValueError when the quantity is
    not a finite number above zero, when the weight of one is not known, or when the result does not fit.
    """
    each = _KG_PER_UNIT.get(Unit(unit), kg_per_unit)
    if each is None or not each.is_finite() or each <= 0:
        raise ValueError(f"one {unit} has no known weight")
    if not quantity.is_finite() or quantity <= 0:
        raise ValueError("a quantity is a number above zero")
    if quantity * each > MAX_KG:
        raise ValueError("a quantity this large does not fit")
    weight = (quantity * each).quantize(GRAM, rounding=ROUND_HALF_EVEN)
    if weight <= 0:
        raise ValueError("a quantity is at least one gram")
    return weight


def within_tolerance(expected_kg: Decimal, actual_kg: Decimal, tolerance: Decimal = TOLERANCE) -> bool:
    """Whether a second weighing agrees with the first, within `tolerance` of the first."""
    return abs(actual_kg - expected_kg) <= expected_kg * tolerance


def amount_fen(weight_kg: Decimal, unit_price_fen: int) -> int:
    """The price of a weight in fen, half-even, rounded once."""
    return int((weight_kg * unit_price_fen).quantize(Decimal(1), rounding=ROUND_HALF_EVEN))
