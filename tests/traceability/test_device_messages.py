"""The envelope of a scale's messages: signature, clock, numbers, codes, and what is refused as a whole."""

import datetime as dt
import json

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from kit import clock
from kit.device_signing import key_bytes, new_key, signed_headers
from kit.ids import uuid7
from kit.models import PublicCode
from registry.models import Device, Notice
from registry.roles import Role
from tests.factories.registry import DeviceFactory, StallFactory, account_with
from tests.traceability import device_vectors as vectors
from tests.traceability.goods import batch_at, scale_at, wholesale_stall
from tests.traceability.signing import CODES, DELTA, SALES, Hand, line
from traceability.api import device_auth
from traceability.models import DeviceGap, Voucher
from traceability.services.device_codes import MOST_UNUSED
from traceability.services.device_sequences import tell_gaps

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("each_sale_asks_for_itself")]


@pytest.fixture(autouse=True)
def _no_misses_yet():
    cache.clear()


@pytest.fixture
def stall():
    return wholesale_stall()


@pytest.fixture
def hand(stall):
    return Hand(scale_at(stall))


def code_of(response):
    assert response["Content-Type"] == "application/problem+json"
    return response.status_code, response.json()["code"]


class TestPublishedVectors:
    """Every message of docs/device-api-vectors.json, sent to the server as it stands."""

    @pytest.mark.parametrize("case", vectors.build()["cases"], ids=lambda case: case["name"])
    def test_the_server_agrees(self, client, case):
        now = dt.datetime.fromtimestamp(case["now"], dt.UTC)
        DeviceFactory(
            id=vectors.DEVICE, key=vectors.KEY, previous_key=vectors.PREVIOUS_KEY,
            previous_key_until=now + dt.timedelta(hours=1),
            kind="instrument" if case["target"].endswith("/readings") else "scale",
        )  # fmt: skip
        target, _mark, query = case["target"].partition("?")
        with clock.freeze(now):
            response = client.generic(
                case["method"], target, case["body"], "application/json", QUERY_STRING=query, headers=case["headers"]
            )
        if target.endswith("/"):
            assert response.status_code == 404
        elif case["verdict"] in ("good", "late"):
            assert response.status_code == 200
        else:
            assert code_of(response) == (401, case["verdict"])


class TestWhoMaySpeak:
    def test_a_message_without_signature(self, client):
        response = client.get(DELTA)
        assert code_of(response) == (401, "missing_signature")
        assert response["WWW-Authenticate"] == "SUN-DEVICE-1"

    def test_nobodys_device_answers_like_a_wrong_signature(self, client, hand):
        stranger = Hand(Device(id=uuid7(), key=new_key()))
        wrong = hand.post(CODES, {"sequence": 1, "count": 1}, key=new_key())
        unknown = stranger.post(CODES, {"sequence": 1, "count": 1})
        assert code_of(wrong) == code_of(unknown) == (401, "bad_signature")
        assert wrong.json()["detail"] == unknown.json()["detail"]

    def test_a_clock_that_is_ahead_is_told_the_time(self, hand):
        response = hand.get(f"{DELTA}", age_s=-3600)
        assert code_of(response) == (401, "clock_ahead")
        assert dt.datetime.fromisoformat(response.json()["server_time"])

    def test_a_device_that_was_switched_off(self, hand):
        Device.objects.update(state=Device.State.DISABLED)
        assert code_of(hand.get(DELTA)) == (403, "device_disabled")

    def test_the_previous_key_is_good_until_its_end(self, hand):
        old, end = hand.device.key, clock.now() + dt.timedelta(hours=24)
        Device.objects.update(key=new_key(), previous_key=old, previous_key_until=end)
        assert hand.get(DELTA).status_code == 200
        Device.objects.update(previous_key_until=clock.now() - dt.timedelta(seconds=1))
        assert code_of(hand.get(DELTA)) == (401, "bad_signature")

    def test_too_many_wrong_signatures_are_told_to_wait_and_right_ones_are_let_in(self, hand, monkeypatch):
        monkeypatch.setattr(device_auth, "WRONG", device_auth.ratelimit.Misses("few", limit=3, window=3600))
        body = {"sequence": 1, "count": 1}
        answers = [hand.post(CODES, body, key=new_key()) for _ in range(4)]
        assert [answer.status_code for answer in answers] == [401, 401, 401, 429]
        assert answers[3].json()["code"] == "too_many_requests"
        assert int(answers[3]["Retry-After"]) > 0
        hand.sequence = 1
        assert hand.post(CODES, body).status_code == 200

    def test_the_time_is_for_everybody(self, client):
        answer = client.get("/api/v1/device/time").json()
        moment = dt.datetime.fromisoformat(answer["server_time"])
        assert int(moment.timestamp()) == answer["unix"]

    def test_a_person_is_not_a_device(self, client, stall):
        client.force_login(account_with(Role.WHOLESALER, place=stall), backend="registry.backends.NameOrPhone")
        assert code_of(client.get(DELTA)) == (401, "missing_signature")


class TestBadBodies:
    @pytest.mark.parametrize(
        ("body", "status", "code"),
        [
            (b'{"sales": [', 400, "bad_json"),
            (b'{"sales": NaN}', 400, "bad_json"),
            (b'{"sales": [], "sales": []}', 400, "bad_json"),
            (b"[" * 20_000, 400, "bad_json"),
            (b'{"sales": "\xff"}', 400, "bad_json"),
            (b'{"sales": "\\u0000"}', 400, "bad_json"),
            (b"[]", 400, "bad_json"),
            (b"{}", 422, "invalid"),
            (b'{"sales": []}', 422, "invalid"),
            (b'{"sales": [{}]}', 422, "invalid"),
            (b'{"sales": [{"sequence": true}]}', 422, "invalid"),
            (b'{"sales": [{"sequence": 2}]}', 422, "invalid"),
            (json.dumps({"sales": [{"sequence": 1}] * 101}).encode(), 422, "invalid"),
            (b" " * (256 * 1024 + 1), 413, "too_large"),
            (b" " * (10 * 1024 * 1024), 413, "too_large"),
        ],
        ids=lambda value: str(value)[:24],
    )
    def test_nothing_of_a_bad_message_is_stored(self, hand, body, status, code):
        assert code_of(hand.post(SALES, body, sequence=1)) == (status, code)
        assert Device.objects.get().last_sequence == 0

    @pytest.mark.parametrize(
        ("content_type", "status", "code"),
        [
            ("text/plain", 415, "unsupported_media_type"),
            ("application/x-www-form-urlencoded", 415, "unsupported_media_type"),
            ("application/json; charset=gbk", 400, "bad_json"),
        ],
    )
    def test_only_utf8_json_is_read(self, hand, content_type, status, code):
        response = hand.post(SALES, {"sales": [{"sequence": 1}]}, sequence=1, content_type=content_type)
        assert code_of(response) == (status, code)

    def test_the_header_names_the_highest_number_of_the_body(self, hand):
        assert code_of(hand.post(CODES, {"sequence": 1, "count": 1}, sequence=2)) == (422, "invalid")


class TestCodes:
    def test_codes_are_reserved_for_this_device_and_open_a_waiting_page(self, client, hand):
        answer = hand.reserve(3)
        assert answer["voucher_url"].endswith("/v/")
        kept = PublicCode.objects.filter(device_id=hand.device.id, state="reserved")
        assert {code.token for code in kept} == {code["token"] for code in answer["codes"]}
        assert client.get(f"/v/{answer['codes'][0]['token']}").status_code == 200

    def test_the_same_number_gets_the_same_codes(self, hand):
        first = hand.reserve(5)
        again = hand.post(CODES, {"sequence": 1, "count": 5})
        assert again.json() == first
        assert code_of(hand.post(CODES, {"sequence": 1, "count": 6})) == (409, "different_content")

    def test_a_device_never_holds_more_than_2000_unused(self, hand):
        given = [len(hand.reserve(500)["codes"]) for _ in range(5)]
        assert given == [500, 500, 500, 500, 0]
        assert PublicCode.objects.filter(device_id=hand.device.id).count() == MOST_UNUSED

    @pytest.mark.parametrize("count", [0, 501, "5", None, 2.0, True])
    def test_a_wrong_count(self, hand, count):
        assert code_of(hand.post(CODES, {"sequence": 1, "count": count}, sequence=1)) == (422, "invalid")


class TestNumbers:
    def test_missing_numbers_are_reported_until_they_come_in_any_order(self, hand, stall):
        batch, buyer = batch_at(stall), StallFactory()
        hand.reserve()
        sales = [hand.sale(stall, buyer, line(batch, "1")) for _ in range(6)]
        seen = [hand.send(sales[place])["gaps"] for place in (5, 2, 4, 0, 1, 3)]
        assert seen == [[[2, 6]], [[2, 3], [5, 6]], [[2, 3], [5, 5]], [[3, 3], [5, 5]], [[5, 5]], []]
        assert Voucher.objects.count() == 6
        assert not DeviceGap.objects.exists()

    def test_a_scale_that_forgot_its_counter_goes_on_above(self, hand, stall):
        hand.reserve()
        hand.sequence = 1000
        answer = hand.send(hand.sale(stall, StallFactory(), line(batch_at(stall))))
        assert (answer["received_to"], answer["gaps"]) == (1001, [[2, 1000]])

    def test_the_manager_is_told_once_of_a_gap_that_stays_open(self, hand, stall):
        manager = account_with(Role.MARKET_MANAGER, market=stall.market)
        hand.reserve()
        hand.sequence = 5
        hand.send(hand.sale(stall, StallFactory(), line(batch_at(stall))))
        notices = Notice.objects.filter(account=manager, kind="scale_gap")
        assert tell_gaps() == 0
        with clock.freeze(clock.now() + dt.timedelta(minutes=11)):
            assert (tell_gaps(), tell_gaps()) == (1, 0)
        assert notices.get().data == {"device": hand.device.name, "first": 2, "last": 5, "count": 4}
        assert notices.get().url == reverse("device_messages", args=[hand.device.id])


class TestPageOfWhatItSent:
    def test_gaps_set_aside_sales_and_flags_are_shown_to_the_manager(self, client, hand, stall):
        client.force_login(
            account_with(Role.MARKET_MANAGER, market=stall.market), backend="registry.backends.NameOrPhone"
        )
        hand.reserve()
        hand.sequence = 5
        batch = batch_at(stall, "5")
        walk_in = {"walk_in": {"name": "王小明", "phone": "13800138000"}}
        hand.send(hand.sale(stall, walk_in, line(batch)), hand.sale(stall, walk_in, line(button=9)))
        page = client.get(reverse("device_messages", args=[hand.device.id])).content.decode()
        assert "2–5" in page
        assert "#7" in page
        assert "138****8000" in page
        assert "13800138000" not in page

    def test_another_markets_manager_finds_nothing(self, client, hand):
        client.force_login(
            account_with(Role.MARKET_MANAGER, market=StallFactory().market), backend="registry.backends.NameOrPhone"
        )
        assert client.get(reverse("device_messages", args=[hand.device.id])).status_code == 404


def test_a_message_signed_over_a_query_is_checked_with_it(hand):
    headers = hand.headers("GET", f"{DELTA}?since=abc", b"", 0)
    assert Client().get(DELTA, headers=headers).status_code == 401
    raw = signed_headers(
        key_bytes(hand.device.key), "GET", f"{DELTA}?since=abc", b"", device=str(hand.device.id), sequence=0,
        timestamp=int(clock.now().timestamp()),
    )  # fmt: skip
    assert Client().get(f"{DELTA}?since=abc", headers=raw).status_code == 200
