"""What opening a stall's code costs, under load: `make bench BENCH=scan`.

Stalls of the demo district are opened as often as people open them: a few very often, most seldom (Zipf's law). The
limit is a view that returns a constant, behind the same middleware of the same server, measured in turns with the
pages. Every opening has to be counted: the scans are written and compared with the answers.
"""

import itertools
import os
import random
from collections.abc import Iterator

import django

from bench import load, served
from bench.line import report
from bench.load import Answers

BENCH = "scan"
SEED = 7
ROUNDS = 5
SECONDS = 4.0
CONNECTIONS = 16


def main() -> None:
    served.fill()
    os.environ |= {"DJANGO_SETTINGS_MODULE": "bench.settings", "LOG_LEVEL": "WARNING"}
    django.setup()
    paths = stall_paths()
    report_queries(paths)
    write_scans()
    with served.platform() as port:
        anew = drawn_anew(port, paths)
        pages, constant = in_turns(port, zipf(paths))
    report(BENCH, "stall pages", pages.rate, "requests/s", n=len(pages.seconds), limit=constant.rate)
    for figure, answers in (("stall page", pages), ("stall page drawn anew", anew), ("constant", constant)):
        for name, share in (("p50", 0.5), ("p99", 0.99)):
            report(BENCH, f"{figure}, {name}", answers.percentile_ms(share), "ms", n=len(answers.seconds))
    opened = len(pages.seconds) + len(anew.seconds)
    report(BENCH, "openings counted", write_scans(), "scans", n=opened, limit=opened)
    if failed := pages.failed + anew.failed + constant.failed:
        raise SystemExit(f"Some answers were not 200: {dict(failed)}")


def stall_paths() -> list[str]:
    """The addresses of all stalls in use, in an order that the seed decides."""
    from registry.models import Place

    stalls = Place.objects.filter(kind="stall", state="active").order_by("market_id", "stall_no")
    paths = [f"/s/{token}" for token in stalls.values_list("token", flat=True)]
    random.Random(SEED).shuffle(paths)
    return paths


def zipf(paths: list[str]) -> Iterator[str]:
    """Draws without end, in which the n-th stall comes up 1/n as often as the first."""
    weights = list(itertools.accumulate(1 / rank for rank in range(1, len(paths) + 1)))
    return itertools.cycle(random.Random(SEED).choices(paths, cum_weights=weights, k=100_000))


def drawn_anew(port: int, paths: list[str]) -> Answers:
    """Each page once, after what it shows has changed, one after another."""
    changed(paths)
    answers = Answers()
    load.drive(port, iter(paths), answers, connections=1)
    return answers


def in_turns(port: int, paths: Iterator[str]) -> tuple[Answers, Answers]:
    """Pages and constant, round after round, so that whatever else the machine does meets both."""
    pages, constant = Answers(), Answers()
    for _ in range(ROUNDS):
        load.drive(port, paths, pages, connections=CONNECTIONS, seconds=SECONDS)
        load.drive(port, itertools.repeat("/constant"), constant, connections=CONNECTIONS, seconds=SECONDS)
    return pages, constant


def report_queries(paths: list[str]) -> None:
    """Queries of the first and of a second opening, the whole way through the middleware."""
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    client = Client(SERVER_NAME="127.0.0.1")
    changed(paths[:1])
    for figure in ("queries of a page drawn anew", "queries of a page kept"):
        with CaptureQueriesContext(connection) as asked:
            client.get(paths[0])
        report(BENCH, figure, len(asked), "queries", n=1)


def changed(paths: list[str]) -> None:
    from kit import public_codes

    public_codes.touch(*(path.rpartition("/")[2] for path in paths))


def write_scans() -> int:
    """Write what was noted, as the job does; returns how many."""
    from traceability.services import scans

    return sum(itertools.takewhile(bool, iter(scans.write_scans, None)))


if __name__ == "__main__":
    main()
