"""Declarations waiting at a market's gate, and those entered for somebody that wait for a second look."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass

from django.db.models import Case, Count, Min, Prefetch, Q, QuerySet, Value, When

from kit.refusals import NotFound
from registry.actors import Actor
from registry.models import Market
from registry.permissions import VERBS
from traceability.gate import Outcome
from traceability.models import Declaration, Paper

COMPLETE, TEST, LACKING, TOMORROW = "complete", "test", "lacking", "tomorrow"
SHOWN = ("place__market", "product", "origin_region", "supplier", "declared_by", "organisation", "audited_by")


@dataclass(frozen=True)
class QueueFigures:
    """What waits for today; `oldest_at` is when the longest waiting was declared."""

    complete: int
    test: int
    lacking: int
    tomorrow: int
    oldest_at: dt.datetime | None

    @property
    def waiting(self) -> int:
        return self.complete + self.test + self.lacking


def waiting_at(actor: Actor, market: Market) -> QuerySet[Declaration]:
    """What waits at the gate, the complete first, then who came first; each with `papers_shown`."""
    complete_first = Case(
        When(gate_outcome=Outcome.ADMIT, then=Value(0)),
        When(gate_outcome=Outcome.ADMIT_PENDING_TEST, then=Value(1)),
        default=Value(2),
    )
    return with_papers(
        Declaration.objects.visible_to(actor)
        .filter(district_id=market.district_id, market=market, state=Declaration.State.SUBMITTED)
        .select_related(*SHOWN)
        .order_by("trade_day", complete_first, "declared_at", "id")
    )


def with_papers(declarations: QuerySet[Declaration]) -> QuerySet[Declaration]:
    papers = Paper.objects.order_by("added_at", "id")
    return declarations.prefetch_related(Prefetch("papers", papers, to_attr="papers_shown"))


def narrowed(declarations: QuerySet[Declaration], *, q: str = "", show: str = "", today: dt.date):
    """`q` is part of a trader's or product's name, its initials, a stall number or a number plate."""
    match show:
        case "complete":
            declarations = declarations.filter(gate_outcome=Outcome.ADMIT, trade_day__lte=today)
        case "test":
            declarations = declarations.filter(gate_outcome=Outcome.ADMIT_PENDING_TEST, trade_day__lte=today)
        case "lacking":
            declarations = declarations.filter(gate_outcome=Outcome.REJECT, trade_day__lte=today)
        case "tomorrow":
            declarations = declarations.filter(trade_day__gt=today)
    if q:
        declarations = declarations.filter(
            Q(place__name__icontains=q)
            | Q(place__stall_no__istartswith=q)
            | Q(organisation__name__icontains=q)
            | Q(product__name__icontains=q)
            | Q(product__initials__startswith=q.lower())
            | Q(vehicle_plate__icontains=q.replace("·", ""))
        )
    return declarations


def figures(actor: Actor, market: Market, today: dt.date) -> QueueFigures:
    due = Q(trade_day__lte=today)
    found = (
        Declaration.objects.visible_to(actor)
        .filter(district_id=market.district_id, market=market, state=Declaration.State.SUBMITTED)
        .aggregate(
            complete=Count("pk", filter=due & Q(gate_outcome=Outcome.ADMIT)),
            test=Count("pk", filter=due & Q(gate_outcome=Outcome.ADMIT_PENDING_TEST)),
            lacking=Count("pk", filter=due & Q(gate_outcome=Outcome.REJECT)),
            tomorrow=Count("pk", filter=~due),
            oldest_at=Min("declared_at", filter=due),
        )
    )
    return QueueFigures(**found)


def at_gate(actor: Actor, declaration_id: uuid.UUID) -> Declaration:
    """A declaration of a market the actor decides for, whatever its state. Raises NotFound."""
    markets = [scope.market_id for scope in actor.with_role(*VERBS["audit_declaration"])]
    found = (
        with_papers(Declaration.objects.visible_to(actor).filter(market_id__in=markets).select_related(*SHOWN))
        .filter(pk=declaration_id)
        .first()
    )
    if found is None:
        raise NotFound
    return found


def several_at_gate(actor: Actor, ids: list[uuid.UUID]) -> list[Declaration]:
    """Those of these declarations that the actor decides on; others are left out without a word."""
    markets = [scope.market_id for scope in actor.with_role(*VERBS["audit_declaration"])]
    found = Declaration.objects.visible_to(actor).filter(market_id__in=markets, pk__in=ids)
    return list(found.select_related(*SHOWN).order_by("declared_at", "id"))


def for_second_look(actor: Actor) -> QuerySet[Declaration]:
    """What was entered for a trader and nobody else has looked at, the oldest first; with `papers_shown`."""
    return with_papers(
        Declaration.objects.visible_to(actor)
        .filter(on_behalf=True, second_look_at=None)
        .exclude(state=Declaration.State.WITHDRAWN)
        .select_related(*SHOWN)
        .order_by("declared_at", "id")
    )
