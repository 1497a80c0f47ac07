"""Passwords and sessions. Every change of a password, a role or a state ends the person's sessions."""

from __future__ import annotations

import hashlib
import secrets
from datetime import timedelta

from django.contrib.auth import password_validation
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from kit import clock
from kit.refusals import Invalid
from registry.models import Account, ApiSession

API_SESSION_LASTS = timedelta(hours=12)


class WrongPassword(Invalid):
    code = "wrong_password"


def end_sessions(account: Account, **fields: object) -> None:
    """End the person's sessions, on the web and through the API; `fields` change with it."""
    Account.objects.filter(pk=account.pk).update(session_epoch=F("session_epoch") + 1, **fields)
    account.refresh_from_db()


@transaction.atomic
def change_password(account: Account, *, new: str, old: str = "") -> None:
    """A new password. The old one is asked for, unless a one-time sign-in let the person in.

    Raises `WrongPassword` (field `old`) or Invalid (field `new`).
    """
    account = Account.objects.select_for_update().get(pk=account.pk)
    if not account.must_change_password and not account.check_password(old):
        raise WrongPassword(fields={"old": _("This is not your present password.")})
    try:
        password_validation.validate_password(new, account)
    except ValidationError as error:
        raise Invalid(fields={"new": error.messages}) from error
    account.set_password(new)
    end_sessions(account, password=account.password, must_change_password=False)


@transaction.atomic
def start_api_session(account: Account) -> tuple[ApiSession, str]:
    """A session of 12 hours and its token: 128 random bits, of which only a hash is kept."""
    token = secrets.token_urlsafe(16)
    moment = clock.now()
    session = ApiSession.objects.create(
        account=account,
        token_hash=hash_secret(token),
        session_epoch=account.session_epoch,
        made_at=moment,
        expires_at=moment + API_SESSION_LASTS,
    )
    return session, token


@transaction.atomic
def end_api_session(session: ApiSession) -> None:
    ApiSession.objects.filter(pk=session.pk, ended_at__isnull=True).update(ended_at=clock.now())


def hash_secret(secret: str) -> str:
    """How tokens and one-time sign-ins are kept. They are random, so that no salt is needed."""
    return hashlib.sha256(secret.encode()).hexdigest()
