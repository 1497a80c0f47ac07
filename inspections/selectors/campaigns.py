"""专项行动 and plans: what they would cost, how far they are."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from inspections import pay_rules
from inspections.models import Campaign, Task, TaskKind
from inspections.pay_rules import Part
from inspections.selectors import places_to_visit
from inspections.selectors.places_to_visit import Scope, away, middles
from inspections.selectors.policies import policy
from kit.refusals import NotFound
from registry.actors import Actor
from registry.models import Place


@dataclass(frozen=True, kw_only=True)
class Terms:
    """What each task of a campaign is published with. `grade`: risk grade; `night`: at night or on a holiday."""

    grade: str = "a"
    night: bool = False
    urgent: bool = False
    brief: str = ""


@dataclass(frozen=True)
class Priced:
    place: Place
    fen: int
    parts: list[Part]


@dataclass(frozen=True)
class Preview:
    """`going_on`: places left out because a task of this kind is still going on there. `by_price`: fen and how many."""

    count: int
    cost_fen: int
    going_on: int
    by_price: list[tuple[int, int]]


def fitting(actor: Actor, kind: TaskKind, scope: Scope, at: dt.datetime) -> QuerySet[Place]:
    """The places of the scope within the actor's reach at which such a task may be published now."""
    wide = places_to_visit.narrowed(places_to_visit.places_in_reach(actor, kind.district_id), scope, at)
    return places_to_visit.without_live(wide, kind.code).order_by("town_id", "market_id", "zone", "stall_no", "pk")


def priced(places: Iterable[Place], kind: TaskKind, terms: Terms, at: dt.datetime) -> list[Priced]:
    places = list(places)
    rules = policy(kind.district_id, "pay", at)
    centres = middles(kind.district_id, {place.town_id for place in places})
    found = []
    for place in places:
        metres = away(place, centres.get(place.town_id))
        fen, parts = pay_rules.price(kind.base_fen, rules, grade=terms.grade, distance_m=metres, night=terms.night)
        found.append(Priced(place, fen, parts))
    return found


def preview(actor: Actor, kind: TaskKind, scope: Scope, terms: Terms, at: dt.datetime) -> Preview:
    wide = places_to_visit.narrowed(places_to_visit.places_in_reach(actor, kind.district_id), scope, at)
    found = priced(fitting(actor, kind, scope, at), kind, terms, at)
    counted = Counter(each.fen for each in found)
    return Preview(
        count=len(found),
        cost_fen=sum(each.fen for each in found),
        going_on=wide.count() - len(found),
        by_price=sorted(counted.items()),
    )


def campaigns_for(actor: Actor) -> QuerySet[Campaign]:
    """With how many tasks each has: `made`, `waiting` for somebody, `done` and accepted."""
    going = Q(tasks__state__in=[Task.State.CLAIMED, Task.State.ON_SITE, Task.State.RETURNED])
    return (
        Campaign.objects.visible_to(actor)
        .select_related("kind", "budget", "made_by", "town")
        .annotate(
            made=Count("tasks"),
            waiting=Count("tasks", filter=Q(tasks__state=Task.State.OPEN)),
            going=Count("tasks", filter=going),
            handed_in=Count("tasks", filter=Q(tasks__state=Task.State.SUBMITTED)),
            done=Count("tasks", filter=Q(tasks__state=Task.State.ACCEPTED)),
        )
        .order_by("-made_at", "-pk")
    )


def campaign_for(actor: Actor, campaign_id: UUID) -> Campaign:
    """Raises NotFound for a missing one and for one out of reach alike."""
    found = campaigns_for(actor).filter(pk=campaign_id).first()
    if found is None:
        raise NotFound()
    return found
