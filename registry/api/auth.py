"""Signing in to the API with a token, for people."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import F
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.permissions import SAFE_METHODS, BasePermission, IsAuthenticated
from rest_framework.request import Request

from kit import clock
from registry.models import Account, ApiSession
from registry.permissions import require_one_of
from registry.selectors.actors import actor_for
from registry.services.sign_in import hash_secret

if TYPE_CHECKING:
    from rest_framework.views import APIView

KEYWORD = "Bearer"


class BearerAuthentication(BaseAuthentication):
    """`Authorization: Bearer <token>`, as `POST /api/v1/session` gave it. Gives `request.user` and `request.actor`."""

    def authenticate(self, request: Request) -> tuple[Account, ApiSession] | None:
        words = get_authorization_header(request).decode("latin-1").split()
        if not words or words[0].lower() != KEYWORD.lower():
            return None
        session = session_of(words[1]) if len(words) == 2 else None
        if session is None:
            raise AuthenticationFailed(_("This token is unknown or has ended. Sign in again."), code="token_ended")
        plain: HttpRequest = request._request
        plain.actor = actor_for(session.account)
        return session.account, session

    def authenticate_header(self, request: Request) -> str:
        return KEYWORD


def session_of(token: str) -> ApiSession | None:
    found = ApiSession.objects.filter(
        token_hash=hash_secret(token),
        ended_at__isnull=True,
        expires_at__gt=clock.now(),
        session_epoch=F("account__session_epoch"),
        account__is_active=True,
    )
    return found.select_related("account").first()


class SignedIn(IsAuthenticated):
    """Signed in, and not with a one-time sign-in whose password has yet to be chosen."""

    def has_permission(self, request: Request, view: APIView) -> bool:
        return super().has_permission(request, view) and not request.user.must_change_password


class HasRole(BasePermission):
    """A role with one of the verbs that the view names: `may_read` to look, `may_write` to change something.

    None named: everybody who is signed in. How far a role reaches is for the service or the selector to say.
    """

    def has_permission(self, request: Request, view: APIView) -> bool:
        require_one_of(request.actor, verbs_of(view, request.method))
        return True


def verbs_of(view: Any, method: str) -> tuple[str, ...]:
    return getattr(view, "may_read" if method in SAFE_METHODS else "may_write", ())
