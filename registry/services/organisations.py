"""The register of legal subjects 主体: each stands in it once, whatever district it trades in."""

from __future__ import annotations

from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from kit import phones, public_codes
from kit.refusals import Conflict, NotFound
from registry import identifiers
from registry.actors import Actor
from registry.models import Organisation, Place
from registry.models.contact import phone_fields
from registry.permissions import require_role
from registry.selectors.organisations import id_number_index, organisations_for
from registry.services.checks import Checks

Kind = Organisation.Kind


class AlreadyRegistered(Conflict):
    """`data`: `organisation_id` and `name` of the one that has this code."""

    code = "already_registered"
    message = _("This code is in the register already: %(name)s.")


@transaction.atomic
def register(
    actor: Actor,
    *,
    kind: str,
    name: str,
    uscc: str = "",
    id_number: str = "",
    phone: str = "",
    legal_person: str = "",
    address: str = "",
) -> Organisation:
    """Enter a subject, known by its unified social credit code, or a natural person by identity number.

    Raises `AlreadyRegistered` when the code is known, `Invalid` for what is not a code, a name or a phone.
    """
    require_role(actor, "register_organisations")
    organisation = Organisation(
        kind=kind,
        name=name.strip(),
        legal_person=legal_person.strip(),
        address=address.strip(),
        **_identity(kind, name, uscc, id_number, phone),
    )
    refuse_known(organisation)
    try:
        with transaction.atomic():
            organisation.save(force_insert=True)
    except IntegrityError:
        refuse_known(organisation)
        raise
    return organisation


def _identity(kind: str, name: str, uscc: str, id_number: str, phone: str) -> dict[str, Any]:
    checks = Checks()
    checks.require("name", name.strip(), gettext("Write the name."))
    checks.require("kind", kind in Kind.values, gettext("Choose what kind of subject this is."))
    if kind == Kind.NATURAL_PERSON:
        number = checks.read("id_number", identifiers.id_number, id_number)
        found = {"uscc": None, "id_number": number, "id_number_index": id_number_index(number)}
    else:
        found = {"uscc": checks.read("uscc", identifiers.uscc, uscc)}
    if phone:
        checks.read("phone", phones.normalise, phone)
    checks.done()
    return found | phone_fields(phone)


def refuse_known(organisation: Organisation) -> None:
    if organisation.uscc:
        known = Organisation.objects.filter(uscc=organisation.uscc).first()
    else:
        known = Organisation.objects.filter(id_number_index=organisation.id_number_index).first()
    if known:
        raise AlreadyRegistered(organisation_id=str(known.id), name=known.name)


@transaction.atomic
def correct(
    actor: Actor, *, organisation: Organisation, name: str, phone: str = "", legal_person: str = "", address: str = ""
) -> Organisation:
    """Change what is said of a subject; its code is what it is known by and stays.

    Raises `NotFound` unless the actor sees a place of this subject.
    """
    require_role(actor, "register_organisations")
    found = organisations_for(actor).filter(pk=organisation.pk).select_for_update(of=("self",)).first()
    if found is None:
        raise NotFound
    checks = Checks()
    checks.require("name", name.strip(), gettext("Write the name."))
    if phone:
        checks.read("phone", phones.normalise, phone)
    checks.done()
    changes = {"name": name.strip(), "legal_person": legal_person.strip(), "address": address.strip()}
    for field, value in (changes | phone_fields(phone)).items():
        setattr(found, field, value)
    found.save()
    public_codes.touch(*Place.objects.filter(organisation=found).values_list("token", flat=True))
    return found
