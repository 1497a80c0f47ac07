"""One round of a campaign or a plan: its tasks written in bulk, those of one street as a bundle."""

from __future__ import annotations

import datetime as dt
import uuid
from collections import Counter
from collections.abc import Sequence

from inspections.models import Campaign, GridPlace, Task
from inspections.selectors.campaigns import Priced, Terms
from inspections.selectors.checklists import checklists_by_audience, fitting
from inspections.services import budgets
from inspections.services.publish import in_pool
from kit.tradeday import CHINA
from registry.models import Place

BULK = 500
LAST_MINUTE = dt.time(23, 59)


def publish_round(campaign: Campaign, places: Sequence[Priced], terms: Terms, at: dt.datetime) -> int:
    """Reserves the whole cost first; raises `BudgetSpent` before anything is written. Returns how many tasks."""
    if campaign.budget:
        budgets.reserve(campaign.district_id, campaign.budget.pk, sum(each.fen for each in places))
    in_grids = {row.place_id: row for row in GridPlace.objects.filter(district_id=campaign.district_id)}
    streets = {each.place.pk: _street(each.place, in_grids.get(each.place.pk)) for each in places}
    together = Counter(filter(None, streets.values()))
    offered = checklists_by_audience(campaign.kind)
    due_at = _due(campaign, at)
    source = Task.Source.PLAN if campaign.every_days else Task.Source.CAMPAIGN
    common = in_pool(campaign.district_id, terms, at)
    tasks = (
        Task(
            district_id=campaign.district_id, kind=campaign.kind, title=campaign.title, place=each.place,
            town_id=each.place.town_id, grid_id=getattr(in_grids.get(each.place.pk), "grid_id", None),
            checklist=campaign.checklist or fitting(campaign.kind, each.place, offered), source=source,
            campaign=campaign, bundle=_bundle(campaign, at, streets[each.place.pk], together), price_fen=each.fen,
            price_parts=each.parts, budget=campaign.budget, due_at=due_at, made_by_id=campaign.made_by_id,
            client_key=uuid.uuid5(campaign.pk, f"{at.date()} {each.place.pk}"), **common,
        )
        for each in places
    )  # fmt: skip
    return len(Task.objects.bulk_create(tasks, batch_size=BULK))


def _street(place: Place, row: GridPlace | None) -> str:
    """What one walks along in one go: a street of a grid, a zone of a market."""
    if row and row.street:
        return f"{row.grid_id} {row.street}"
    return f"{place.market_id} {place.zone}" if place.market_id else ""


def _bundle(campaign: Campaign, at: dt.datetime, street: str, together: Counter[str]) -> uuid.UUID | None:
    if together[street] < 2:
        return None
    return uuid.uuid5(campaign.pk, f"{at.date()} {street}")


def _due(campaign: Campaign, at: dt.datetime) -> dt.datetime:
    if campaign.due_on:
        return dt.datetime.combine(campaign.due_on, LAST_MINUTE, CHINA)
    return at + dt.timedelta(hours=campaign.kind.hours)
