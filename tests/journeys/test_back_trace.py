"""A canteen's positive at seven, through the pages: traced back to the market that found nothing, and counted."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from django.test import Client

from kit import clock, worker
from kit.ids import uuid7
from kit.models import OutboxJob
from registry.roles import Role
from tests.factories.registry import account_with
from tests.factories.traceability import DAWN
from tests.registry.people import signed_in
from tests.traceability.evaluated import Way, carbofuran, way
from traceability.models import BackTrace, PositiveCase

pytestmark = pytest.mark.django_db
AT_SEVEN = DAWN.replace(hour=7, minute=10)


def record(client: Client, goods_token: str, result: str) -> None:
    """As a tester does it: the batch, the item, the result; a positive is confirmed with its numbers before it."""
    url = f"/desk/tests/new?batch={goods_token}"
    asked = {"item": carbofuran().pk, "result": result, "client_key": str(uuid7())}
    answer = client.post(url, asked)
    if answer.status_code == 200:
        answer = client.post(url, asked | {"confirmed": "1"})
    assert answer.status_code == 303


def words(client: Client, url: str) -> str:
    response = client.get(url)
    assert response.status_code == 200
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def run_jobs() -> None:
    for job in OutboxJob.objects.filter(state="waiting"):
        worker.run(job.id)


@pytest.fixture
def goods() -> Iterator[Way]:
    with clock.freeze(DAWN):
        goods = way()
    with clock.freeze(AT_SEVEN):
        yield goods


def test_the_miss_of_the_markets_point_is_on_the_evaluation_page(goods):
    market = goods.batch.place.market
    tester = signed_in(account_with(Role.TESTER, market=market))
    canteen = signed_in(account_with(Role.STORE_MANAGER, place=goods.canteen))
    officer = signed_in(account_with(Role.DISTRICT_OFFICER, district_id="440607"))

    record(tester, goods.batch.token, "negative")
    record(canteen, goods.child.token, "positive")
    run_jobs()

    trace = BackTrace.objects.get()
    assert trace.case == PositiveCase.objects.get()
    assert "100% (1/1)" in words(officer, "/desk/evaluation/by/points?lang=en")
    listed = words(officer, "/desk/evaluation/traces?show=missed&lang=en")
    assert goods.canteen.name in listed
    way_back = words(officer, f"/desk/evaluation/traces/{trace.pk}?lang=en")
    assert goods.market_point.name in way_back
    assert "missed" in way_back
    score = words(officer, f"/desk/evaluation/points/{goods.market_point.pk}?lang=en")
    assert "100% (1/1) of results at canteens" in score
    assert goods.market_point.name in words(officer, "/desk/evaluation?lang=en")
