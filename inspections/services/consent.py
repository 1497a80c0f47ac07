"""单独同意: position and bank account are kept only with a separate consent of the person, who may take it back
at any time (个人信息保护法 第15条、第29条)."""

from __future__ import annotations

import re

from django.db import transaction
from django.utils.translation import gettext as _

from inspections.models import Coordinator
from inspections.refusals import NoConsent
from inspections.services.conflicts import require_own
from kit import clock
from kit.refusals import NotFound
from registry import identifiers
from registry.actors import Actor
from registry.services.checks import Checks

ACCOUNT_NO = re.compile(r"[0-9]{8,30}")


@transaction.atomic
def allow_location(actor: Actor, *, coordinator: Coordinator) -> Coordinator:
    """The position at check-in and at the shutter may be kept. The first consent's time stays."""
    own = _own(actor, coordinator)
    if own.location_consent_at is None:
        own.location_consent_at = clock.now()
        own.save(update_fields=["location_consent_at"])
    return own


@transaction.atomic
def withdraw_location(actor: Actor, *, coordinator: Coordinator) -> Coordinator:
    own = _own(actor, coordinator)
    own.location_consent_at = None
    own.save(update_fields=["location_consent_at"])
    return own


@transaction.atomic
def give_bank(
    actor: Actor, *, coordinator: Coordinator, consent: bool, bank_name: str, bank_account: str, id_number: str = ""
) -> Coordinator:
    """Where the pay goes. An empty identity number keeps the present one. Raises `NoConsent` or `Invalid`."""
    own = _own(actor, coordinator)
    if not consent:
        raise NoConsent()
    checks = Checks()
    number = re.sub(r"[\s-]", "", bank_account)
    checks.require("bank_name", bank_name.strip(), _("Write the bank and its branch."))
    checks.require("bank_account", ACCOUNT_NO.fullmatch(number), _("A bank account has 8 to 30 digits."))
    read = checks.read("id_number", identifiers.id_number, id_number) if id_number.strip() else own.id_number
    checks.done()
    own.bank_consent_at = own.bank_consent_at or clock.now()
    own.bank_name, own.bank_account, own.id_number = bank_name.strip()[:60], number, read
    own.save(update_fields=["bank_consent_at", "bank_name", "bank_account", "id_number"])
    return own


@transaction.atomic
def withdraw_bank(actor: Actor, *, coordinator: Coordinator) -> Coordinator:
    """Bank account and identity number are deleted at once. Pay waits until they are given again."""
    own = _own(actor, coordinator)
    own.bank_consent_at, own.bank_name, own.bank_account, own.id_number = None, "", "", ""
    own.save(update_fields=["bank_consent_at", "bank_name", "bank_account", "id_number"])
    return own


def _own(actor: Actor, coordinator: Coordinator) -> Coordinator:
    rows = Coordinator.objects.filter(district_id=coordinator.district_id, pk=coordinator.pk)
    found = rows.select_for_update(no_key=True).first()
    if found is None:
        raise NotFound()
    require_own(actor, found)
    return found
