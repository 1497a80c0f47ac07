"""Places: stalls opened by a market, stores entered by officers, their profile and their end."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from kit import clock, public_codes
from kit.refusals import Conflict, NotFound
from kit.transitions import move
from registry.actors import Actor
from registry.models import Place
from registry.permissions import require
from registry.pinyin import initials, pinyin
from registry.states import PLACE

State = Place.State
VERBS = {Place.Kind.STALL: "manage_stalls", Place.Kind.STORE: "manage_stores"}


class StillKept(Conflict):
    code = "place_still_kept"
    message = _("Somebody keeps this stall. Let them move out first.")


def locked(actor: Actor, place: Place, verb: str = "") -> Place:
    """The place as it is now, held until the transaction ends.

    `verb` is by default the one that manages this kind of place. Raises `NotFound` out of reach,
    `NotYourJob` without the verb.
    """
    found = Place.objects.visible_to(actor).filter(pk=place.pk, district_id=place.district_id)
    found = found.select_for_update(of=("self",)).first()
    if found is None:
        raise NotFound
    require(actor, verb or VERBS[found.kind], place=found)
    return found


def name(place: Place, words: str) -> None:
    """Give a place its name, and the letters by which it is found."""
    place.name = words.strip()
    place.name_pinyin, place.name_initials = pinyin(place.name)[:200], initials(place.name)[:80]


def saved(place: Place) -> Place:
    """Save, and have the public page drawn anew."""
    place.save()
    public_codes.touch(place.token)
    return place


@transaction.atomic
def describe(actor: Actor, *, place: Place, words: str, public_phone: str = "", safety_officer: str = "") -> Place:
    """What a keeper says of the own place: its name, a phone for customers, who answers for food safety."""
    place = locked(actor, place, "edit_own_place")
    name(place, words)
    place.public_phone, place.safety_officer = public_phone.strip(), safety_officer.strip()
    return saved(place)


@transaction.atomic
def suspend(actor: Actor, *, place: Place) -> Place:
    return saved(move(locked(actor, place), PLACE, State.SUSPENDED))


@transaction.atomic
def resume(actor: Actor, *, place: Place) -> Place:
    return saved(move(locked(actor, place), PLACE, State.ACTIVE))


@transaction.atomic
def close_stall(actor: Actor, *, place: Place) -> Place:
    """Take a vacant stall out of the market's plan for good. Its code goes on answering."""
    place = locked(actor, place)
    if place.organisation_id:
        raise StillKept
    return saved(move(place, PLACE, State.CLOSED, closed_at=clock.now()))
