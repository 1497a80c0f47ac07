"""扫码记录: openings of public pages are noted in the cache's server and written in bulk by a job.

A public page must not wait for a write, and must answer while the broker is down: then the opening
is not counted, and nothing else is lost.
"""

import datetime as dt
import json
from collections import Counter

from django.db import transaction
from django.db.models import F
from django.db.models.functions import Coalesce, Least

from kit import queue
from kit.crypto import blind_index
from kit.models import PublicCode
from traceability.models import Scan

QUEUE = "scans"
BULK = 5000


def note_scan(*, token, kind, district_id, address, agent, at: dt.datetime) -> None:
    """Remember one opening. The address is kept only as a digest that changes every day."""
    visitor = blind_index(f"{at:%Y-%m-%d}:{address}", "scan")[:32]
    row = {
        "token": token, "kind": kind, "district_id": district_id, "visitor": visitor,
        "agent": _family(agent), "scanned_at": at.isoformat(),
    }  # fmt: skip
    queue.push(QUEUE, json.dumps(row))


@transaction.atomic
def write_scans() -> int:
    """Write what was noted, and count it on the codes; returns how many."""
    rows = [json.loads(row) for row in queue.pop(QUEUE, BULK)]
    scans = [Scan(**{**row, "scanned_at": dt.datetime.fromisoformat(row["scanned_at"])}) for row in rows]
    Scan.objects.bulk_create(scans)
    first = {}
    for scan in scans:
        first[scan.token] = min(first.get(scan.token, scan.scanned_at), scan.scanned_at)
    for token, count in sorted(Counter(scan.token for scan in scans).items()):
        PublicCode.objects.filter(pk=token).update(
            scan_count=F("scan_count") + count,
            first_scanned_at=Least(Coalesce("first_scanned_at", first[token]), first[token]),
        )
    return len(rows)


def _family(agent: str) -> str:
    for mark, family in (
        ("MicroMessenger", "wechat"),
        ("AlipayClient", "alipay"),
        ("bot", "robot"),
        ("iPhone", "iphone"),
        ("Android", "android"),
        ("Mozilla", "desktop"),
    ):
        if mark in agent:
            return family
    return "other"
