"""Production bases under contract 产地挂钩: where a trader's goods grow, and who has seen the contract."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext

from kit import clock, photos
from kit.images import StoredImage
from kit.refusals import NotFound
from kit.transitions import StaleState, move
from registry.actors import Actor
from registry.models import Base, Place, Product, Region, Supplier
from registry.permissions import VERBS, require_role
from registry.services.checks import Checks, unique
from registry.services.sources import locked_own, require_place
from registry.states import BASE

FOLDER = "bases"


@dataclass(frozen=True, kw_only=True)
class Details:
    """`region` is a county at least, since that is what a label must say. `contract` is a photo already drawn anew."""

    name: str
    region: Region
    detail: str = ""
    supplier: Supplier | None = None
    products: Collection[Product] = ()
    contract_no: str = ""
    contract_starts_on: dt.date | None = None
    contract_ends_on: dt.date | None = None
    contract: StoredImage | None = None


@transaction.atomic
def register(actor: Actor, *, place: Place, details: Details) -> Base:
    """A base of the trader at `place`. Raises `Invalid` when the trader has one of this name."""
    require_place(actor, place)
    base = Base(district_id=place.district_id, organisation_id=place.organisation_id)
    return _written(base, details)


@transaction.atomic
def change(actor: Actor, *, base: Base, details: Details) -> Base:
    """What was verified was the contract as it stood: a change asks for it to be verified again."""
    base = locked_own(actor, base)
    if base.state != Base.State.ACTIVE:
        raise StaleState(state=base.state, to=base.state, kind=BASE.name)
    base.verified_at = base.verified_by = None
    return _written(base, details)


@transaction.atomic
def end(actor: Actor, *, base: Base) -> Base:
    """The contract is over; declarations that named the base keep it."""
    base = move(locked_own(actor, base), BASE, Base.State.ENDED)
    base.save()
    return base


@transaction.atomic
def verify(actor: Actor, *, base: Base) -> Base:
    """Somebody of the market or an officer has seen the contract. The first look counts."""
    require_role(actor, "verify_base")
    verifiers = Actor(actor.account_id, actor.name, actor.with_role(*VERBS["verify_base"]))
    seen = Base.objects.visible_to(verifiers).filter(pk=base.pk, state=Base.State.ACTIVE).values("pk")
    found = Base.objects.filter(pk__in=seen).select_for_update().first()
    if found is None:
        raise NotFound
    if found.verified_at is None:
        found.verified_at, found.verified_by_id = clock.now(), actor.account_id
        found.save()
    return found


def _written(base: Base, details: Details) -> Base:
    _check(base, details)
    base.name, base.region, base.detail = details.name.strip(), details.region, details.detail.strip()
    base.supplier, base.contract_no = details.supplier, details.contract_no.strip()
    base.contract_starts_on, base.contract_ends_on = details.contract_starts_on, details.contract_ends_on
    if details.contract:
        base.contract_image = photos.keep(details.contract, FOLDER)
    with unique("base_name_once", "name", gettext("You have a base of this name already.")):
        base.save()
    base.products.set(details.products)
    return base


def _check(base: Base, details: Details) -> None:
    checks = Checks()
    checks.require("name", details.name.strip(), gettext("Write the name."))
    county = details.region.level == Region.Level.COUNTY
    checks.require("region", county, gettext("Choose the county, so that the label can name it."))
    supplier = details.supplier
    own = supplier is None or supplier.organisation_id == base.organisation_id
    checks.require("supplier", own, gettext("Choose one of your own suppliers."))
    since, until = details.contract_starts_on, details.contract_ends_on
    in_order = not (since and until) or since <= until
    checks.require("contract_ends_on", in_order, gettext("The contract ends before it begins."))
    checks.done()
