"""Is this process alive, and what may be sent to it? Each answer names what is wrong."""

import os
from collections.abc import Callable
from ipaddress import ip_address
from secrets import compare_digest

from django.conf import settings
from django.db import Error, connection
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from kombu import Connection
from prometheus_client import CONTENT_TYPE_LATEST, REGISTRY, CollectorRegistry, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector

from kit import outbox
from kit.metrics import OutboxCollector

LAG_LIMIT_S = 120

Probe = Callable[[], None]


class Unready(Exception):
    """Why this process cannot do what it was asked about."""


def alive(request: HttpRequest) -> JsonResponse:
    return JsonResponse({"alive": True})


def ready(request: HttpRequest) -> JsonResponse:
    """Can public pages be served?"""
    return report(can_read)


def ready_to_write(request: HttpRequest) -> JsonResponse:
    return report(can_read, can_write)


def ready_for_jobs(request: HttpRequest) -> JsonResponse:
    return report(can_read, can_write, can_reach_broker, jobs_move)


def report(*probes: Probe) -> JsonResponse:
    try:
        for probe in probes:
            probe()
    except Unready as error:
        return JsonResponse({"ready": False, "problem": str(error)}, status=503)
    except Error:
        return JsonResponse({"ready": False, "problem": "The database does not answer."}, status=503)
    return JsonResponse({"ready": True})


def can_read() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM django_migrations LIMIT 1")
        if cursor.fetchone() is None:
            raise Unready("The database has not been migrated.")


def can_write() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_is_in_recovery() OR current_setting('transaction_read_only')::boolean")
        if cursor.fetchone()[0]:
            raise Unready("The database takes no writes at present.")


def can_reach_broker() -> None:
    try:
        with Connection(settings.CELERY_BROKER_URL, connect_timeout=2) as broker:
            broker.ensure_connection(max_retries=1, timeout=2)
    except Exception as error:
        raise Unready("The broker does not answer.") from error


def jobs_move() -> None:
    lag = outbox.figures().lag_seconds
    if lag > LAG_LIMIT_S:
        raise Unready(f"Jobs are not done: the oldest has waited {lag:.0f} seconds.")


def metrics(request: HttpRequest) -> HttpResponse:
    """For the machine itself, or for who carries the token; for anybody else this address does not exist."""
    if not (is_local(request) or carries_token(request)):
        raise Http404
    registry = CollectorRegistry()
    if "PROMETHEUS_MULTIPROC_DIR" in os.environ:
        MultiProcessCollector(registry)
    else:
        registry.register(REGISTRY)
    registry.register(OutboxCollector())
    return HttpResponse(generate_latest(registry), content_type=CONTENT_TYPE_LATEST)


def is_local(request: HttpRequest) -> bool:
    forwarded = "X-Forwarded-For" in request.headers or "Forwarded" in request.headers
    return not forwarded and ip_address(request.META["REMOTE_ADDR"] or "0.0.0.0").is_loopback  # noqa: S104


def carries_token(request: HttpRequest) -> bool:
    wanted = settings.METRICS_TOKEN
    return bool(wanted) and compare_digest(
        request.headers.get("Authorization", "").encode(), f"Bearer {wanted}".encode()
    )
