"""Whom a trader buys from: remembered, so that nobody types it twice (食品安全法 第65条)."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils.translation import gettext

from kit import clock, phones
from registry import identifiers
from registry.actors import Actor
from registry.models import Place, Supplier
from registry.models.contact import phone_fields
from registry.services.checks import Checks, unique
from registry.services.sources import locked_own, require_place


@transaction.atomic
def remember(
    actor: Actor, *, place: Place, name: str, address: str = "", phone: str = "", id_number: str = ""
) -> Supplier:
    """The supplier of this name and phone of the trader at `place`, made or brought up to date.

    What is left empty stays as it was. Raises `Invalid` for a name, phone or identity number that cannot be.
    """
    require_place(actor, place)
    fields = _checked(name, address, phone, id_number)
    known = {
        "district_id": place.district_id,
        "organisation_id": place.organisation_id,
        "name": fields.pop("name"),
        "phone_index": fields["phone_index"],
    }
    supplier, made = Supplier.objects.select_for_update().get_or_create(**known, defaults=fields)
    if not made and any(value and getattr(supplier, field) != value for field, value in fields.items()):
        for field, value in fields.items():
            setattr(supplier, field, value or getattr(supplier, field))
        supplier.save()
    return supplier


@transaction.atomic
def correct(
    actor: Actor, *, supplier: Supplier, name: str, address: str = "", phone: str = "", id_number: str = ""
) -> Supplier:
    """Change a supplier; an identity number left empty stays as it was."""
    supplier = locked_own(actor, supplier)
    for field, value in _checked(name, address, phone, id_number or supplier.id_number).items():
        setattr(supplier, field, value)
    known = gettext("You have a supplier of this name and phone already.")
    with unique("supplier_once_per_trader", "name", known):
        supplier.save()
    return supplier


@transaction.atomic
def used(supplier: Supplier) -> None:
    """Goods came from this supplier: it stands first in the list next time."""
    Supplier.objects.filter(pk=supplier.pk, district_id=supplier.district_id).update(last_used_at=clock.now())


def _checked(name: str, address: str, phone: str, id_number: str) -> dict[str, Any]:
    checks = Checks()
    checks.require("name", name.strip(), gettext("Write the name."))
    if phone:
        checks.read("phone", phones.normalise, phone)
    number = checks.read("id_number", identifiers.id_number, id_number) if id_number else ""
    checks.done()
    return {"name": name.strip(), "address": address.strip(), "id_number": number, **phone_fields(phone)}
