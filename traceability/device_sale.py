"""A sale as a scale sends it, read strictly (docs/device-api.md, section 4).

Fields nobody knows are ignored; one that may be null may also be missing.
"""

import base64
import datetime as dt
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from kit.codes import TOKEN_LENGTH, TYPED_LENGTH
from traceability.kilos import read_kg

MAX_SEQUENCE = 2**53 - 1
MAX_FEN = 2**53 - 1
MAX_LINES = 20
MAX_NAME = 120
BUYERS = ("stall_token", "store_token", "walk_in")
_MOMENT = re.compile(
    r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?(Z|[+-]\d\d:\d\d)", re.ASCII
)  # fmt: skip
_CURSOR = re.compile(r"[A-Za-z0-9_-]{1,64}", re.ASCII)
_EARLIEST = dt.datetime(1970, 1, 2, tzinfo=dt.UTC)
_LATEST = dt.datetime(9999, 12, 30, tzinfo=dt.UTC)


class Unreadable(Exception):
    """`fields` names every part that is missing or not as it should be: `lines[0].weight_kg`."""

    def __init__(self, fields: list[str]) -> None:
        self.fields = fields
        super().__init__(", ".join(fields))


@dataclass(frozen=True, kw_only=True)
class BuyerSent:
    """A stall or a store by its token, or a walk-in customer by name and phone."""

    kind: str
    token: str = ""
    name: str = ""
    phone: str = ""


@dataclass(frozen=True, kw_only=True)
class LineSent:
    """Kilos of a batch, or of whatever the product button stands for."""

    batch_token: str | None
    button: int | None
    weight_kg: Decimal
    unit_price_fen: int | None
    amount_fen: int | None


@dataclass(frozen=True, kw_only=True)
class SaleSent:
    sequence: int
    token: str
    typed_code: str
    sold_at: dt.datetime
    offline: bool
    cursor: str | None
    seller_place: str
    buyer: BuyerSent
    lines: tuple[LineSent, ...]


def read_sequence(value: Any) -> int:
    """Raises ValueError."""
    return whole(1, MAX_SEQUENCE)(value)


def read_sale(sent: Mapping[str, Any]) -> SaleSent:
    """Raises Unreadable, naming every wrong field at once."""
    wrong: list[str] = []
    sale = SaleSent(
        sequence=_take(sent, "sequence", read_sequence, wrong),
        token=_take(sent, "token", text(TOKEN_LENGTH, TOKEN_LENGTH), wrong),
        typed_code=_take(sent, "typed_code", text(TYPED_LENGTH, TYPED_LENGTH), wrong),
        sold_at=_take(sent, "sold_at", moment, wrong),
        offline=_take(sent, "offline", flag, wrong),
        cursor=_take(sent, "cursor", cursor, wrong, optional=True),
        seller_place=_take(sent, "seller_place", text(TOKEN_LENGTH, TOKEN_LENGTH), wrong),
        buyer=_buyer(sent.get("buyer"), wrong),
        lines=_lines(sent.get("lines"), wrong),
    )
    if wrong:
        raise Unreadable(wrong)
    return sale


def text(shortest: int, longest: int) -> Callable[[Any], str]:
    def read(value: Any) -> str:
        if not isinstance(value, str) or not shortest <= len(value.strip()) <= longest:
            raise ValueError
        return value.strip()

    return read


def whole(lowest: int, highest: int) -> Callable[[Any], int]:
    def read(value: Any) -> int:
        if type(value) is not int or not lowest <= value <= highest:
            raise ValueError
        return value

    return read


def flag(value: Any) -> bool:
    if not isinstance(value, bool):
        raise ValueError
    return value


def cursor(value: Any) -> str:
    if not isinstance(value, str) or not _CURSOR.fullmatch(value):
        raise ValueError
    return value


def moment(value: Any) -> dt.datetime:
    """RFC 3339 with an offset."""
    if not isinstance(value, str) or not _MOMENT.fullmatch(value):
        raise ValueError
    read = dt.datetime.fromisoformat(value)
    if not _EARLIEST <= read <= _LATEST:
        raise ValueError
    return read


def cursor_at(when: dt.datetime) -> str:
    """The delta position that stands for a moment: its Unix seconds, in URL-safe base64."""
    return base64.urlsafe_b64encode(f"{when.timestamp():.6f}".encode()).decode().rstrip("=")


def moment_of(position: str) -> dt.datetime | None:
    """The moment a delta position stands for; None for one that is not ours."""
    try:
        seconds = Decimal(base64.urlsafe_b64decode(position + "=" * (-len(position) % 4)).decode("ascii"))
        return dt.datetime(1970, 1, 1, tzinfo=dt.UTC) + dt.timedelta(microseconds=int(seconds * 1_000_000))
    except (ValueError, InvalidOperation, OverflowError):
        return None


def _buyer(sent: Any, wrong: list[str]) -> BuyerSent:
    named = [kind for kind in BUYERS if isinstance(sent, Mapping) and sent.get(kind) is not None]
    if len(named) != 1:
        wrong.append("buyer")
        return BuyerSent(kind="")
    kind = named[0]
    if kind != "walk_in":
        return BuyerSent(kind=kind, token=_take(sent, kind, text(TOKEN_LENGTH, TOKEN_LENGTH), wrong, "buyer."))
    walk_in = sent[kind] if isinstance(sent[kind], Mapping) else {}
    return BuyerSent(
        kind=kind,
        name=_take(walk_in, "name", text(1, MAX_NAME), wrong, "buyer.walk_in."),
        phone=_take(walk_in, "phone", text(0, 20), wrong, "buyer.walk_in."),
    )


def _lines(sent: Any, wrong: list[str]) -> tuple[LineSent, ...]:
    if not isinstance(sent, list) or not 1 <= len(sent) <= MAX_LINES:
        wrong.append("lines")
        return ()
    return tuple(_line(line, f"lines[{position}]", wrong) for position, line in enumerate(sent))


def _line(sent: Any, path: str, wrong: list[str]) -> LineSent:
    line = sent if isinstance(sent, Mapping) else {}
    known = {
        "batch_token": _take(line, "batch_token", text(TOKEN_LENGTH, TOKEN_LENGTH), wrong, f"{path}.", optional=True),
        "button": _take(line, "button", whole(0, MAX_SEQUENCE), wrong, f"{path}.", optional=True),
    }
    if (line.get("batch_token") is None) == (line.get("button") is None):
        wrong.append(f"{path}.batch_token")
    return LineSent(
        **known,
        weight_kg=_take(line, "weight_kg", read_kg, wrong, f"{path}."),
        unit_price_fen=_take(line, "unit_price_fen", whole(0, MAX_FEN), wrong, f"{path}.", optional=True),
        amount_fen=_take(line, "amount_fen", whole(0, MAX_FEN), wrong, f"{path}.", optional=True),
    )


def _take(holder: Mapping[str, Any], name: str, read: Callable, wrong: list[str], path: str = "", *, optional=False):
    value = holder.get(name)
    if optional and value is None:
        return None
    try:
        return read(value)
    except ValueError:
        wrong.append(f"{path}{name}")
        return None
