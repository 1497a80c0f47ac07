"""Who takes tasks, how often and how fast: for officers, of the people they supervise."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass

from inspections.grab_patterns import Attempt, Pattern, pattern
from inspections.models import Coordinator, GrabAttempt
from registry.actors import Actor
from registry.permissions import VERBS


@dataclass(frozen=True)
class Line:
    person: Coordinator
    pattern: Pattern


def grab_report(actor: Actor, *, since: dt.datetime, text: str = "", town: str = "", only_signs: bool = False):
    """One line a person with attempts since then: those with signs first, then who tried most."""
    scopes = actor.with_role(*VERBS["supervise_work"])
    districts = {scope.district_id for scope in scopes}
    people = Coordinator.objects.visible_to(actor).filter(district_id__in=districts).select_related("account", "town")
    if text:
        people = people.filter(account__name__icontains=text)
    if town:
        people = people.filter(town_id=town)
    attempts = _attempts(districts, since)
    lines = [Line(person, pattern(attempts[person.pk])) for person in people if person.pk in attempts]
    if only_signs:
        lines = [line for line in lines if line.pattern.signs]
    lines.sort(key=lambda line: (-len(line.pattern.signs), -line.pattern.attempts, line.person.account.name))
    return lines


def _attempts(districts: set[str], since: dt.datetime) -> dict[object, list[Attempt]]:
    found: dict[object, list[Attempt]] = defaultdict(list)
    rows = GrabAttempt.objects.filter(district_id__in=districts, at__gte=since)
    for coordinator_id, at, outcome, after_ms in rows.values_list("coordinator_id", "at", "outcome", "after_ms"):
        found[coordinator_id].append(Attempt(at, outcome, after_ms))
    return found
