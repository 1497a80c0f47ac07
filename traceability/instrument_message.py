"""The two messages in which instruments send readings: that of the DY family (domain 6.3), and our own signed one.

Reading them is arithmetic on what was sent; nothing here looks anything up.
"""

import datetime as dt
import hashlib
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from kit import codes, jsonsafe
from kit.tradeday import CHINA

MOST_READINGS = 200
LONGEST = {"SysCode": 64, "sampleid": 60, "unit": 16, "stringvalue": 60}
DY_TIMES = ("%Y-%m-%d %H:%M:%S", "%Y/%m/%d %H:%M:%S", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M", "%Y%m%d%H%M%S")
MOST_DIGITS = 9

SAID = {
    "阴性": "negative", "未检出": "negative", "合格": "negative", "negative": "negative",
    "阳性": "positive", "检出": "positive", "不合格": "positive", "positive": "positive",
    "可疑": "suspect", "suspect": "suspect", "无效": "invalid", "invalid": "invalid",
}  # fmt: skip
"""What instruments write beside their numbers. With a number, the number is judged and the word only kept."""


class Unreadable(ValueError):
    """`field` is what is missing or not as it should be."""

    def __init__(self, field: str) -> None:
        self.field = field
        super().__init__(field)


@dataclass(frozen=True, kw_only=True)
class Sent:
    """One reading of a message. `content` is the whole of it as it came."""

    system_code: str
    item: str
    sample: str
    value: Decimal | None
    unit: str
    text: str
    tested_at: dt.datetime
    username: str
    content: dict[str, Any]
    source: str = "instrument"

    @property
    def sha256(self) -> str:
        return hashlib.sha256(jsonsafe.canonical(self.content)).hexdigest()


def read_dy(message: Any) -> tuple[str, list[Sent]]:
    """The `deviceid` and the readings of a DY message. Raises Unreadable; also when `totalnum` is not their number."""
    if not isinstance(message, dict):
        raise Unreadable("body")
    username, device = _text(message, "username", 60), _text(message, "deviceid", 60)
    item = _text(message, "itemid", 40)
    details = message.get("Details")
    if not isinstance(details, list) or not 1 <= len(details) <= MOST_READINGS:
        raise Unreadable("Details")
    if _whole(message.get("totalnum")) != len(details):
        raise Unreadable("totalnum")
    place = {name: _degrees(message, name) for name in ("longitude", "latitude")}
    return device, [_dy_reading(each, username, item, place) for each in details]


def _dy_reading(detail, username, item, place):
    if not isinstance(detail, dict):
        raise Unreadable("Details")
    code, sample = _text(detail, "SysCode", LONGEST["SysCode"]), _text(detail, "sampleid", LONGEST["sampleid"])
    value, words = _number(detail.get("doublevalue"), "doublevalue"), _optional(detail, "stringvalue")
    if value is None and not words:
        raise Unreadable("doublevalue")
    return Sent(
        system_code=code, item=item, sample=codes.read_typed_code(sample) or sample, value=value,
        unit=_optional(detail, "unit"), text=words, tested_at=_dy_time(detail.get("time")), username=username,
        content={**detail, "username": username, "itemid": item, **place},
    )  # fmt: skip


def read_signed(readings: Any) -> list[Sent]:
    """The readings of our own message (docs/device-api.md). Raises Unreadable."""
    if not isinstance(readings, list) or not 1 <= len(readings) <= MOST_READINGS:
        raise Unreadable("readings")
    return [_signed_reading(each) for each in readings]


def _signed_reading(reading):
    if not isinstance(reading, dict):
        raise Unreadable("readings")
    words, sample = _optional(reading, "text", "stringvalue"), _text(reading, "sample", LONGEST["sampleid"])
    value = _number(reading.get("value"), "value")
    if value is None and not words:
        raise Unreadable("value")
    return Sent(
        system_code=_text(reading, "system_code", LONGEST["SysCode"]), item=_text(reading, "item", 16),
        sample=codes.read_typed_code(sample) or sample, value=value, unit=_optional(reading, "unit"), text=words,
        tested_at=_moment(reading.get("tested_at")), username=_optional(reading, "username", longest=60),
        content=reading, source="api",
    )  # fmt: skip


def _text(sent, name, longest):
    value = sent.get(name)
    value = str(value) if isinstance(value, int) and not isinstance(value, bool) else value
    if not isinstance(value, str) or not 1 <= len(value.strip()) <= longest:
        raise Unreadable(name)
    return value.strip()


def _optional(sent, name, alias="", longest=0):
    value = sent.get(name)
    if value is None or value == "":
        return ""
    return _text(sent, name, longest or LONGEST[alias or name])


def _whole(value):
    text = str(value).strip() if isinstance(value, int | str) and not isinstance(value, bool) else ""
    return int(text) if text.isascii() and text.isdigit() and len(text) < MOST_DIGITS else None


def _number(value, name):
    """A number as JSON has it or as text, nothing for an empty one; nine digits before the point, four after."""
    if value is None or value == "":
        return None
    try:
        number = Decimal(str(value).strip()) if isinstance(value, int | float | str) else None
    except InvalidOperation:
        number = None
    if number is None or isinstance(value, bool) or not number.is_finite() or abs(number) >= 10**MOST_DIGITS:
        raise Unreadable(name)
    return number.quantize(Decimal("0.0001")).normalize() + 0


def _degrees(sent, name):
    value = _number(sent.get(name), name)
    if value is not None and abs(value) > 180:
        raise Unreadable(name)
    return None if value is None else str(value)


def _dy_time(value):
    """The family writes the time of the wall in China."""
    for shape in DY_TIMES:
        try:
            return dt.datetime.strptime(str(value).strip(), shape).replace(tzinfo=CHINA)
        except ValueError:
            continue
    return _moment(value, "time")


def _moment(value, name="tested_at"):
    try:
        moment = dt.datetime.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None:
        raise Unreadable(name)
    return moment
