"""Whom a recall reaches and what they should have: reckoned from a lineage, as it stands.

Every kilogram that came in at the start is in exactly one place: on hand, gone (returned, destroyed, lost), presumed
sold, unaccounted for, sold to a walk-in customer, or sold and not taken in yet.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, fields
from decimal import Decimal
from uuid import UUID

from traceability.balance import Whereabouts, expired
from traceability.lineage import Graph, Line, Node

ZERO = Decimal(0)


@dataclass(frozen=True)
class Reached:
    """One batch within the reach."""

    node: Node
    where: Whereabouts
    root: bool = False
    upstream: bool = False

    @property
    def on_hand_kg(self) -> Decimal:
        """Still there, on sale or taken off it."""
        return self.where.on_hand_kg + self.where.withdrawn_kg

    @property
    def gone_kg(self) -> Decimal:
        return self.where.disposed_kg + self.where.returned_kg + self.where.lost_kg


@dataclass
class Holder:
    """A stall or store with all it has of the goods, or a walk-in customer by the voucher."""

    name: str
    place_id: UUID | None = None
    place_district_id: str = ""
    organisation_id: UUID | None = None
    voucher_id: UUID | None = None
    received_kg: Decimal = ZERO
    expected_kg: Decimal = ZERO

    @property
    def key(self) -> tuple[UUID | None, UUID | None]:
        return self.place_id, self.voucher_id


@dataclass(frozen=True, kw_only=True)
class Totals:
    received_kg: Decimal = ZERO
    on_hand_kg: Decimal = ZERO
    waiting_kg: Decimal = ZERO
    walk_in_kg: Decimal = ZERO
    gone_kg: Decimal = ZERO
    presumed_sold_kg: Decimal = ZERO
    unaccounted_kg: Decimal = ZERO

    @property
    def placed_kg(self) -> Decimal:
        """The sum of all the places the kilograms can be in."""
        return sum((getattr(self, each.name) for each in fields(self) if each.name != "received_kg"), ZERO)


@dataclass(frozen=True)
class Scope:
    reached: list[Reached]
    holders: list[Holder]
    totals: Totals

    @property
    def below(self) -> list[Reached]:
        return [each for each in self.reached if not each.upstream]


def scope_of(graph: Graph, now: dt.datetime) -> Scope:
    """The reach of a recall that starts at the graph's batch: everything below it, and the way back for the record."""
    upstream = set(graph.above)
    reached = [
        Reached(node, node.where(now), root=node.id == graph.start, upstream=node.id in upstream)
        for node in graph.nodes.values()
    ]
    below = [each for each in reached if not each.upstream]
    lines = list(graph.open_lines())
    return Scope(reached, _holders(graph, below, lines, now), _totals(graph, below, lines))


def _holders(graph: Graph, below: Iterable[Reached], lines: Iterable[Line], now: dt.datetime) -> list[Holder]:
    found: dict[tuple[UUID | None, UUID | None], Holder] = {}
    for each in below:
        node = each.node
        holder = _holder(found, Holder(node.who, node.place_id, node.district_id, node.organisation_id))
        holder.received_kg += node.admitted_kg + node.overdrawn_kg
        holder.expected_kg += each.on_hand_kg
    for line in lines:
        if line.buyer_place_id:
            named = Holder(line.buyer_name, line.buyer_place_id, line.buyer_district_id, line.buyer_organisation_id)
        else:
            named = Holder(line.buyer_name, voucher_id=line.voucher_id)
        holder = _holder(found, named)
        holder.received_kg += line.waiting_kg
        seller = graph.nodes[line.batch_id]
        if line.buyer_place_id or not expired(seller.expires_on, seller.day_of(now)):
            holder.expected_kg += line.waiting_kg
    return list(found.values())


def _holder(found: dict[tuple[UUID | None, UUID | None], Holder], holder: Holder) -> Holder:
    return found.setdefault(holder.key, holder)


def _totals(graph: Graph, below: list[Reached], lines: list[Line]) -> Totals:
    start = graph.nodes[graph.start]
    return Totals(
        received_kg=start.admitted_kg + sum((each.node.overdrawn_kg for each in below), ZERO),
        on_hand_kg=sum((each.on_hand_kg for each in below), ZERO),
        waiting_kg=sum((line.waiting_kg for line in lines if line.buyer_place_id), ZERO),
        walk_in_kg=sum((line.waiting_kg for line in lines if not line.buyer_place_id), ZERO),
        gone_kg=sum((each.gone_kg for each in below), ZERO),
        presumed_sold_kg=sum((each.where.presumed_sold_kg for each in below), ZERO),
        unaccounted_kg=sum((each.where.unaccounted_kg for each in below), ZERO),
    )
