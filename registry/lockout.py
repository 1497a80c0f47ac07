"""Too many wrong passwords: counted by account and address, by address alone, and by account alone.

The first is django-axes' work; the other two slow down somebody who tries many names from one
address, or one name from many.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from axes.helpers import get_cool_off
from axes.models import AccessAttempt
from django.contrib.auth import authenticate
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from kit import problems
from kit.addresses import client_address
from kit.crypto import blind_index
from kit.ratelimit import Misses
from kit.refusals import Refusal
from registry.models import Account
from registry.selectors.people import account_signing_in

BY_ADDRESS = Misses("sign_in_address", limit=100, window=15 * 60)
BY_NAME = Misses("sign_in_name", limit=30, window=60 * 60)


class TooManyTries(Refusal):
    code = "too_many_tries"
    status = 429
    message = _(
        "Too many wrong passwords. Try again in %(minutes)s minutes, or ask your manager for a one-time sign-in."
    )


def check(request: HttpRequest, *, username: str, password: str) -> Account | None:
    """The account, if the password is right. Raises `TooManyTries`."""
    address, name = client_address(request), attempt_name(request, {"username": username})
    for misses, key in ((BY_ADDRESS, address), (BY_NAME, name)):
        if misses.blocked(key):
            raise TooManyTries(minutes=misses.window // 60)
    account = authenticate(request, username=username, password=password)
    if account is None:
        BY_ADDRESS.hit(address)
        BY_NAME.hit(name)
    return account


def locked_out(request: HttpRequest, response: HttpResponse, credentials: dict[str, Any] | None) -> HttpResponse:
    """What django-axes answers with, on the page and through the API."""
    seconds = seconds_left(request, credentials)
    refusal = TooManyTries(minutes=-(-seconds // 60))
    answer = problems.as_document if problems.wants_document(request) else problems.as_page
    locked = answer(request, refusal)
    locked["Retry-After"] = str(seconds)
    return locked


def seconds_left(request: HttpRequest, credentials: dict[str, Any] | None) -> int:
    """Until a try counts again; at least one."""
    name = attempt_name(request, credentials)
    last = AccessAttempt.objects.filter(username=name).order_by("-attempt_time").first()
    cool_off = get_cool_off(request) or dt.timedelta()
    until = (last.attempt_time if last else timezone.now()) + cool_off
    return max(1, int((until - timezone.now()).total_seconds()))


def attempt_name(request: HttpRequest, credentials: dict[str, Any] | None) -> str:
    """Under which name tries are counted: the account's user name, however the person names it.

    What nobody is called is kept as a hash, since it may be a stranger's phone, or a password.
    """
    typed = str((credentials or {}).get("username") or request.POST.get("username", ""))
    kept = request.__dict__.setdefault("_attempt_names", {})
    if typed not in kept:
        account = account_signing_in(typed)
        kept[typed] = account.username if account else f"?{blind_index(typed, 'sign-in')[:32]}"
    return kept[typed]
