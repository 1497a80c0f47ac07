"""Stalls of a market: opened one by one or by the row, renumbered, moved to another zone."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.db import transaction
from django.utils.translation import gettext
from simple_history.utils import bulk_create_with_history

from kit import clock, public_codes
from kit.ids import uuid7
from kit.refusals import Invalid
from registry import stall_numbers
from registry.actors import Actor
from registry.models import Market, Place, ProductCategory
from registry.permissions import require
from registry.services import places
from registry.services.checks import Checks, unique

CONSTRAINT = "stall_no_once_in_market"


@transaction.atomic
def open_stalls(
    actor: Actor, *, market: Market, numbers: str, zone: str = "", categories: Iterable[ProductCategory] = ()
) -> list[Place]:
    """Vacant stalls, each with its public code. `numbers` is a line such as `A01-A20, B03`.

    Raises `Invalid` when the line is not understood, or naming every number the market has already.
    """
    require(actor, "manage_stalls", market=market)
    checks = Checks()
    wanted = checks.read("numbers", stall_numbers.expand, numbers)
    _check_zone(checks, market, zone)
    checks.done()
    _refuse_taken(market, wanted)
    stalls = [_vacant(market, number, zone) for number in wanted]
    issued = public_codes.issue_many("s", market.district_id, [stall.id for stall in stalls], clock.now())
    for stall, code in zip(stalls, issued, strict=True):
        stall.token, stall.typed_code = code.token, code.typed_code
    with unique(CONSTRAINT, "numbers", gettext("Somebody has just opened stalls with these numbers.")):
        bulk_create_with_history(stalls, Place)
    _categorise(stalls, categories)
    return stalls


@transaction.atomic
def change_stall(
    actor: Actor, *, place: Place, stall_no: str, zone: str = "", categories: Iterable[ProductCategory] = ()
) -> Place:
    place = places.locked(actor, place, "manage_stalls")
    checks = Checks()
    numbers = checks.read("stall_no", stall_numbers.expand, stall_no)
    checks.require("stall_no", not numbers or len(numbers) == 1, gettext("Write one stall number."))
    _check_zone(checks, place.market, zone)
    checks.done()
    place.stall_no, place.zone = numbers[0], zone
    with unique(CONSTRAINT, "stall_no", gettext("The market has a stall of this number.")):
        places.saved(place)
    place.categories.set(categories)
    return place


def _check_zone(checks: Checks, market: Market | None, zone: str) -> None:
    zones = market.zones if market else []
    checks.require("zone", not zone or zone in zones, gettext("Choose one of the market's zones."))


def _refuse_taken(market: Market, wanted: Sequence[str]) -> None:
    open_ones = Place.objects.filter(district_id=market.district_id, market=market).exclude(state=Place.State.CLOSED)
    taken = sorted(open_ones.filter(stall_no__in=wanted).values_list("stall_no", flat=True))
    if taken:
        words = gettext("The market has these already: %(numbers)s.")
        raise Invalid(fields={"numbers": words % {"numbers": ", ".join(taken)}})


def _vacant(market: Market, number: str, zone: str) -> Place:
    return Place(
        id=uuid7(),
        district_id=market.district_id,
        kind=Place.Kind.STALL,
        state=Place.State.VACANT,
        market=market,
        town_id=market.town_id,
        stall_no=number,
        zone=zone,
    )


def _categorise(stalls: Sequence[Place], categories: Iterable[ProductCategory]) -> None:
    link = Place.categories.through
    link.objects.bulk_create(
        link(place_id=stall.id, productcategory_id=category.pk) for stall in stalls for category in categories
    )
