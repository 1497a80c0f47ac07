"""One log line a request, and an id that ties together everything logged while it ran."""

from __future__ import annotations

import re
import time
from collections.abc import Callable

import structlog
from django.http import HttpRequest, HttpResponse

from kit.ids import uuid7

HEADER = "X-Request-ID"
ACCEPTABLE = re.compile(r"[A-Za-z0-9._-]{8,64}")
QUIET = ("/healthz", "/readyz", "/metrics", "/static/")

log = structlog.get_logger("request")


class RequestLog:
    """Logs route, status and duration; never query, body or full address, which may name a person."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request_id = self.id_of(request)
        started = time.perf_counter()
        with structlog.contextvars.bound_contextvars(request_id=request_id):
            response = self.get_response(request)
            response[HEADER] = request_id
            if not request.path.startswith(QUIET):
                log.info(
                    "request",
                    method=request.method,
                    route=route_of(request),
                    status=response.status_code,
                    ms=round((time.perf_counter() - started) * 1000, 1),
                )
        return response

    @staticmethod
    def id_of(request: HttpRequest) -> str:
        offered = request.headers.get(HEADER, "")
        return offered if ACCEPTABLE.fullmatch(offered) else uuid7().hex


def route_of(request: HttpRequest) -> str:
    return "/" + request.resolver_match.route if request.resolver_match else "(no route)"
