"""Middleware: `request.actor` is whoever asks, with the roles in force now."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils.functional import SimpleLazyObject

from registry.actors import Actor
from registry.selectors.actors import actor_for

STRANGER = Actor(account_id=None, name="")


class ActorMiddleware:
    """Stands after the session's. Nothing is read until somebody looks, so public pages need no cookie."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.actor = SimpleLazyObject(lambda: actor_of(request))
        return self.get_response(request)


def actor_of(request: HttpRequest) -> Actor:
    return actor_for(request.user) if request.user.is_authenticated else STRANGER
