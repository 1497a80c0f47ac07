"""责任网格: the streets of a town that somebody walks; its people and its places."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from django.db import transaction
from django.utils.translation import gettext as _

from inspections.models import Coordinator, Grid, GridMember, GridPlace
from kit.refusals import NotFound
from registry.actors import Actor
from registry.models import Place, Region
from registry.permissions import require
from registry.services.checks import Checks, unique


@transaction.atomic
def open_grid(actor: Actor, *, town: Region, name: str) -> Grid:
    """A grid of that name in that town; the one that is there already is the answer."""
    require(actor, "manage_coordinators", town=town.pk)
    checks = Checks()
    checks.require("name", name.strip(), _("Write the name."))
    checks.done()
    return Grid.objects.get_or_create(district_id=town.pk[:6], town=town, name=name.strip())[0]


@transaction.atomic
def rename_grid(actor: Actor, *, grid: Grid, name: str) -> Grid:
    found = _locked(actor, grid)
    checks = Checks()
    checks.require("name", name.strip(), _("Write the name."))
    checks.done()
    found.name = name.strip()
    with unique("grid_name_once_in_town", "name", _("There is a grid of this name in the town already.")):
        found.save(update_fields=["name"])
    return found


@transaction.atomic
def set_people(actor: Actor, *, grid: Grid, people: Collection[Coordinator]) -> None:
    """Who walks it, people of its town; whoever is not named no longer does."""
    found = _locked(actor, grid)
    checks = Checks()
    checks.require("people", all(_walks(each, found) for each in people), _("Choose people of this town."))
    checks.done()
    members = GridMember.objects.filter(district_id=found.district_id, grid=found)
    members.exclude(coordinator__in=people).delete()
    GridMember.objects.bulk_create(
        [GridMember(district_id=found.district_id, grid=found, coordinator=each) for each in people],
        ignore_conflicts=True,
    )


@transaction.atomic
def put_places(actor: Actor, *, grid: Grid, places: Iterable[Place], street: str = "") -> int:
    """Places of its town lie in this grid from now on, on that street; a place lies in one grid. Returns how many."""
    found = _locked(actor, grid)
    places = list(places)
    fitting = all(each.district_id == found.district_id and each.town_id == found.town_id for each in places)
    checks = Checks()
    checks.require("places", fitting, _("Choose places of this town."))
    checks.done()
    GridPlace.objects.bulk_create(
        [
            GridPlace(district_id=found.district_id, grid=found, place=each, street=street.strip()[:60])
            for each in sorted(places, key=lambda each: each.pk)
        ],
        update_conflicts=True, unique_fields=["district_id", "place"], update_fields=["grid", "street"],
    )  # fmt: skip
    return len(places)


@transaction.atomic
def take_out(actor: Actor, *, grid: Grid, place_id) -> None:
    found = _locked(actor, grid)
    GridPlace.objects.filter(district_id=found.district_id, grid=found, place_id=place_id).delete()


def _walks(coordinator: Coordinator, grid: Grid) -> bool:
    here = coordinator.district_id == grid.district_id and coordinator.town_id in (None, grid.town_id)
    return here and coordinator.state != Coordinator.State.LEFT


def _locked(actor: Actor, grid: Grid) -> Grid:
    found = Grid.objects.filter(district_id=grid.district_id, pk=grid.pk).select_for_update(no_key=True).first()
    if found is None:
        raise NotFound()
    require(actor, "manage_coordinators", town=found.town_id)
    return found
