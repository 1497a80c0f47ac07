"""Money is whole fen (1 yuan = 100 fen); yuan exist only as text."""

import re
from decimal import ROUND_HALF_EVEN, Decimal

from django.utils.translation import gettext_lazy as _

from kit.refusals import Invalid

_AMOUNT = re.compile(r"([+-]?)([0-9]{1,12})(?:\.([0-9]{1,2}))?")


class BadAmount(Invalid):
    code = "bad_amount"
    message = _("Write an amount in yuan with at most two decimals, such as 12.50.")


def yuan(amount_fen: int) -> str:
    """`-1205` as `-12.05`."""
    sign = "-" if amount_fen < 0 else ""
    return f"{sign}{abs(amount_fen) // 100}.{abs(amount_fen) % 100:02d}"


def fen(text: str) -> int:
    """`12.5` as `1250`. Nothing is rounded: a third decimal is refused. Raises BadAmount."""
    found = _AMOUNT.fullmatch(text.strip().replace(",", ""))
    if not found:
        raise BadAmount
    sign, whole, decimals = found.groups()
    amount = int(whole) * 100 + int((decimals or "").ljust(2, "0"))
    return -amount if sign == "-" else amount


def round_fen(exact_fen: Decimal) -> int:
    """Half to even, to the whole fen. Called once, where the entry is written."""
    return int(exact_fen.quantize(Decimal(1), rounding=ROUND_HALF_EVEN))


def share(amount_fen: int, rate: Decimal) -> int:
    """`rate` of an amount, rounded once."""
    return round_fen(amount_fen * rate)
