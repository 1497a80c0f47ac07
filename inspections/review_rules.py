"""审单: which decision needs what, and which needs a second pair of eyes. No database, no clock."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from enum import StrEnum

from inspections.work_policies import Reviewing

FULL, DEDUCT, RETURNED = "approved_full", "approved_deduct", "returned"
REJECTED, ESCALATED, FRAUD = "rejected", "escalated", "fraud"
OUTCOMES = (FULL, DEDUCT, RETURNED, REJECTED, ESCALATED, FRAUD)
ACCEPTING = frozenset({FULL, DEDUCT, ESCALATED})
AGAINST = frozenset({DEDUCT, REJECTED, FRAUD})
"""What the coordinator may appeal against."""


class Lack(StrEnum):
    """What a decision lacks. Each has its words at the door."""

    OUTCOME = "outcome"
    REASON = "reason"
    PERCENT = "percent"
    ITEMS = "items"
    UNKNOWN_ITEM = "unknown_item"
    RETURNED_OUT = "returned_out"


@dataclass(frozen=True, kw_only=True)
class Decision:
    outcome: str
    reason: str = ""
    items: Collection[str] = ()
    deduct_percent: int = 0


def lacks(decision: Decision, *, named: Collection[str], returns: int, policy: Reviewing) -> Iterator[tuple[str, Lack]]:
    """(field, what). `named`: item codes there are; `returns`: how often it was sent back already."""
    if decision.outcome not in OUTCOMES:
        yield "outcome", Lack.OUTCOME
        return
    if decision.outcome != FULL and not decision.reason:
        yield "reason", Lack.REASON
    if decision.outcome == DEDUCT and not 1 <= decision.deduct_percent <= 100:
        yield "deduct_percent", Lack.PERCENT
    if decision.outcome == RETURNED and not decision.items:
        yield "items", Lack.ITEMS
    if set(decision.items) - set(named):
        yield "items", Lack.UNKNOWN_ITEM
    if decision.outcome == RETURNED and returns >= policy.returns:
        yield "outcome", Lack.RETURNED_OUT


def needs_second(outcome: str, *, key_failed: bool, price_fen: int, policy: Reviewing) -> bool:
    """复审: an acceptance where a key item failed or much is paid; and fraud, which nobody says of another alone."""
    if outcome == FRAUD:
        return True
    return outcome in ACCEPTING and (key_failed or price_fen > policy.double_review_over_fen)


def usual_deduction(policy: Reviewing, *, unclear: bool = False, late: bool = False, missing: int = 0) -> int:
    """Percent of the pay: what the rules of the district say for each shortcoming, together at most all of it."""
    parts = (
        policy.unclear_deduct_percent * unclear,
        policy.late_deduct_percent * late,
        policy.missing_deduct_percent * missing,
    )
    return min(100, sum(parts))
