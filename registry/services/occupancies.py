"""Moving in and out: who keeps a place, from when to when, under which agreement
(食用农产品市场销售质量安全监督管理办法 第21条, 第24条)."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from kit import clock
from kit.refusals import Conflict
from kit.transitions import move
from registry.actors import Actor
from registry.models import Device, Grant, Occupancy, Organisation, Place
from registry.roles import Role
from registry.services import accounts, grants, places
from registry.services.checks import Checks
from registry.states import PLACE

State = Place.State


class NobodyThere(Conflict):
    code = "place_is_vacant"
    message = _("Nobody keeps this place.")


class Taken(Conflict):
    """`data`: `name`, who keeps it."""

    code = "place_is_taken"
    message = _("%(name)s keeps this stall. Let them move out first.")


@dataclass(frozen=True, kw_only=True)
class Agreement:
    """The quality-safety agreement 质量安全协议 between market and keeper."""

    signed_on: dt.date | None = None
    ends_on: dt.date | None = None


@dataclass(frozen=True, kw_only=True)
class Keeper:
    """Who will sign in for the place."""

    name: str
    phone: str
    role: Role = Role.VENDOR


@transaction.atomic
def move_in(
    actor: Actor,
    *,
    place: Place,
    organisation: Organisation,
    trade_name: str,
    started_on: dt.date,
    agreement: Agreement = Agreement(),
    keeper: Keeper | None = None,
) -> Occupancy:
    """Somebody takes a vacant stall; with `keeper`, a person gets an account and the role.

    Raises `Taken` when the stall is kept, `Invalid` for dates that cannot be and for the keeper's name or phone.
    """
    place = places.locked(actor, place)
    if place.organisation_id:
        raise Taken(name=place.name or place.organisation.name)
    checks = Checks()
    checks.require("trade_name", trade_name.strip(), gettext("Write the name on the sign."))
    _check_start(checks, place, started_on)
    _check_agreement(checks, agreement)
    checks.done()
    places.name(place, trade_name)
    place.organisation = organisation
    places.saved(move(place, PLACE, State.ACTIVE, organisation=organisation))
    occupancy = begin(place, started_on, agreement)
    if keeper:
        accounts.enrol(
            actor, name=keeper.name, phone=keeper.phone, role=keeper.role, district_id=place.district_id, place=place
        )
    return occupancy


def begin(place: Place, started_on: dt.date, agreement: Agreement) -> Occupancy:
    return Occupancy.objects.create(
        district_id=place.district_id,
        place=place,
        organisation_id=place.organisation_id,
        trade_name=place.name,
        started_on=started_on,
        agreement_signed_on=agreement.signed_on,
        agreement_ends_on=agreement.ends_on,
    )


@transaction.atomic
def renew_agreement(actor: Actor, *, place: Place, agreement: Agreement) -> Occupancy:
    """A new agreement with the present keeper. Raises `NobodyThere` at a vacant stall."""
    place = places.locked(actor, place)
    occupancy = current(place)
    checks = Checks()
    checks.require("signed_on", agreement.signed_on, gettext("Say when the agreement was signed."))
    _check_agreement(checks, agreement)
    checks.done()
    occupancy.agreement_signed_on, occupancy.agreement_ends_on = agreement.signed_on, agreement.ends_on
    occupancy.save()
    places.saved(place)
    return occupancy


@transaction.atomic
def move_out(actor: Actor, *, place: Place, ended_on: dt.date) -> Occupancy:
    """The keeper leaves: the roles at this place end, its scales go back to the market, the stall stands
    vacant. Its public code stays and says so. Raises `NobodyThere`, or `Invalid` for a day that cannot be."""
    place = places.locked(actor, place)
    occupancy = end(place, ended_on)
    clear(place)
    places.saved(move(place, PLACE, State.VACANT, organisation=None))
    return occupancy


def end(place: Place, ended_on: dt.date) -> Occupancy:
    """End the present occupancy and whatever hangs on it."""
    occupancy = current(place)
    checks = Checks()
    checks.require("ended_on", ended_on <= clock.now().date(), gettext("This day is still to come."))
    checks.require("ended_on", ended_on >= occupancy.started_on, gettext("They moved in after this day."))
    checks.done()
    occupancy.ended_on = ended_on
    occupancy.save()
    held = Grant.objects.current().filter(district_id=place.district_id, place=place)
    for grant in held.select_related("account").order_by("id"):
        grants.end_quietly(grant)
    leave_devices(place)
    return occupancy


def leave_devices(place: Place) -> None:
    """A scale must not go on selling in the name of whoever comes next; it waits at the market for its new stall."""
    if place.market_id:
        for device in Device.objects.filter(district_id=place.district_id, place=place).select_for_update():
            device.place, device.market_id = None, place.market_id
            device.save()


def clear(place: Place) -> None:
    """Take off what the last keeper had put up."""
    places.name(place, "")
    place.organisation = None
    place.public_phone = place.permit_no = place.safety_officer = ""
    place.permit_expires_on = None


def current(place: Place) -> Occupancy:
    found = Occupancy.objects.filter(district_id=place.district_id, place=place, ended_on__isnull=True)
    occupancy = found.select_for_update().first()
    if occupancy is None:
        raise NobodyThere
    return occupancy


def _check_start(checks: Checks, place: Place, started_on: dt.date) -> None:
    checks.require("started_on", started_on <= clock.now().date(), gettext("This day is still to come."))
    earlier = Occupancy.objects.filter(district_id=place.district_id, place=place, ended_on__gt=started_on)
    checks.require("started_on", not earlier.exists(), gettext("Somebody else kept the stall on this day."))


def _check_agreement(checks: Checks, agreement: Agreement) -> None:
    signed_on, ends_on = agreement.signed_on, agreement.ends_on
    if ends_on and not signed_on:
        checks.add("signed_on", gettext("Say when the agreement was signed."))
    if signed_on and signed_on > clock.now().date():
        checks.add("signed_on", gettext("This day is still to come."))
    if signed_on and ends_on and ends_on <= signed_on:
        checks.add("ends_on", gettext("The agreement ends before it begins."))
