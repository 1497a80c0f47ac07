"""Where a request comes from."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest


def client_address(request: HttpRequest) -> str:
    """The address the outermost of `TRUSTED_PROXIES` saw; what a client claims before that counts for nothing."""
    told = [part.strip() for part in request.headers.get("X-Forwarded-For", "").split(",") if part.strip()]
    trusted = settings.TRUSTED_PROXIES
    if not trusted or not told:
        return request.META.get("REMOTE_ADDR", "")
    return told[-trusted] if len(told) >= trusted else told[0]
