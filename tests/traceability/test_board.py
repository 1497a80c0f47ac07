"""The public board of a market: what was tested today, what was found, what was done with it."""

from __future__ import annotations

import datetime as dt
import gzip

import pytest
from django.test import Client

from kit import clock
from registry.roles import Role
from tests.factories.registry import account_with
from tests.factories.testing import point_at
from tests.factories.traceability import DAWN, BatchFactory, HoldFactory, RapidTestFactory, officer
from tests.registry.people import signed_in
from tests.traceability.evaluated import carbofuran
from traceability.case_rules import Standing
from traceability.models import PositiveCase
from traceability.public_boards import BoardMonth, handling
from traceability.services.hold import release_hold
from traceability.states import CASE

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("dawn")]
LIMIT = 6 * 1024
SECOND = dt.timedelta(seconds=1)


@pytest.fixture
def batch():
    return BatchFactory()


def opened(market, more="", client=None):
    response = (client or Client()).get(f"/board/{market.pk}{more}")
    assert response.status_code == 200
    return response.content.decode()


def found(batch):
    test = RapidTestFactory(batch=batch, item=carbofuran(), result="positive")
    return test.cases.get()


class TestNaming:
    @pytest.mark.parametrize("state", list(CASE))
    def test_every_state_of_a_case_has_its_word(self, state):
        expected = {
            "detected": "paused", "notified": "paused", "objected": "paused", "sealed": "paused",
            "accepted": "confirmed", "lapsed": "confirmed", "lab_fail": "lab_fail", "lab_pass": "cleared",
        }.get(state, "disposed")  # fmt: skip
        assert handling(Standing(state, "market"), DAWN) == expected

    @pytest.mark.parametrize(
        ("case", "expected"),
        [
            (Standing("notified", "market", confirmed=True), "confirmed"),
            (Standing("notified", "market", objection_due_at=DAWN - SECOND), "confirmed"),
            (Standing("notified", "market", objection_due_at=DAWN + SECOND), "paused"),
            (Standing("closed", "market", confirmed=True, outcome="cleared_by_lab"), "cleared"),
            (Standing("closed", "canteen", outcome="cleared_by_repeat"), "cleared"),
            (Standing("closed", "market", outcome="disposed"), "disposed"),
        ],
    )
    def test_a_second_strip_silence_and_clearing(self, case, expected):
        assert handling(case, DAWN) == expected

    def test_a_month_without_tests_has_no_rate(self):
        assert BoardMonth("2026-11", 0, 0, 0, 0).percent is None


def test_an_empty_board_says_so(batch):
    assert "No sample is recorded yet today." in opened(batch.place.market, "?lang=en")


def test_what_was_tested_today_is_named_with_stall_item_and_time(batch):
    RapidTestFactory(batch=batch, item=carbofuran())
    page = opened(batch.place.market)
    assert "辣椒" in page
    assert batch.place.stall_no in page
    assert "克百威" in page


def test_an_unconfirmed_positive_is_a_pause_without_its_item(batch):
    found(batch)
    page = opened(batch.place.market, "?lang=en")
    assert "sale paused, to be confirmed" in page
    assert "克百威" not in page
    assert "克百威" not in opened(batch.place.market, ".json")


@pytest.mark.parametrize("state", ["accepted", "lapsed", "lab_fail", "disposed"])
def test_a_confirmed_positive_is_named(batch, state):
    PositiveCase.objects.filter(pk=found(batch).pk).update(state=state)
    assert "克百威" in opened(batch.place.market)


def test_a_cleared_positive_says_that_it_was_cleared_and_nothing_more(batch):
    PositiveCase.objects.filter(pk=found(batch).pk).update(state="closed", outcome="cleared_by_lab", closed_at=DAWN)
    page = opened(batch.place.market, "?lang=en")
    assert "cleared, may be sold again" in page
    assert "克百威" not in page


def test_a_pause_is_on_the_board_with_the_next_opening(batch):
    market = batch.place.market
    assert "1 batch is paused now" not in opened(market, "?lang=en")
    hold = HoldFactory(batches=[batch])
    assert "1 batch is paused now" in opened(market, "?lang=en")
    release_hold(officer(), hold=hold, note="查清")
    assert "1 batch is paused now" not in opened(market, "?lang=en")


def test_a_decision_of_the_case_is_on_the_board_with_the_next_opening(batch):
    case = found(batch)
    assert "克百威" not in opened(batch.place.market)
    PositiveCase.objects.filter(pk=case.pk).update(confirmed=True)
    assert "克百威" in opened(batch.place.market)


def test_yesterdays_tests_are_not_todays(batch):
    RapidTestFactory(batch=batch, item=carbofuran())
    with clock.freeze(DAWN + dt.timedelta(days=1)):
        page = opened(batch.place.market, "?lang=en")
    assert "No sample is recorded yet today." in page
    assert "1 samples, 1 results, 0 positive (0.00%)" in page


def test_the_screen_draws_itself_anew_and_is_large(batch):
    RapidTestFactory(batch=batch, item=carbofuran())
    page = opened(batch.place.market, "?screen=1")
    assert Client().get(f"/board/{batch.place.market_id}?screen=1")["Refresh"] == "60"
    assert "Refresh" not in Client().get(f"/board/{batch.place.market_id}").headers
    assert "<a " not in page
    assert "克百威" in page


def test_the_json_is_the_same_page(batch):
    RapidTestFactory(batch=batch, item=carbofuran())
    board = Client().get(f"/board/{batch.place.market_id}.json").json()
    assert board["samples"][0]["items"] == ["克百威"]
    assert set(board) == {
        "market_id", "market", "address", "phone", "safety_director", "safety_officer", "day", "samples_today",
        "tests_today", "not_detected_today", "held", "samples", "cases", "months", "drawn_at",
    }  # fmt: skip


def test_it_is_small_takes_few_queries_and_no_cookie_and_no_script(batch, django_assert_max_num_queries):
    for _ in range(45):
        RapidTestFactory(batch=batch, point=point_at(batch.place), item=carbofuran())
    client = Client()
    with django_assert_max_num_queries(5):
        response = client.get(f"/board/{batch.place.market_id}")
    assert len(gzip.compress(response.content, 6)) <= LIMIT
    assert not response.cookies
    assert b"<script" not in response.content
    with django_assert_max_num_queries(1):
        client.get(f"/board/{batch.place.market_id}")
    screen = client.get(f"/board/{batch.place.market_id}?screen=1")
    assert len(gzip.compress(screen.content, 6)) <= LIMIT


def test_an_unknown_or_closed_market_has_no_board(batch):
    market = batch.place.market
    assert Client().get("/board/0198c0de-0000-7000-8000-000000000000").status_code == 404
    market.active = False
    market.save()
    assert Client().get(f"/board/{market.pk}").status_code == 404
    assert Client().get(f"/board/{market.pk}.svg").status_code == 404


def test_the_district_has_its_months_and_the_way_to_each_board(batch):
    RapidTestFactory(batch=batch, item=carbofuran())
    page = Client().get("/board?lang=en").content.decode()
    assert f"/board/{batch.place.market_id}" in page
    assert "1 samples, 1 results, 0 positive (0.00%)" in page
    assert "no data" in page
    assert Client().get("/board.json").json()["months"][0]["tests"] == 1


def test_the_stall_leads_to_the_board(batch):
    assert f"/board/{batch.place.market_id}" in Client().get(f"/s/{batch.place.token}").content.decode()


def test_the_manager_prints_a_sign_whose_code_leads_to_the_board(batch, settings):
    manager = signed_in(account_with(Role.MARKET_MANAGER, market=batch.place.market))
    page = manager.get("/desk/market/board").content.decode()
    assert "<svg" in page
    assert f"/board/{batch.place.market_id}" in manager.get("/desk/market").content.decode()
    code = Client().get(f"/board/{batch.place.market_id}.svg")
    assert code["Content-Type"] == "image/svg+xml"
