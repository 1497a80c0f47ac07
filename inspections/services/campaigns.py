"""专项行动 and 计划巡查: tasks over a filtered list of places, at once or every so many days.

The whole cost is reserved by one conditional UPDATE: either everything is published, or nothing.
"""

from __future__ import annotations

import datetime as dt
import uuid

from django.db import transaction
from django.utils.translation import gettext as _

from inspections import pay_rules
from inspections.models import Budget, Campaign, Task, TaskKind
from inspections.refusals import CostChanged, NoPlaces, TooMany
from inspections.selectors.campaigns import Terms, fitting, priced
from inspections.selectors.places_to_visit import Scope
from inspections.services import budgets
from inspections.services.plans import turn
from inspections.services.rounds import publish_round
from inspections.states import CAMPAIGN, TASK
from kit import clock, locks
from kit.refusals import NotFound
from kit.transitions import move
from registry.actors import Actor
from registry.models import Region
from registry.permissions import require
from registry.services.checks import Checks

MOST = 10_000


@transaction.atomic
def start_campaign(
    actor: Actor, *, title: str, kind: TaskKind, scope: Scope, terms: Terms, client_key: uuid.UUID,
    budget: Budget | None = None, due_on: dt.date | None = None, every_days: int | None = None,
    first_on: dt.date | None = None, most_fen: int | None = None,
) -> Campaign:  # fmt: skip
    """Publish over the places of a scope; with `every_days` a plan, whose first round comes on `first_on` or at once.

    `most_fen`: the cost somebody saw and said yes to. Sent twice with one `client_key`, it is one campaign.
    Raises `BudgetSpent`, `CostChanged`, `NoPlaces`, `TooMany` or `Invalid`; then nothing is published.
    """
    town = _require_scope(actor, kind.district_id, scope)
    locks.one_request(client_key)
    if earlier := Campaign.objects.filter(district_id=kind.district_id, client_key=client_key).first():
        return earlier
    at = clock.now()
    _check(kind, title, terms, due_on, every_days, first_on, at)
    begins = (first_on or at.date()) if every_days else None
    campaign = Campaign.objects.create(
        district_id=kind.district_id, title=title.strip()[:80], kind=kind, town=town, places=scope.kept(),
        terms=vars(terms), every_days=every_days, next_on=begins, due_on=due_on, budget=budget, made_at=at,
        made_by_id=actor.account_id, client_key=client_key,
    )  # fmt: skip
    found = priced(fitting(actor, kind, scope, at)[: MOST + 1], kind, terms, at)
    if len(found) > MOST:
        raise TooMany(count=f"> {MOST}", most=MOST)
    cost = sum(each.fen for each in found)
    if most_fen is not None and cost > most_fen:
        raise CostChanged()
    if begins is None:
        if not found:
            raise NoPlaces()
        publish_round(campaign, found, terms, at)
    elif begins <= at.date():
        turn(campaign, at.date())
        publish_round(campaign, found, terms, at)
    return campaign


def _require_scope(actor: Actor, district_id: str, scope: Scope) -> Region | None:
    """Whoever answers for one town publishes there alone, so its campaigns name the town."""
    if scope.town:
        town = Region.objects.filter(pk=scope.town, parent_id=district_id).first()
        if town is None:
            raise NotFound()
        require(actor, "publish_work", town=town.pk)
        return town
    require(actor, "publish_work", district=district_id)
    return None


def _check(kind, title, terms, due_on, every_days, first_on, at) -> None:
    checks = Checks()
    checks.require("title", title.strip(), _("Write the title."))
    valid = not kind.retired and not kind.hidden and kind.effective_from <= at
    checks.require("kind", valid, _("This kind of task is not in force."))
    checks.require("grade", terms.grade in pay_rules.GRADES, _("Choose a grade from A to D."))
    checks.require("due_on", due_on is None or due_on >= at.date(), _("This day is over already."))
    checks.require("every_days", every_days is None or 1 <= every_days <= 366, _("1 to 366 days."))
    checks.require("due_on", not (due_on and every_days), _("A plan has no single last day: each round has its own."))
    checks.require("first_on", first_on is None or first_on >= at.date(), _("This day is over already."))
    checks.done()


@transaction.atomic
def end_campaign(actor: Actor, *, campaign: Campaign) -> int:
    """No further rounds; what nobody has taken is cancelled, its money free again. Returns how many. Who has one in
    hand finishes it."""
    found = Campaign.objects.filter(district_id=campaign.district_id, pk=campaign.pk).select_for_update().first()
    if found is None:
        raise NotFound()
    require(actor, "publish_work", **({"town": found.town_id} if found.town_id else {"district": found.district_id}))
    if found.state == Campaign.State.ENDED:
        return 0
    move(found, CAMPAIGN, "ended")
    at = clock.now()
    rows = Task.objects.filter(district_id=found.district_id, campaign=found, state=Task.State.OPEN)
    waiting = list(rows.select_for_update().order_by("pk"))
    for task in waiting:
        move(task, TASK, "cancelled", cancelled_at=at, cancel_reason=_("The campaign has ended."))
        if task.budget_id:
            budgets.free(task.district_id, task.budget_id, task.price_fen)
    return len(waiting)
