"""Identifiers of rows of the past: UUIDv7 of their own moment, drawn from the seed; public codes, random as ever."""

import datetime as dt

from kit import codes
from kit.models import PublicCode

_VERSION, _VARIANT = 7 << 76, 2 << 62


class Ids:
    """The same seed gives the same ids, in order of time."""

    def __init__(self, dice):
        self.bits = dice.getrandbits

    def at(self, moment: dt.datetime) -> str:
        milliseconds = int(moment.timestamp() * 1000)
        value = milliseconds << 80 | _VERSION | self.bits(12) << 64 | _VARIANT | self.bits(62)
        text = f"{value:032x}"
        return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"

    def key(self) -> str:
        """A form's key, version 4."""
        text = f"{self.bits(128) & ~(15 << 76 | 3 << 62) | 4 << 76 | 2 << 62:032x}"
        return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"


class Codes:
    """Codes nobody has: drawn in rounds, and asked after before they are used."""

    ROUND = 2000

    def __init__(self):
        self.left: list[tuple[str, str]] = []

    def next(self) -> tuple[str, str]:
        """A token and a typed code."""
        if not self.left:
            self.left = self._round()
        return self.left.pop()

    def _round(self):
        drawn = {codes.new_typed_code(): codes.new_token() for _ in range(self.ROUND)}
        taken = PublicCode.objects.filter(typed_code__in=drawn).values_list("typed_code", flat=True)
        return [(token, typed) for typed, token in drawn.items() if typed not in set(taken)]
