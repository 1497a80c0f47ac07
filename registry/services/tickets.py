"""One-time sign-in: a manager shows a QR to somebody who forgot the password or is new."""

from __future__ import annotations

import secrets
from datetime import timedelta

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from kit import clock
from kit.refusals import Conflict
from registry.actors import Actor
from registry.models import Account, SignInTicket
from registry.services.accounts import require_charge_of
from registry.services.sign_in import end_sessions, hash_secret

TICKET_LASTS = timedelta(minutes=10)


class TicketSpent(Conflict):
    code = "ticket_spent"
    message = _("This one-time sign-in has been used or has expired. Ask for a new one.")


@transaction.atomic
def show_ticket(actor: Actor, *, account: Account) -> tuple[SignInTicket, str]:
    """A ticket of 10 minutes and its secret (128 bits); earlier ones of the person stop working."""
    require_charge_of(actor, account)
    moment = clock.now()
    SignInTicket.objects.filter(account=account, used_at__isnull=True).update(expires_at=moment)
    secret = secrets.token_urlsafe(16)
    ticket = SignInTicket.objects.create(
        account=account,
        secret_hash=hash_secret(secret),
        made_by_id=actor.account_id,
        made_at=moment,
        expires_at=moment + TICKET_LASTS,
    )
    return ticket, secret


@transaction.atomic
def use_ticket(secret: str) -> Account:
    """Whoever comes first with the secret is signed in, once, and has to choose a new password.

    Raises `TicketSpent` for a used, expired or unknown ticket alike.
    """
    moment = clock.now()
    tickets = SignInTicket.objects.filter(secret_hash=hash_secret(secret), used_at__isnull=True)
    if not tickets.filter(expires_at__gt=moment).update(used_at=moment):
        raise TicketSpent
    account = Account.objects.get(tickets__secret_hash=hash_secret(secret))
    if not account.is_active:
        raise TicketSpent
    end_sessions(account, must_change_password=True)
    return account
