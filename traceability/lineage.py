"""The lineage of a batch as plain data: nodes are batches with their kilograms, lines are what went between them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from typing import NamedTuple
from uuid import UUID

from kit import tradeday
from traceability.balance import Movements, Whereabouts, whereabouts

MIDNIGHT = dt.time(0, 0)
WHOLESALE, SECOND_TIER, RETAIL = "wholesale", "second_tier", "retail"


class Flow(NamedTuple):
    """A batch reached and its kilograms."""

    id: UUID
    district_id: str
    parent_id: UUID | None
    place_id: UUID
    admitted_kg: Decimal
    overdrawn_kg: Decimal
    sold_kg: Decimal
    withdrawn_kg: Decimal
    disposed_kg: Decimal
    returned_kg: Decimal
    lost_kg: Decimal
    expires_on: dt.date


class Node(NamedTuple):
    """One batch: whose, where, what came in and went, since when it is held, and what tests of it said."""

    id: UUID
    district_id: str
    parent_id: UUID | None
    source_line_id: UUID | None
    state: str
    token: str
    product: str
    trade_day: dt.date
    expires_on: dt.date
    organisation_id: UUID
    organisation: str
    is_person: bool
    place_id: UUID
    place_name: str
    stall_no: str
    business_type: str
    town_id: str
    town: str
    market_id: UUID | None
    market: str | None
    market_kind: str | None
    day_starts_at: dt.time | None
    origin_region: str
    origin_detail: str
    admitted_kg: Decimal
    overdrawn_kg: Decimal
    sold_kg: Decimal
    withdrawn_kg: Decimal
    disposed_kg: Decimal
    returned_kg: Decimal
    lost_kg: Decimal
    held_since: dt.datetime | None
    results: list[str] | None

    @property
    def step(self) -> str:
        """Wholesale, a wholesaler who bought from one (二批), or retail: a stall, a canteen, a shop."""
        if self.market_id is None or self.market_kind == RETAIL:
            return RETAIL
        return SECOND_TIER if self.parent_id else WHOLESALE

    @property
    def who(self) -> str:
        return f"{self.stall_no} {self.place_name or self.organisation}".strip()

    @property
    def origin(self) -> str:
        return f"{self.origin_region} {self.origin_detail}".strip()

    def day_of(self, moment: dt.datetime) -> dt.date:
        return tradeday.trade_day(moment, self.day_starts_at or MIDNIGHT)

    def where(self, now: dt.datetime) -> Whereabouts:
        """Where its kilograms are, by what is recorded."""
        movements = Movements(
            received_kg=self.admitted_kg,
            sold_kg=self.sold_kg,
            withdrawn_kg=self.withdrawn_kg,
            disposed_kg=self.disposed_kg,
            returned_kg=self.returned_kg,
            lost_kg=self.lost_kg,
            overdrawn_kg=self.overdrawn_kg,
        )
        return whereabouts(
            movements,
            today=self.day_of(now),
            expires_on=self.expires_on,
            retail=self.step == RETAIL,
            held_on=self.held_since and self.day_of(self.held_since),
        )


class Line(NamedTuple):
    """What one batch gave to one buyer on one voucher. A buyer without a place is a walk-in customer 散客."""

    id: UUID
    district_id: str
    batch_id: UUID
    voucher_id: UUID
    weight_kg: Decimal
    accepted_kg: Decimal
    refused_kg: Decimal
    day: dt.date
    buyer_place_id: UUID | None
    buyer_district_id: str
    buyer_organisation_id: UUID | None
    buyer_name: str

    @property
    def waiting_kg(self) -> Decimal:
        """Sold, and neither taken in nor refused: the buyer has it, though no batch of his says so."""
        return self.weight_kg - self.accepted_kg - self.refused_kg


@dataclass(frozen=True)
class Graph:
    """A batch, what it came from (`above`, the nearest first) and what came from it."""

    start: UUID
    above: tuple[UUID, ...]
    nodes: dict[UUID, Node]
    lines: list[Line]
    hidden: int = 0
    """Batches further down that the reader may not see; counted, and not among the nodes."""

    seen: frozenset[UUID] | None = field(default=None)
    """The nodes whose kilograms the reader may see; None for all of them."""

    @cached_property
    def way(self) -> list[Node]:
        """From the first known batch down to the start."""
        return [self.nodes[batch_id] for batch_id in (*reversed(self.above), self.start) if batch_id in self.nodes]

    @cached_property
    def below(self) -> list[Node]:
        """The start and everything that came from it."""
        upstream = set(self.above)
        return [node for node in self.nodes.values() if node.id not in upstream]

    @cached_property
    def given(self) -> dict[UUID, Line]:
        return {line.id: line for line in self.lines}

    def edges(self) -> Iterator[tuple[Node, Node, Line | None]]:
        """Parent, child, and the voucher line between them."""
        for node in self.nodes.values():
            if node.parent_id in self.nodes:
                line = self.given.get(node.source_line_id) if node.source_line_id else None
                yield self.nodes[node.parent_id], node, line

    def open_lines(self) -> Iterator[Line]:
        """What buyers have without a batch of ours: walk-in customers, and slips not taken in yet."""
        upstream = set(self.above)
        for line in self.lines:
            if line.waiting_kg > 0 and line.batch_id not in upstream:
                yield line

    def shows(self, node: Node) -> bool:
        return self.seen is None or node.id in self.seen
