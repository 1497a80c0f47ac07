"""入场申报: a trader says what he brings into a wholesale market (总局令81号 第24条)."""

import datetime as dt
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from kit import clock, locks
from kit.refusals import Conflict, Invalid, NotFound
from kit.transitions import move
from registry.models import Market, Place
from registry.permissions import VERBS, may, require
from traceability import kilos
from traceability.models import Declaration, TraceEvent
from traceability.selectors.days import trade_day_at
from traceability.selectors.upstream import confirms
from traceability.services import events, gate
from traceability.services.papers import add_papers, evidence_of
from traceability.states import DECLARATION

ORIGIN_LEVELS = frozenset({"county", "town", "country"})
"""A label names the county at least (总局令81号 第12条); imported goods name the country."""


class NotAWholesaleStall(Conflict):
    code = "not_a_wholesale_stall"
    message = _("Goods are declared at a stall in use of a wholesale market.")


@transaction.atomic
def declare(
    actor, *, place, product, origin_region, quantity: Decimal, unit, client_key, origin_detail="", base=None,
    supplier=None, self_grown=False, imported=False, upstream_code="", vehicle_plate="", note="", papers=(),
    trade_day: dt.date | None = None, eta: dt.datetime | None = None, supplements=None,
) -> Declaration:  # fmt: skip
    """Declare goods at a stall; the gate's answer comes with the declaration.

    Only today's or tomorrow's trade day can be declared. Whoever is not of the stall declares on its
    behalf 代录, which is marked and looked at again by a second person. Sent twice with one
    `client_key`, it is one declaration. Raises `Invalid` with every wrong field at once.
    """
    on_behalf = required_verb(actor, place) == "declare_for"
    locks.one_request(client_key)
    if earlier := Declaration.objects.filter(district_id=place.district_id, client_key=client_key).first():
        return earlier
    if place.state != Place.State.ACTIVE or not place.market_id or place.market.kind == Market.Kind.RETAIL:
        raise NotAWholesaleStall()
    at = clock.now()
    today = trade_day_at(place, at)
    trade_day = trade_day or today
    weight_kg = _checked(
        product, origin_region, quantity, unit, trade_day, today, **foreign(place, supplier=supplier, base=base)
    )  # fmt: skip
    if supplements and supplements.place_id != place.pk:
        raise NotFound()
    declaration = Declaration(
        district_id=place.district_id,
        kind=Declaration.Kind.SUPPLEMENTARY if supplements else Declaration.Kind.REGULAR,
        market_id=place.market_id,
        place=place,
        organisation_id=place.organisation_id,
        supplements=supplements,
        trade_day=trade_day,
        product=product,
        origin_region=origin_region,
        origin_detail=origin_detail,
        base=base,
        quantity=quantity,
        unit=unit,
        weight_kg=weight_kg,
        self_grown=self_grown,
        imported=imported,
        supplier=supplier,
        upstream_code=upstream_code,
        vehicle_plate=vehicle_plate,
        note=note,
        declared_at=at,
        declared_by_id=actor.account_id,
        on_behalf=on_behalf,
        eta=eta,
        client_key=client_key,
    )
    declaration.save(force_insert=True)
    add_papers(papers, actor=actor, at=at, declaration=declaration)
    _remember(declaration, at)
    judge(declaration)
    events.record(
        TraceEvent.Kind.DECLARED, place=place, at=at, actor=actor, weight_kg=weight_kg,
        declaration_id=str(declaration.id), product=product.code, origin=origin_region.code, on_behalf=on_behalf,
    )  # fmt: skip
    return declaration


@transaction.atomic
def amend(actor, *, declaration, papers=(), **changes) -> Declaration:
    """Add papers to a waiting declaration, or mend a returned one and hand it in again.

    `changes` may be any of: quantity, unit, origin_region, origin_detail, supplier, base, self_grown,
    imported, upstream_code, vehicle_plate, note.
    """
    _require_changing(actor, declaration)
    at = clock.now()
    declaration.refresh_from_db(fields=["state"])
    for name, value in changes.items():
        setattr(declaration, name, value)
    changes["weight_kg"] = declaration.weight_kg = _checked(
        declaration.product, declaration.origin_region, declaration.quantity, declaration.unit,
        declaration.trade_day, declaration.trade_day,
        **foreign(declaration.place, supplier=declaration.supplier, base=declaration.base),
    )  # fmt: skip
    if declaration.state == Declaration.State.RETURNED:
        move(declaration, DECLARATION, "submitted", audited_by=None, audited_at=None, **changes)
    elif not _waiting(declaration).update(**changes):
        raise Conflict(_("This declaration has been decided and can no longer be changed."), code="already_decided")
    add_papers(papers, actor=actor, at=at, declaration=declaration)
    judge(declaration)
    return declaration


@transaction.atomic
def withdraw(actor, *, declaration) -> Declaration:
    """Take back a declaration that has not been decided."""
    _require_changing(actor, declaration)
    return move(declaration, DECLARATION, "withdrawn")


def required_verb(actor, place) -> str:
    """`declare` at one's own stall, or `declare_for` at another's; refused as `require` refuses."""
    if may(actor, "declare", place=place):
        return "declare"
    trader_elsewhere = actor.has_role(*VERBS["declare"]) and not may(actor, "declare_for", place=place)
    verb = "declare" if trader_elsewhere else "declare_for"
    require(actor, verb, place=place)
    return verb


def _require_changing(actor, declaration):
    """What an earlier keeper of the stall declared is not a later one's to change."""
    verb = required_verb(actor, declaration.place)
    if verb == "declare" and declaration.organisation_id != declaration.place.organisation_id:
        raise NotFound()


def judge(declaration):
    """Ask the gate and keep its answer, and the evidence level, with the declaration."""
    papers = gate.papers_of(declaration)
    answer = gate.answer(declaration, papers)
    confirmed = confirms(declaration.upstream_code, declaration.product_id)
    kept = {
        "gate_outcome": answer.outcome,
        "gate_missing": [missing.key for missing in answer.missing],
        "gate_articles": list(answer.articles),
        "evidence_level": evidence_of(papers, upstream_confirmed=confirmed),
    }
    Declaration.objects.filter(district_id=declaration.district_id, pk=declaration.pk).update(**kept)
    for name, value in kept.items():
        setattr(declaration, name, value)
    return answer


def _waiting(declaration):
    return Declaration.objects.filter(
        district_id=declaration.district_id, pk=declaration.pk, state=Declaration.State.SUBMITTED
    )


def foreign(place, **sources) -> dict:
    """What is wrong with the suppliers and bases that another trader remembers."""
    return {
        name: _("Choose one of this trader's own.")
        for name, source in sources.items()
        if source and source.organisation_id != place.organisation_id
    }


def _checked(product, origin_region, quantity, unit, trade_day, today, **wrong):
    """The weight in kilograms, or `Invalid` with every wrong field."""
    if origin_region.level not in ORIGIN_LEVELS:
        wrong["origin_region"] = _("Choose the county the goods come from; a province or city is not enough.")
    if trade_day not in (today, today + dt.timedelta(days=1)):
        wrong["trade_day"] = _("Only goods for today or tomorrow can be declared.")
    weight_kg = None
    try:
        weight_kg = kilos.to_kg(quantity, unit, product.kg_per_unit)
    except ValueError:
        wrong["quantity"] = _("Write a quantity above zero, in a unit this product is traded in.")
    if wrong:
        raise Invalid(fields=wrong)
    return weight_kg


def _remember(declaration, at):
    if declaration.supplier_id:
        type(declaration.supplier).objects.filter(pk=declaration.supplier_id).update(last_used_at=at)
