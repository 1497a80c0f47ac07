"""When a sales voucher may be voided, and how its lines are taken in.

A voucher is a legal record: voiding leaves it visible as 已作废. A line is taken in once, in one or
several parts by weight, and what the buyer does not want is refused 拒收; parts never exceed the line.
"""

from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from enum import StrEnum

ZERO = Decimal(0)


class VoidRefusal(StrEnum):
    ALREADY_VOID = "already_void"
    DAY_OVER = "day_over"
    BUYER_MUST_AGREE = "buyer_must_agree"
    REASON_MISSING = "reason_missing"


def void_refusal(
    *, sold_on: date, today: date, taken_in: bool, buyer_agrees: bool, reason: str, voided: bool = False
) -> VoidRefusal | None:
    """Why a voucher may not be voided; None when it may.

    `sold_on` and `today` are trade days of the seller's market: a voucher is voided on its own day only.
    Once any of it is `taken_in`, the buyer has to agree.
    """
    if voided:
        return VoidRefusal.ALREADY_VOID
    if today != sold_on:
        return VoidRefusal.DAY_OVER
    if taken_in and not buyer_agrees:
        return VoidRefusal.BUYER_MUST_AGREE
    if not reason.strip():
        return VoidRefusal.REASON_MISSING
    return None


class LineState(StrEnum):
    OPEN = "open"
    PARTLY = "partly"
    SETTLED = "settled"


class LineRefusal(StrEnum):
    NOTHING = "nothing"
    SETTLED = "settled"
    TOO_MUCH = "too_much"
    REASON_MISSING = "reason_missing"


@dataclass(frozen=True, kw_only=True)
class LineKilos:
    """One voucher line: what was sold, and what the buyer has taken in and refused of it so far."""

    sold_kg: Decimal
    taken_kg: Decimal = ZERO
    refused_kg: Decimal = ZERO

    def __post_init__(self):
        if self.sold_kg <= 0 or self.taken_kg < 0 or self.refused_kg < 0 or self.open_kg < 0:
            raise ValueError("the parts of a line are at least zero and never exceed it")

    @property
    def open_kg(self) -> Decimal:
        return self.sold_kg - self.taken_kg - self.refused_kg

    @property
    def state(self) -> LineState:
        if not self.open_kg:
            return LineState.SETTLED
        return LineState.PARTLY if self.taken_kg or self.refused_kg else LineState.OPEN


def settle_refusal(
    line: LineKilos, *, take_kg: Decimal = ZERO, refuse_kg: Decimal = ZERO, reason: str = ""
) -> LineRefusal | None:
    """Why these parts of a line cannot be taken in and refused; None when they can.

    Refusing goods needs a reason.
    """
    if line.state is LineState.SETTLED:
        return LineRefusal.SETTLED
    if min(take_kg, refuse_kg) < 0 or take_kg + refuse_kg == 0:
        return LineRefusal.NOTHING
    if take_kg + refuse_kg > line.open_kg:
        return LineRefusal.TOO_MUCH
    if refuse_kg and not reason.strip():
        return LineRefusal.REASON_MISSING
    return None


def settled(line: LineKilos, *, take_kg: Decimal = ZERO, refuse_kg: Decimal = ZERO) -> LineKilos:
    """The line after these parts. Raises ValueError when they exceed it."""
    return replace(line, taken_kg=line.taken_kg + take_kg, refused_kg=line.refused_kg + refuse_kg)
