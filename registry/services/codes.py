"""Public codes of places: a plate that is lost or copied gets a new code; the old one says so."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext

from kit import clock, public_codes
from kit.models import PublicCode
from registry.actors import Actor
from registry.models import Place
from registry.services import places
from registry.services.checks import Checks


@transaction.atomic
def replace_code(actor: Actor, *, place: Place, reason: str) -> PublicCode:
    """A new code for a place, also after its code was retired. The reason stays in the place's history."""
    place = _locked(actor, place, reason)
    at = clock.now()
    if PublicCode.objects.filter(pk=place.token, state=PublicCode.State.ACTIVE).exists():
        code = public_codes.replace(place.token, at)
    else:
        code = public_codes.issue(place.page_kind, place.district_id, place.id, at)
    place.token, place.typed_code = code.token, code.typed_code
    place.save()
    return code


@transaction.atomic
def retire_code(actor: Actor, *, place: Place, reason: str) -> None:
    """Take a place's code out of use: whoever scans it reads that it counts no longer.

    Raises `IllegalMove` when it is out of use already.
    """
    place = _locked(actor, place, reason)
    public_codes.retire(place.token, clock.now())
    place.save()


def _locked(actor: Actor, place: Place, reason: str) -> Place:
    place = places.locked(actor, place, "manage_codes")
    checks = Checks()
    checks.require("reason", reason.strip(), gettext("Say why. The reason is kept."))
    checks.done()
    place._change_reason = reason.strip()[:100]
    return place
