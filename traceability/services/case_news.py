"""Who is told what about a positive: those whose turn it is, officers, the trade up and down the way."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db.models import Q
from django.urls import reverse

from registry.models import Account, Grant, Place
from registry.models.visibility import NOTHING
from registry.roles import BUSINESS_ROLES, Role
from registry.services.notices import notify
from traceability.case_rules import Side
from traceability.models import Batch, HoldItem, PositiveCase
from traceability.selectors.lineage import way_to
from traceability.services.case_story import add_step
from traceability.services.news import tell_places

TRADE = tuple(BUSINESS_ROLES)


def tell(case: PositiveCase, kind: str, sides: tuple[Side, ...], *, once: str = "", **data: Any) -> int:
    """A notice to everybody who stands on these sides, once each; returns how many that are."""
    return tell_accounts(case, people_on(case, sides), kind, once=once, **data)


def tell_accounts(case: PositiveCase, accounts, kind: str, *, once: str = "", **data: Any) -> int:
    ids = list(accounts.values_list("id", flat=True))
    notify(
        ids, district_id=case.district_id, kind=kind, data={**facts(case), **data},
        url=reverse("case", args=[case.id]), once_key=f"{kind}:{case.id}:{once}",
    )  # fmt: skip
    return len(ids)


def facts(case: PositiveCase) -> dict[str, Any]:
    return {
        "product": case.product.name,
        "item": case.item.name,
        "place": str(case.place),
        "branch": str(case.branch),
        "due_at": case.objection_due_at.isoformat() if case.objection_due_at else "",
    }


def people_on(case: PositiveCase, sides: tuple[Side, ...]):
    """The accounts of those who stand on these sides of the case, now."""
    wanted = NOTHING
    for side in sides:
        wanted |= _grants(case, side)
    held = Grant.objects.current().filter(wanted, district_id=case.district_id)
    return Account.objects.filter(grants__in=held, is_active=True).distinct()


def _grants(case: PositiveCase, side: Side) -> Q:
    place = case.place
    holder = Q(place=place, organisation=case.organisation_id, role__in=TRADE)
    officers = _officers(place)
    match side:
        case Side.HOLDER:
            return holder
        case Side.REGULATOR:
            return officers
        case Side.CLOSER:
            manager = Q(role=Role.MARKET_MANAGER, market=place.market_id) if case.branch == "market" else NOTHING
            return manager if manager and place.market_id else officers
    if case.point.place_id == place.pk:
        return holder
    if case.point.market_id:
        return Q(role__in=(Role.TESTER, Role.MARKET_MANAGER), market=case.point.market_id)
    return Q(role=Role.TESTER, market=None) & (Q(town=case.point.town_id) | Q(town=None)) | officers


def _officers(place: Place) -> Q:
    """The town's officers; where a town has none, the district's."""
    town = Q(role=Role.TOWN_OFFICER, town=place.town_id)
    here = Grant.objects.current().filter(town, district_id=place.district_id)
    return town if here.exists() else Q(role=Role.DISTRICT_OFFICER)


def tell_downstream(actor, case: PositiveCase, at: dt.datetime) -> int:
    """Whoever else holds goods under the case's hold was told by the hold itself; how many places that are is kept."""
    if not case.hold_id:
        return 0
    places = (
        HoldItem.objects.filter(district_id=case.district_id, hold=case.hold_id)
        .exclude(batch__place=case.place_id)
        .values("batch__place")
        .distinct()
        .count()
    )
    add_step(actor, case, "downstream", at, count=places)
    return places


def tell_upstream(actor, case: PositiveCase, at: dt.datetime) -> int:
    """Every place the goods came through is told, in whichever district; how many are is kept. Once a case."""
    if not case.batch_id or case.steps.filter(kind="upstream").exists():
        return 0
    way = way_to(case.batch_id, Batch.objects.select_related("place"))[:-1]
    for batch in way:
        if batch.place_id != case.place_id:
            tell_places(
                batch.district_id, [batch.place_id], "case_upstream", facts(case),
                url=reverse("open", args=[batch.token]), once_key=f"case_upstream:{case.id}",
            )  # fmt: skip
    places = {batch.place_id for batch in way} - {case.place_id}
    add_step(actor, case, "upstream", at, count=len(places))
    return len(places)
