"""Claims through the service, by their statements alone, and over HTTP: the parts of `bench.claim`."""

from __future__ import annotations

import http.client
import multiprocessing
import os
import statistics
import threading
import time
from collections import Counter
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

import psycopg
from django.conf import settings
from django.db import connection, connections

from bench import crowd, served
from bench.line import report
from inspections.models import Claim, GrabAttempt, Task
from inspections.services.claim import claim_task
from kit.ids import uuid7
from registry.models import Place

BENCH = "claim"
PROCESSES = max(2, os.cpu_count() or 2)
CLAIMS_EACH = 200
ROUNDS = 7
PLACES = 300
RAW_TO_SERVICE = 2.0
"""The service does at least half as many claims a second as its statements alone."""

STATEMENTS = 8
CLIENTS = 64
PRESSES_EACH = 12
PEOPLE_A_TASK = 4
P95_MS = 300.0
ADDRESS = ("host", "port", "user", "password", "dbname")

Statement = tuple[str, list[Any]]
Act = Callable[[crowd.Person, Task], object]


def through_the_service() -> None:
    sample, replaced = captured()
    report(BENCH, "statements of a claim", len(sample), "statements", n=1, limit=STATEMENTS)
    rounds = [(rate(by_psycopg, sample, replaced), rate(by_service)) for _ in range(ROUNDS)]
    raw, service = (statistics.median(rates) for rates in zip(*rounds, strict=True))
    n = ROUNDS * PROCESSES * CLAIMS_EACH
    report(BENCH, f"claims through the service, {PROCESSES} processes", service, "claims/s", n=n)
    report(BENCH, f"the same statements by psycopg, {PROCESSES} processes", raw, "claims/s", n=n)
    times = statistics.median(alone / whole for alone, whole in rounds)
    report(BENCH, "psycopg against the service", times, "times", n=n, limit=RAW_TO_SERVICE)


def some_work(count: int) -> list[tuple[crowd.Person, Task]]:
    """So many people, and for each of them a task at one of many places of the demo district."""
    places = list(Place.objects.filter(state="active").select_related("town").order_by("pk")[:PLACES])
    return list(zip(crowd.people(count, places[0].town), crowd.tasks(count, places), strict=True))


def captured() -> tuple[list[Statement], dict[Any, str]]:
    """One claim's statements, and which of their parameters stand for whom."""
    ((person, task),) = some_work(1)
    statements: list[Statement] = []

    def note(execute, sql, params, many, context):
        statements.append((sql, list(params or ())))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(note):
        claim = claimed(person, task)
    attempt = GrabAttempt.objects.get(task=task)
    return statements, {
        person.actor.account_id: "account", person.coordinator.pk: "coordinator", task.pk: "task", claim.pk: "claim",
        claim.client_key: "key", attempt.pk: "attempt",
    }  # fmt: skip


def claimed(person: crowd.Person, task: Task) -> Claim:
    return claim_task(person.actor, task_id=task.pk, district_id=task.district_id, client_key=uuid7())


def rate(work: Any, *more: Any) -> float:
    """Claims a second of all processes together, each with people and tasks of its own."""
    pairs = some_work(PROCESSES * CLAIMS_EACH)
    connections.close_all()
    connection.close_pool()  # a process that is forked makes its own
    fork = multiprocessing.get_context("fork")
    start, took = fork.Barrier(PROCESSES), fork.Queue()
    workers = [
        fork.Process(target=measured, args=(work, pairs[n::PROCESSES], start, took, *more)) for n in range(PROCESSES)
    ]
    for worker in workers:
        worker.start()
    spans = [took.get(timeout=120) for _ in workers]
    for worker in workers:
        worker.join()
    return len(pairs) / (max(end for _, end in spans) - min(begin for begin, _ in spans))


def measured(work: Any, pairs: Any, start: Any, took: Any, *more: Any) -> None:
    run = work(*more)
    start.wait()
    began = time.monotonic()
    for person, task in pairs:
        run(person, task)
    took.put((began, time.monotonic()))


def by_service() -> Act:
    connection.ensure_connection()
    return claimed


def by_psycopg(sample: list[Statement], replaced: dict[Any, str]) -> Act:
    """The statements of the sample with this person's and this task's ids, in one transaction, every answer fetched."""
    asked = connection.get_connection_params()
    address = {name: asked[name] for name in ADDRESS if name in asked}
    raw = psycopg.connect(**address, cursor_factory=psycopg.ClientCursor)

    def run(person: crowd.Person, task: Task) -> None:
        ids = {
            "account": person.actor.account_id, "coordinator": person.coordinator.pk, "task": task.pk,
            "claim": uuid7(), "key": uuid7(), "attempt": uuid7(),
        }  # fmt: skip
        with raw.transaction(), raw.cursor() as cursor:
            for sql, params in sample:
                cursor.execute(sql, [ids[replaced[each]] if known(each, replaced) else each for each in params])
                if cursor.description:
                    cursor.fetchall()

    return run


def known(value: Any, replaced: dict[Any, str]) -> bool:
    return value.__hash__ is not None and value in replaced


def over_http() -> None:
    """Every client presses for another person each time, so that nobody is too fast; four people want each task."""
    count = CLIENTS * PRESSES_EACH
    everybody, tasks = zip(*some_work(count), strict=True)
    wanted = tasks[: count // PEOPLE_A_TASK]
    presses = list(zip(everybody, wanted * PEOPLE_A_TASK, strict=True))
    seconds: list[float] = []
    answers: Counter[int] = Counter()
    with served.platform() as port:
        started = time.perf_counter()
        clients = [threading.Thread(target=client, args=(port, presses, seconds, answers)) for _ in range(CLIENTS)]
        for each in clients:
            each.start()
        for each in clients:
            each.join()
        spent = time.perf_counter() - started
    ordered = sorted(seconds)
    for name, share, limit in (("p50", 0.5, None), ("p95", 0.95, P95_MS), ("p99", 0.99, None)):
        value = ordered[min(len(ordered) - 1, int(len(ordered) * share))] * 1000
        report(BENCH, f"grab over HTTP, {CLIENTS} clients at once, {name}", value, "ms", n=count, limit=limit)
    report(BENCH, f"grabs over HTTP, {CLIENTS} clients at once", count / spent, "grabs/s", n=count)
    if answers != {200: len(wanted), 409: count - len(wanted)}:
        raise SystemExit(f"{len(wanted)} should have won and {count - len(wanted)} lost: {dict(answers)}")


def client(port: int, presses: list[Any], seconds: list[float], answers: Counter[int]) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    while presses:
        try:
            person, task = presses.pop()
        except IndexError:
            break
        began = time.perf_counter()
        connection.request("POST", "/desk/coordinator/grab", *pressed(person, task))
        response = connection.getresponse()
        response.read()
        seconds.append(time.perf_counter() - began)
        answers[response.status] += 1
    connection.close()


def pressed(person: crowd.Person, task: Task) -> tuple[str, dict[str, str]]:
    token = "b" * 32
    body = {
        "district": task.district_id, "task": str(task.pk), "client_key": str(uuid7()), "csrfmiddlewaretoken": token,
    }  # fmt: skip
    cookies = f"{settings.SESSION_COOKIE_NAME}={person.session}; {settings.CSRF_COOKIE_NAME}={token}"
    headers = {"Content-Type": "application/x-www-form-urlencoded", "Cookie": cookies, "HX-Request": "true"}
    return urlencode(body), headers
