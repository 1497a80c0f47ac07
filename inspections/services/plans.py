"""计划巡查: a plan publishes its round when its day has come, once, whoever looks."""

from __future__ import annotations

import datetime as dt
import uuid

from django.db import transaction

from inspections.models import Budget, Campaign
from inspections.refusals import BudgetSpent
from inspections.selectors.campaigns import Terms, priced
from inspections.selectors.places_to_visit import Scope, narrowed, without_live
from inspections.selectors.task_kinds import in_force
from inspections.services import budgets
from inspections.services.rounds import publish_round
from kit import clock
from registry.models import Place
from registry.services.notices import notify


def publish_plans() -> int:
    """Every plan whose day has come publishes its round, once, each in a transaction of its own. For a job."""
    today = clock.now().date()
    due = Campaign.objects.filter(state=Campaign.State.RUNNING, next_on__lte=today, every_days__isnull=False)
    return sum(_publish_plan(*each, today) for each in due.order_by("pk").values_list("district_id", "pk"))


def _publish_plan(district_id: str, campaign_id: uuid.UUID, today: dt.date) -> bool:
    try:
        with transaction.atomic():
            rows = Campaign.objects.filter(district_id=district_id, pk=campaign_id)
            plan = rows.select_related("kind", "budget", "town").get()
            if plan.state != Campaign.State.RUNNING or not turn(plan, today):
                return False
            at = clock.now()
            plan.kind = in_force(district_id, at).filter(code=plan.kind.code).first() or plan.kind
            plan.budget = _line_of(plan, today)
            terms, scope = Terms(**plan.terms), Scope.read(plan.places)
            wide = narrowed(Place.objects.filter(district_id=district_id).in_use(), scope, at)
            publish_round(plan, priced(without_live(wide, plan.kind.code), plan.kind, terms, at), terms, at)
            return True
    except BudgetSpent as refusal:
        _tell_maker(district_id, campaign_id, today, refusal)
        return False


def turn(plan: Campaign, today: dt.date) -> bool:
    """On to the next day; False when somebody else has turned it: the round is published once."""
    if plan.next_on is None or plan.every_days is None:
        return False
    following: dt.date = plan.next_on
    while following <= today:
        following += dt.timedelta(days=plan.every_days)
    rows = Campaign.objects.filter(
        district_id=plan.district_id, pk=plan.pk, next_on=plan.next_on, state=Campaign.State.RUNNING
    )
    turned = bool(rows.update(next_on=following))
    plan.next_on = following
    return turned


def _line_of(plan: Campaign, today: dt.date) -> Budget | None:
    line = budgets.of_month(plan.budget, today)
    if plan.budget and line is None:
        raise BudgetSpent(name=plan.budget.name, needed="—", left="0.00")
    return line


def _tell_maker(district_id, campaign_id, today, refusal) -> None:
    plan = Campaign.objects.get(district_id=district_id, pk=campaign_id)
    data = {"title": plan.title, "line": refusal.data.get("name", "")}
    notify(
        [plan.made_by_id], district_id=district_id, kind="plan_without_money",
        once_key=f"plan_without_money:{plan.pk}:{today}", data=data, url=f"/desk/work/campaigns/{plan.pk}",
    )  # fmt: skip
