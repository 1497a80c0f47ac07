"""Is this process alive, and what may be sent to it? Each answer names what is wrong."""

from __future__ import annotations

from collections.abc import Callable
from ipaddress import ip_address
from secrets import compare_digest

from django.conf import settings
from django.db import Error, connection
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django_prometheus.exports import ExportToDjangoView
from kombu import Connection

Probe = Callable[[], None]


class Unready(Exception):
    """Why this process cannot do what it was asked about."""


def alive(request: HttpRequest) -> JsonResponse:
    return JsonResponse({"alive": True})


def ready(request: HttpRequest) -> JsonResponse:
    return report(can_read)


def ready_to_write(request: HttpRequest) -> JsonResponse:
    return report(can_read, can_write)


def ready_for_jobs(request: HttpRequest) -> JsonResponse:
    return report(can_read, can_write, can_reach_broker)


def report(*probes: Probe) -> JsonResponse:
    for probe in probes:
        try:
            probe()
        except Unready as error:
            return JsonResponse({"ready": False, "problem": str(error)}, status=503)
    return JsonResponse({"ready": True})


def can_read() -> None:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1 FROM django_migrations LIMIT 1")
            if cursor.fetchone() is None:
                raise Unready("The database has not been migrated.")
    except Error as error:
        raise Unready("The database does not answer.") from error


def can_write() -> None:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_is_in_recovery() OR current_setting('transaction_read_only')::boolean")
            if cursor.fetchone()[0]:
                raise Unready("The database takes no writes at present.")
    except Error as error:
        raise Unready("The database does not answer.") from error


def can_reach_broker() -> None:
    try:
        with Connection(settings.CELERY_BROKER_URL, connect_timeout=2) as broker:
            broker.ensure_connection(max_retries=1, timeout=2)
    except Exception as error:
        raise Unready("The broker does not answer.") from error


def metrics(request: HttpRequest) -> HttpResponse:
    """For the machine itself, or for who carries the token; to anybody else this address does not exist."""
    if not (is_local(request) or carries_token(request)):
        raise Http404
    return ExportToDjangoView(request)


def is_local(request: HttpRequest) -> bool:
    forwarded = "X-Forwarded-For" in request.headers or "Forwarded" in request.headers
    return not forwarded and ip_address(request.META["REMOTE_ADDR"]).is_loopback


def carries_token(request: HttpRequest) -> bool:
    wanted = settings.METRICS_TOKEN
    return bool(wanted) and compare_digest(request.headers.get("Authorization", ""), f"Bearer {wanted}")
