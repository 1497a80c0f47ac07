"""JSON that means one thing: canonical bytes for hashing, and a reader that refuses doubtful input.

Python's own reader accepts NaN, infinity, duplicate keys and lone surrogates, and meets deep nesting
with RecursionError. Nothing of that gets past `read()`.
"""

import datetime as dt
import json
import math
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from kit.refusals import Invalid

MAX_BYTES = 1024 * 1024
MAX_DEPTH = 32


class BadJson(Invalid):
    """`reason` in `data` is for machines: size, encoding, syntax, number, duplicate_key, depth, text."""

    code = "bad_json"
    message = _("What was sent is not acceptable JSON.")


def canonical(value: Any) -> bytes:
    """`value` as the one sequence of bytes that stands for it.

    Keys sorted, no spaces, UTF-8. Decimals become plain text with their digits as they are, moments
    become UTC with microseconds, UUIDs and dates their usual text, bytes hexadecimal. Raises ValueError for a number
    that is not finite and for text that is not Unicode, TypeError for anything else.
    """
    plain = _plain(value)
    text = json.dumps(plain, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
    return text.encode()


def read(raw: bytes, *, max_bytes: int = MAX_BYTES, max_depth: int = MAX_DEPTH) -> Any:
    """The value in `raw`. Raises BadJson."""
    if len(raw) > max_bytes:
        raise BadJson(reason="size")
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError as error:
        raise BadJson(reason="encoding") from error
    try:
        value = json.loads(
            text, parse_constant=_refuse_constant, parse_float=_finite, object_pairs_hook=_without_duplicates
        )
    except RecursionError as error:
        raise BadJson(reason="depth") from error
    except json.JSONDecodeError as error:
        raise BadJson(reason="syntax") from error
    except ValueError as error:  # an integer of thousands of digits
        raise BadJson(reason="number") from error
    _check(value, max_depth)
    return value


def _plain(value: Any) -> Any:
    match value:
        case None | bool() | int() | float() | str():
            return value
        case Decimal():
            if not value.is_finite():
                raise ValueError("a number must be finite")
            return format(value, "f")
        case bytes():
            return value.hex()
        case UUID():
            return str(value)
        case dt.datetime():
            if value.tzinfo is None:
                raise ValueError("a moment must have a time zone")
            return value.astimezone(dt.UTC).isoformat(timespec="microseconds")
        case dt.date():
            return value.isoformat()
        case dict():
            if not all(isinstance(key, str) for key in value):
                raise TypeError("keys must be text")
            return {key: _plain(item) for key, item in value.items()}
        case list() | tuple():
            return [_plain(item) for item in value]
    raise TypeError(f"{type(value).__name__} has no canonical form")


def _refuse_constant(name: str) -> None:
    raise BadJson(reason="number")


def _finite(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):
        raise BadJson(reason="number")
    return number


def _without_duplicates(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise BadJson(reason="duplicate_key")
    return found


def _check(value: Any, max_depth: int) -> None:
    """Depth and text, level by level, so that the check itself cannot run out of stack."""
    level = [value]
    depth = 0
    while level:
        for item in level:
            if isinstance(item, str):
                _check_text(item)
        level = [item for container in level for item in _items(container)]
        depth += any(isinstance(item, list | dict) for item in level)
        if depth >= max_depth:
            raise BadJson(reason="depth")


def _items(value: Any) -> list[Any]:
    if isinstance(value, dict):
        return [*value.keys(), *value.values()]
    return value if isinstance(value, list) else []


def _check_text(text: str) -> None:
    if "\x00" in text or any("\ud800" <= character <= "\udfff" for character in text):
        raise BadJson(reason="text")
