"""Figures and moments as they stand on paper."""

import datetime as dt
import unicodedata
from decimal import Decimal
from zoneinfo import ZoneInfo

CHINA = ZoneInfo("Asia/Shanghai")
_FIRST_PICTOGRAPH, _LAST_PICTOGRAPH = "\U0001f000", "\U0001faff"


def kilos(weight_kg: Decimal) -> str:
    """`Decimal("12.500")` as `12.5 kg`."""
    return f"{weight_kg.normalize():,f} kg"


def yuan(fen: int) -> str:
    """`123456` as `¥1,234.56`."""
    whole, rest = divmod(abs(fen), 100)
    return f"{'-' if fen < 0 else ''}¥{whole:,}.{rest:02d}"


def day(value: dt.date) -> str:
    return value.isoformat()


def moment(value: dt.datetime) -> str:
    """An aware moment as the clock on a wall in China shows it."""
    return value.astimezone(CHINA).strftime("%Y-%m-%d %H:%M")


def plain(text: str) -> str:
    """`text` on one line, without what paper cannot show: control and bidirectional marks, pictographs."""
    kept = (" " if character.isspace() else character for character in text if _printable(character))
    return " ".join("".join(kept).split())


def _printable(character: str) -> bool:
    if _FIRST_PICTOGRAPH <= character <= _LAST_PICTOGRAPH or "\ufe00" <= character <= "\ufe0f":
        return False
    return character.isspace() or not unicodedata.category(character).startswith("C")
