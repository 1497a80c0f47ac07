"""可抢 and 我的: what one may take, near first, with the reason why not; what one holds."""

from __future__ import annotations

import datetime as dt
import itertools
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q, QuerySet

from inspections import claim_rules
from inspections.claim_rules import ABOUT_ONESELF, Person, Rule
from inspections.models import Claim, Coordinator, Task
from inspections.selectors.nearby import Card, away, cards, near_first, open_tasks, position_of, usual_position
from inspections.selectors.policies import policy
from inspections.selectors.taking import midnight, offer_of, person_of, with_standing, with_visitors
from inspections.work_policies import Grabbing
from kit import clock
from kit.geo import Position
from registry.actors import Actor

LOOKED_AT = 200
"""How many of the nearest tasks are judged by the rules; the rest is too far to matter now."""

ALTERNATIVES = 3
LOOKED_AT_FOR_A_LOSER = 12


@dataclass(frozen=True)
class Wanted:
    """What a list is narrowed to."""

    kind: str = ""
    town: str = ""
    within_m: int | None = None
    pay_fen: int = 0
    text: str = ""


@dataclass(frozen=True)
class Street:
    """Tasks of one street that may be taken together, as many as the quota leaves."""

    bundle: UUID
    cards: tuple[Card, ...]
    room: int

    @property
    def takes(self) -> int:
        return min(len(self.cards), self.room)

    @property
    def price_fen(self) -> int:
        return sum(card.task.price_fen for card in self.cards[: self.takes])

    @property
    def minutes(self) -> int:
        return sum(card.task.kind.minutes for card in self.cards[: self.takes])


@dataclass(frozen=True)
class Pool:
    """`room`: how many more one may hold. `stopped`: the rule about oneself by which nothing may be taken now."""

    coordinator: Coordinator
    cards: tuple[Card, ...]
    room: int
    stopped: Rule | None
    town_first_minutes: int

    @property
    def free(self) -> list[Card]:
        return [card for card in self.cards if card.why is None]

    @property
    def streets(self) -> list[Street]:
        if self.room < 2:
            return []
        found: dict[UUID, list[Card]] = defaultdict(list)
        for card in self.free:
            if card.task.bundle:
                found[card.task.bundle].append(card)
        return [Street(bundle, tuple(each), self.room) for bundle, each in found.items() if len(each) > 1]


def coordinator_of(actor: Actor, at: dt.datetime) -> Coordinator | None:
    """The actor as a coordinator, with what the rules ask of a person; None when not on the list of any district."""
    own = Coordinator.objects.filter(district_id__in=actor.districts, account_id=actor.account_id)
    own = own.exclude(state=Coordinator.State.LEFT).select_related("town", "account")
    return with_standing(own, at).order_by("district_id").first()


def claimable(actor: Actor, *, position: Position | None = None, wanted: Wanted | None = None) -> Pool | None:
    """What may be taken first, then what may not, each near first. `position` is used and forgotten."""
    at = clock.now()
    coordinator = coordinator_of(actor, at)
    if coordinator is None:
        return None
    wanted = wanted or Wanted()
    rules: Grabbing = policy(coordinator.district_id, "grabbing", at)
    person = person_of(coordinator)
    here = position or usual_position(coordinator)
    tasks = near_first(_narrowed(open_tasks(coordinator, at), wanted), here, coordinator.town_id)
    found = cards(tasks[:LOOKED_AT], person, rules, at, here)
    kept = [card for card in found if wanted.within_m is None or _within(card, wanted.within_m)]
    kept.sort(key=lambda card: (card.why is not None, card.task.assigned_to_id is None, not card.task.urgent))
    return Pool(
        coordinator=coordinator,
        cards=tuple(kept),
        room=max(0, claim_rules.quota(person, rules) - person.open_claims),
        stopped=claim_rules.about_oneself(person, rules, at),
        town_first_minutes=rules.town_first_minutes,
    )


def _narrowed(tasks: QuerySet[Task], wanted: Wanted) -> QuerySet[Task]:
    if wanted.kind:
        tasks = tasks.filter(kind__code=wanted.kind)
    if wanted.town:
        tasks = tasks.filter(town_id=wanted.town)
    if wanted.pay_fen:
        tasks = tasks.filter(price_fen__gte=wanted.pay_fen)
    if wanted.text:
        tasks = tasks.filter(place__name__icontains=wanted.text)
    return tasks


def _within(card: Card, metres: int) -> bool:
    return card.distance_m is not None and card.distance_m <= metres


def alternatives(
    coordinator: Coordinator, person: Person, task: Task, why: Rule, rules: Grabbing, at: dt.datetime
) -> list[Task]:
    """Up to three tasks near the one that was lost, which this person may take now."""
    if why in ABOUT_ONESELF:
        return []
    here = position_of(task.place)
    others = open_tasks(coordinator, at).exclude(pk=task.pk)
    nearest = with_visitors(near_first(others, here, task.town_id)[:LOOKED_AT_FOR_A_LOSER])
    may = (other for other in nearest if claim_rules.refusal(person, offer_of(other), rules, at) is None)
    return list(itertools.islice(may, ALTERNATIVES))


def cards_of(district_id: str, lost: str, ids: Iterable[str]) -> list[Card]:
    """What a refusal named as alternatives, in its order, as cards that say how far it is from the lost one."""
    ids = list(ids)
    if not ids:
        return []
    tasks = Task.objects.filter(district_id=district_id, pk__in=[lost, *ids])
    found = {str(task.pk): task for task in tasks.select_related("kind", "place__market", "town")}
    gone = found.get(lost)
    here = position_of(gone.place) if gone else None
    return [Card(found[each], away(found[each], here), None) for each in ids if each in found]


@dataclass(frozen=True)
class Mine:
    """`held`: claims one may work on, the first to end first. `given`: assigned, to accept or refuse.
    `sent`: handed in, not yet decided."""

    coordinator: Coordinator
    held: tuple[Claim, ...]
    given: tuple[Task, ...]
    sent: tuple[Claim, ...]


def mine(actor: Actor) -> Mine | None:
    at = clock.now()
    coordinator = coordinator_of(actor, at)
    if coordinator is None:
        return None
    own = Claim.objects.filter(district_id=coordinator.district_id, coordinator=coordinator)
    own = own.select_related("task__kind", "task__place__market", "task__town")
    held = own.filter(released_at__isnull=True, lease_until__gt=at).order_by("lease_until", "pk")
    given = Task.objects.filter(
        district_id=coordinator.district_id, assigned_to=coordinator, state=Task.State.OPEN, due_at__gt=at
    ).select_related("kind", "place__market", "town")
    sent = own.filter(end_reason=Claim.End.SUBMITTED, task__state=Task.State.SUBMITTED).order_by("-released_at")
    return Mine(coordinator, tuple(held), tuple(given.order_by("due_at", "pk")), tuple(sent))


def held_claim(actor: Actor, claim_id: UUID) -> Claim | None:
    """One of one's own claims, whether it still holds or not."""
    own = Claim.objects.filter(district_id__in=actor.districts, coordinator__account_id=actor.account_id, pk=claim_id)
    return own.select_related("task__kind", "task__place__market", "task__town").first()


def given_back_today(coordinator: Coordinator, at: dt.datetime) -> int:
    return Claim.objects.filter(
        district_id=coordinator.district_id, coordinator=coordinator, end_reason=Claim.End.RELEASED,
        released_at__gte=midnight(at),
    ).count()  # fmt: skip


def room_of(actor: Actor) -> int:
    """How many more one may hold now."""
    at = clock.now()
    coordinator = coordinator_of(actor, at)
    if coordinator is None:
        return 0
    person = person_of(coordinator)
    return max(0, claim_rules.quota(person, policy(coordinator.district_id, "grabbing", at)) - person.open_claims)


def given_task(actor: Actor, task_id: UUID) -> Task | None:
    """A task assigned to oneself, or one that was and is refused."""
    own = Coordinator.objects.filter(district_id__in=actor.districts, account_id=actor.account_id).values("pk")
    tasks = Task.objects.filter(district_id__in=actor.districts, pk=task_id).select_related("kind", "place")
    return tasks.filter(Q(assigned_to__in=own) | Q(refusals__coordinator__in=own)).distinct().first()
