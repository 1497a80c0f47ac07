"""Refusals at the door: a page for people, an RFC 9457 problem document for programs."""

from collections.abc import Callable
from http import HTTPStatus
from typing import Any

import structlog
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from kit.refusals import Refusal

MEDIA_TYPE = "application/problem+json"
PAGE = "errors/refusal.html"
PIECE = "errors/_refusal.html"


class RefusalMiddleware:
    """Answers a refusal that a view let through. Stands last, so that language and htmx are known."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if not isinstance(exception, Refusal):
            return None
        return as_document(request, exception) if wants_document(request) else as_page(request, exception)


def words(refusal: Refusal) -> str:
    """What the refusal says to a person, in the language of the moment."""
    return refusal.words() or _general(refusal.status)


def document(refusal: Refusal) -> dict[str, Any]:
    """The members of an RFC 9457 problem; `code` is what programs should look at."""
    return {
        "type": "about:blank",
        "title": HTTPStatus(refusal.status).phrase,
        "status": refusal.status,
        "code": refusal.code,
        "detail": words(refusal),
        **({"data": refusal.data} if refusal.data else {}),
        **({"fields": fields} if (fields := fields_of(refusal)) else {}),
        **request_id(),
    }


def as_document(request: HttpRequest, refusal: Refusal) -> HttpResponse:
    return JsonResponse(document(refusal), status=refusal.status, content_type=MEDIA_TYPE)


def as_page(request: HttpRequest, refusal: Refusal) -> HttpResponse:
    context = {
        "refusal": refusal,
        "status": refusal.status,
        "code": refusal.code,
        "words": words(refusal),
        "fields": fields_of(refusal),
        **request_id(),
    }
    template = PIECE if getattr(request, "htmx", False) else PAGE
    return render(request, template, context, status=refusal.status)


def wants_document(request: HttpRequest) -> bool:
    if request.path.startswith("/api/"):
        return True
    return request.get_preferred_type(["text/html", "application/json", MEDIA_TYPE]) not in (None, "text/html")


def fields_of(refusal: Refusal) -> dict[str, list[str]]:
    return {name: [str(each) for each in messages] for name, messages in getattr(refusal, "fields", {}).items()}


def request_id() -> dict[str, str]:
    found = structlog.contextvars.get_contextvars().get("request_id")
    return {"request_id": found} if found else {}


def _general(status: int) -> str:
    match status:
        case 403:
            return _("You may not do this.")
        case 404:
            return _("There is nothing here, or it is not for you.")
        case 409:
            return _("This is no longer possible. Look again and decide anew.")
        case 422:
            return _("What was sent cannot be accepted.")
    return _("This is not possible.")
