"""协管队伍 of a contractor or a town office."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from inspections.models import Coordinator, Team
from kit.refusals import NotFound
from registry.actors import Actor
from registry.models import Organisation, Region
from registry.permissions import require
from registry.services.checks import Checks, unique


@transaction.atomic
def open_team(
    actor: Actor, *, district_id: str, name: str, organisation: Organisation, town: Region | None = None
) -> Team:
    """A team of that name; one that is there already, of the same contractor and town, is the answer."""
    _require(actor, district_id, town)
    name = name.strip()
    same = Team.objects.filter(district_id=district_id, name=name, organisation=organisation, town=town).first()
    if same:
        return same
    team = Team(district_id=district_id)
    return _written(team, name, organisation, town, active=True)


@transaction.atomic
def change_team(
    actor: Actor, *, team: Team, name: str, organisation: Organisation, town: Region | None = None,
    active: bool = True,
) -> Team:  # fmt: skip
    """Raises `Invalid` when the name is taken, or a team with people in it is to be closed."""
    found = Team.objects.filter(district_id=team.district_id, pk=team.pk).select_for_update().first()
    if found is None:
        raise NotFound()
    _require(actor, found.district_id, found.town)
    _require(actor, found.district_id, town)
    members = Coordinator.objects.filter(district_id=found.district_id, team=found).exclude(state="left")
    checks = Checks()
    checks.require("active", active or not members.exists(), _("There are people in this team. Move them first."))
    checks.done()
    return _written(found, name.strip(), organisation, town, active=active)


def _written(team, name, organisation, town, *, active) -> Team:
    checks = Checks()
    checks.require("name", name, _("Write the name."))
    checks.done()
    team.name, team.organisation, team.town, team.active = name, organisation, town, active
    with unique("team_name_once_in_district", "name", _("There is a team of this name already.")):
        team.save()
    return team


def _require(actor, district_id, town) -> None:
    require(actor, "manage_coordinators", **({"town": town.pk} if town else {"district": district_id}))
