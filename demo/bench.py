"""What a test bench of the demo world tests, with what, how often it finds something, and what is then read."""

from decimal import Decimal

from traceability.judging import Reading
from traceability.models import TestPoint

Kind = TestPoint.Kind

# Category (its code's beginning) -> items with their weight: what testers usually look for in such goods.
MENU: dict[str, dict[str, int]] = {
    "1": {"PEST_ENZ": 8, "CARBO": 2, "CHLOR": 1, "FIPRO": 1},
    "16": {"CHLOR": 3, "PHORA": 1, "CARBO": 1},
    "19": {"PEST_ENZ": 1},
    "2": {"PEST_ENZ": 5, "CARBO": 1},
    "31": {"BETA": 5, "SULF": 1},
    "32": {"QUINO": 3, "NFUR": 1},
    "33": {"QUINO": 3, "NFUR": 1},
    "34": {"FLOR": 2, "QUINO": 2, "FIPRO": 1},
    "35": {"CAP": 1, "BETA": 1},
    "4": {"MALGR": 4, "NFUR": 2, "CAP": 2, "DIAZ": 1},
    "51": {"RONG": 1, "BORAX": 1},
    "52": {"FORM": 2, "H2O2": 1},
    "53": {"SO2": 2, "FORM": 1},
    "54": {"NITRITE": 3, "SO2": 1},
    "55": {"AFB1": 2, "CD": 1},
    "56": {"OIL_AV": 2, "OIL_PV": 2, "POLAR": 1},
    "57": {"PEST_ENZ": 1},
    "58": {"BORAX": 1},
}
_LABORATORY = (
    "PEST_ENZ", "CARBO", "CHLOR", "FIPRO", "BETA", "QUINO", "MALGR", "NFUR", "CAP", "FORM", "SO2", "BORAX",
)  # fmt: skip
_KITCHEN = ("PEST_ENZ", "CARBO", "BETA", "MALGR", "QUINO", "NITRITE")
KITS: dict[str, tuple[str, ...]] = {
    Kind.WHOLESALE: _LABORATORY, Kind.RETAIL: _LABORATORY, Kind.STATION: _LABORATORY, Kind.VEHICLE: _LABORATORY,
    Kind.SCHOOL_CANTEEN: _KITCHEN, Kind.STAFF_CANTEEN: _KITCHEN, Kind.RESTAURANT: _KITCHEN, Kind.SUPERMARKET: _KITCHEN,
}  # fmt: skip
"""Items a point of a kind keeps kits for; what it tests without one is read by eye."""

POSITIVE, INVALID, SUSPECT = 0.0034, 0.005, 0.002
"""Shares of a thousand tests: the provincial mean of positives, strips without a control line, doubtful ones."""
RISKY = frozenset({"豇豆", "韭菜", "芹菜", "西芹", "生姜", "姜", "泥鳅", "黄骨鱼", "鸭蛋"})
RISK = 4
SUMMER, SUMMER_RISK = frozenset({5, 6, 7, 8, 9}), 1.4
"""Pests of the warm months, and what is sprayed against them."""

_STRIPS = {
    "negative": ({"control_line": True, "test_line": "stronger"}, {"control_line": True, "test_line": "equal"}),
    "positive": ({"control_line": True, "test_line": "absent"}, {"control_line": True, "test_line": "weaker"}),
    "suspect": ({"control_line": True, "test_line": "unclear"},),
    "invalid": ({"control_line": False},),
}
_INHIBITION = {"negative": (2, 38), "positive": (52, 88), "suspect": (46, 49)}


def menu(category: str) -> dict[str, int]:
    """Items and weights for goods of a category."""
    return MENU.get(category) or MENU.get(category[0]) or {"PEST_ENZ": 1}


def item_for(dice, category: str) -> str:
    wanted = menu(category)
    return dice.choices(tuple(wanted), tuple(wanted.values()))[0]


def positive_share(product_name: str, month: int) -> float:
    """How often such goods are positive in this month."""
    share = POSITIVE * (RISK if product_name in RISKY else 1)
    return share * SUMMER_RISK if month in SUMMER else share


def outcome(dice, product_name: str, month: int) -> str:
    """What a strip will say, before anybody reads it."""
    drawn = dice.random()
    for result, share in (
        ("positive", positive_share(product_name, month)), ("invalid", INVALID), ("suspect", SUSPECT),
    ):  # fmt: skip
        if drawn < share:
            return result
        drawn -= share
    return "negative"


def reading(dice, principle: str, result: str) -> Reading:
    """A reading of such a method that says `result`: the lines of a strip, an inhibition rate, or a word."""
    if principle == "colloidal_gold":
        return Reading(**dice.choice(_STRIPS[result]))
    if principle == "enzyme_inhibition" and result in _INHIBITION:
        value = Decimal(dice.randrange(*_INHIBITION[result]) * 10 + dice.randrange(10)) / 10
        return Reading(value=value, unit="%")
    return Reading(said=result)
