"""A slip being written, kept in the page's own address: it survives a reload, the way back, and a lost network.

A line is `p:<product code>:<kg>:<fen>` or `b:<batch id>:<kg>:<fen>`; the price may be missing. A walk-in's name
and phone are not in the address: they are typed on the last step.
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from urllib.parse import urlencode

from django.http import QueryDict

from kit.ids import uuid7
from traceability import kilos

WALK_IN = "walk-in"
KNOWN = "known:"
MOST_LINES = 30
_DIGITS = re.compile(r"[0-9]{1,8}", re.ASCII)


@dataclass(frozen=True)
class DraftLine:
    """Kilos of a product (then the oldest batches are taken) or of one batch."""

    kind: str
    target: str
    weight_kg: Decimal
    unit_price_fen: int | None = None

    @property
    def text(self) -> str:
        price = "" if self.unit_price_fen is None else str(self.unit_price_fen)
        return f"{self.kind}:{self.target}:{self.weight_kg}:{price}"


@dataclass(frozen=True)
class SlipDraft:
    """`buyer` is a place's token, `walk-in`, or `known:<voucher id>` for a walk-in of an earlier voucher."""

    key: uuid.UUID
    buyer: str = ""
    lines: tuple[DraftLine, ...] = ()

    def url(self, path: str, **more: object) -> str:
        query = [("key", str(self.key))]
        query += [("buyer", self.buyer)] if self.buyer else []
        query += [("line", line.text) for line in self.lines]
        query += [(name, str(value)) for name, value in more.items() if value not in (None, "")]
        return f"{path}?{urlencode(query)}"

    def with_line(self, line: DraftLine, at: int | None = None) -> SlipDraft:
        """One line more, or another line in the place of an earlier one."""
        lines = list(self.lines)
        if at is None:
            lines.append(line)
        else:
            lines[at] = line
        return replace(self, lines=tuple(lines))

    def without(self, at: int) -> SlipDraft:
        return replace(self, lines=self.lines[:at] + self.lines[at + 1 :])


def read(query: QueryDict) -> SlipDraft:
    """The slip in an address; what cannot be read is left out."""
    lines = tuple(line for text in query.getlist("line")[:MOST_LINES] if (line := read_line(text)))
    return SlipDraft(_uuid(query.get("key")) or uuid7(), query.get("buyer", "")[:60], lines)


def read_line(text: str) -> DraftLine | None:
    kind, _, rest = text.partition(":")
    target, _, rest = rest.partition(":")
    weight, _, price = rest.partition(":")
    known = _uuid(target) if kind == "b" else kind == "p" and 0 < len(target) <= 8
    if not known or (price and not _DIGITS.fullmatch(price)):
        return None
    try:
        return DraftLine(kind, target, kilos.read_kg(weight), int(price) if price else None)
    except ValueError:
        return None


def _uuid(text: str | None) -> uuid.UUID | None:
    try:
        return uuid.UUID(text) if text else None
    except ValueError:
        return None


def index(query: Mapping[str, str], name: str, draft: SlipDraft) -> int | None:
    """The number of a line of the draft, by that parameter."""
    text = query.get(name, "")
    number = int(text) if text.isascii() and text.isdigit() else -1
    return number if 0 <= number < len(draft.lines) else None
