"""Which language a page speaks."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.utils.cache import patch_vary_headers

SIGNED_IN = ("/desk", "/admin", "/api")


class Language:
    """`?lang=`, then a signed-in person's own choice, then the browser's.

    Public addresses never look at the session, so their answers carry and depend on no cookie.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        chosen = supported(request.GET.get("lang")) or chosen_by_account(request)
        language = chosen or translation.get_language_from_request(request)
        with translation.override(language):
            request.LANGUAGE_CODE = language
            response = self.get_response(request)
        if not chosen:
            patch_vary_headers(response, ["Accept-Language"])
        response.headers.setdefault("Content-Language", language)
        return response


def supported(code: str | None) -> str | None:
    """A code we have words for: `zh`, `zh-CN` and `zh-Hans` are one, `en-GB` is `en`."""
    if not code:
        return None
    try:
        return translation.get_supported_language_variant(code)
    except LookupError:
        return None


def chosen_by_account(request: HttpRequest) -> str | None:
    if not request.path.startswith(SIGNED_IN):
        return None
    return supported(getattr(request.user, "language", None))
