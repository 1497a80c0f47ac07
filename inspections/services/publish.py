"""发布任务: one task into the pool. Its price is worked out and fixed here, and reserved on its budget line."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Collection
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from inspections import pay_rules
from inspections.models import Budget, Checklist, Clue, Finding, GridPlace, Task, TaskKind
from inspections.selectors.campaigns import Terms, priced
from inspections.selectors.checklists import fitting
from inspections.selectors.places_to_visit import LIVE
from inspections.selectors.policies import policy
from inspections.selectors.task_kinds import in_force, kind_in_force
from inspections.services import budgets
from inspections.services.set_up import ensure_defaults
from kit import clock, locks
from kit.refusals import NotFound
from registry.actors import Actor
from registry.models import Place, Region
from registry.permissions import require
from registry.services.checks import Checks

Source = Task.Source
LONGEST = dt.timedelta(days=90)


@transaction.atomic
def publish(
    actor: Actor,
    *,
    kind: TaskKind,
    place: Place | None = None,
    town: Region | None = None,
    checklist: Checklist | None = None,
    due_at: dt.datetime | None = None,
    budget: Budget | None = None,
    urgent: bool = False,
    brief: str = "",
    client_key: uuid.UUID,
    source: str = Source.SINGLE,
    finding: Finding | None = None,
    repeats: Task | None = None,
    excluded: Collection[uuid.UUID] = (),
    grade: str = "a",
    night: bool = False,
) -> Task:
    """At a place, or in a town alone (宣传). `checklist` is the kind's for such a place unless named; `due_at` follows
    from the kind's hours. Sent twice with one `client_key`, it is one task.

    Raises `BudgetSpent` or `Invalid`; `NotFound` for a place out of reach.
    """
    town = place.town if place else town
    if town is None or not town.pk.startswith(kind.district_id):
        raise NotFound()
    require(actor, "publish_work", **({"place": place} if place else {"town": town.pk}))
    return put_out(
        kind=kind, place=place, town=town, checklist=checklist, due_at=due_at, budget=budget, client_key=client_key,
        source=source, finding=finding, repeats=repeats, excluded=excluded, made_by_id=actor.account_id,
        terms=Terms(grade=grade, night=night, urgent=urgent, brief=brief),
    )  # fmt: skip


def put_out(
    *, kind: TaskKind, place: Place | None, town: Region, client_key: uuid.UUID, source: str, terms: Terms,
    checklist: Checklist | None = None, due_at: dt.datetime | None = None, budget: Budget | None = None,
    finding: Finding | None = None, repeats: Task | None = None, excluded: Collection[uuid.UUID] = (),
    made_by_id: uuid.UUID | None = None,
) -> Task:  # fmt: skip
    """Without asking who wants it: for steps that have asked, and for jobs. Inside a transaction."""
    locks.one_request(client_key)
    if earlier := Task.objects.filter(district_id=kind.district_id, client_key=client_key).first():
        return earlier
    at = clock.now()
    due_at = due_at or at + dt.timedelta(hours=kind.hours)
    _check(kind, place, due_at, terms, budget, at)
    fen, parts = price_of(kind, place, terms, at)
    if budget:
        budgets.reserve(budget.district_id, budget.pk, fen)
    return Task.objects.create(
        district_id=kind.district_id, kind=kind, title=kind.name, place=place, town=town, grid_id=grid_of(place),
        checklist=checklist or fitting(kind, place), source=source, finding=finding, repeats=repeats,
        price_fen=fen, price_parts=parts, budget=budget, excluded=sorted(set(excluded)), due_at=due_at,
        client_key=client_key, made_by_id=made_by_id, **in_pool(kind.district_id, terms, at),
    )  # fmt: skip


def in_pool(district_id: str, terms: Terms, at: dt.datetime) -> dict[str, Any]:
    """Columns of a task published at this moment: open, its own town first."""
    first = dt.timedelta(minutes=policy(district_id, "grabbing", at).town_first_minutes)
    return {
        "state": Task.State.OPEN,
        "made_at": at,
        "published_at": at,
        "town_first_until": at + first,
        "urgent": terms.urgent,
        "brief": terms.brief.strip()[:400],
    }


def price_of(kind: TaskKind, place: Place | None, terms: Terms, at: dt.datetime) -> tuple[int, list[pay_rules.Part]]:
    if place:
        each = priced([place], kind, terms, at)[0]
        return each.fen, each.parts
    rules = policy(kind.district_id, "pay", at)
    return pay_rules.price(kind.base_fen, rules, grade=terms.grade, night=terms.night)


def grid_of(place: Place | None) -> uuid.UUID | None:
    if place is None:
        return None
    found = GridPlace.objects.filter(district_id=place.district_id, place=place)
    return found.values_list("grid_id", flat=True).first()


def _check(kind, place, due_at, terms, budget, at) -> None:
    checks = Checks()
    in_force = not kind.retired and kind.effective_from <= at
    checks.require("kind", in_force, _("This kind of task is not in force."))
    checks.require("place", place is None or place.state == Place.State.ACTIVE, _("This place is not open."))
    checks.require("due_at", due_at > at, _("This time is over already."))
    checks.require("due_at", due_at <= at + LONGEST, _("At most 90 days from now."))
    checks.require("grade", terms.grade in pay_rules.GRADES, _("Choose a grade from A to D."))
    here = budget is None or budget.district_id == kind.district_id
    checks.require("budget", here, _("Choose a budget line of the district."))
    checks.done()


@transaction.atomic
def publish_from_report(
    actor: Actor, *, place: Place | None = None, town: Region | None = None, text: str, client_key: uuid.UUID,
    excluded: Collection[uuid.UUID] = (),
) -> Task:  # fmt: skip
    """公众反映: what the public or an informant saw goes to somebody for a first look, urgently."""
    found = place.town if place else town
    if found is None:
        raise NotFound()
    ensure_defaults(found.pk[:6])
    return publish(
        actor, kind=kind_in_force(found.pk[:6], "CLUE", clock.now()), place=place, town=town, urgent=True, brief=text,
        client_key=client_key, source=Source.REPORT, excluded=excluded,
    )  # fmt: skip


@transaction.atomic
def publish_from_clue(actor: Actor, *, clue: Clue) -> Task:
    """线索核查, by somebody else than who reported it; once for each clue."""
    return publish_from_report(
        actor, place=clue.place, town=clue.town, text=clue.text, client_key=uuid.uuid5(clue.pk, "task"),
        excluded=[clue.coordinator_id],
    )  # fmt: skip


@transaction.atomic
def publish_recheck(finding: Finding) -> Task:
    """整改复查, when a finding's deadline has come: not open to the finder. While one is going on, that one."""
    rechecks = Task.objects.filter(district_id=finding.district_id, finding=finding)
    locks.one_request(finding.pk)
    if going_on := rechecks.filter(state__in=LIVE).first():
        return going_on
    ensure_defaults(finding.district_id)
    return put_out(
        kind=kind_in_force(finding.district_id, "RECTIFY", clock.now()), place=finding.place, town=finding.town,
        checklist=finding.task.checklist, client_key=uuid.uuid5(finding.pk, f"recheck {rechecks.count()}"),
        source=Source.FINDING, finding=finding, excluded=[finding.finder_id],
        terms=Terms(urgent=finding.key, brief=f"{finding.item_text}:{finding.text}"),
    )  # fmt: skip


@transaction.atomic
def publish_blind(task: Task) -> Task | None:
    """复核抽查: the same visit once more by an inspector who had no hand in it, and who does not see what was found.

    Once for each task; None where the district has retired this kind.
    """
    kind = in_force(task.district_id, clock.now()).filter(code="BLIND").first()
    if kind is None:
        return None
    hands = task.claims.filter(district_id=task.district_id).values_list("coordinator_id", flat=True)
    return put_out(
        kind=kind, place=task.place, town=task.town, checklist=task.checklist,
        client_key=uuid.uuid5(task.pk, "blind"), source=Source.BLIND, repeats=task, excluded=list(hands),
        terms=Terms(),
    )  # fmt: skip
