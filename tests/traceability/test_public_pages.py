"""What a stranger's phone is sent: small, quick, without cookie or script, and a friendly answer to every code."""

import gzip
import re
from decimal import Decimal

import pytest
from django.core.cache import cache

from kit import clock, codes, public_codes
from kit.ids import uuid7
from registry import reference
from registry.roles import Role
from tests.factories.registry import (
    CategoryFactory,
    CountyFactory,
    DeviceFactory,
    MarketFactory,
    ProductFactory,
    StallFactory,
    StoreFactory,
    actor_with,
)
from tests.factories.traceability import BatchFactory, HoldFactory, RapidTestFactory, WholesaleStallFactory, keeper
from traceability.models import Batch, RapidTest
from traceability.services import sell, take_in, void
from traceability.web.public import MISSES

pytestmark = pytest.mark.django_db
LINES = 30
LARGEST = 6 * 1024  # bytes, compressed
MOST_QUERIES = 4


@pytest.fixture(autouse=True)
def nothing_kept():
    cache.clear()


def catalogue(count: int):
    """The first vegetables and fruits as shipped, from counties as shipped."""
    names = {category.code: category for category in reference.categories()}
    for record in reference.products()[:count]:
        category = names[record.category]
        yield ProductFactory(
            code=record.code,
            name=record.name,
            name_en=record.name_en,
            category=CategoryFactory(code=category.code, name=category.name, name_en=category.name_en),
        )


def counties():
    found = [region for region in reference.regions() if region.level == "county"]
    return [
        CountyFactory(code=each.code, name=each.name, full_name=each.full_name) for each in found[:: len(found) // 12]
    ]


def deliver(place, *, batches, tested=True):
    """One voucher a wholesaler, all taken in."""
    vouchers = []
    for seller in {batch.place_id: batch.place for batch in batches}.values():
        own = [batch for batch in batches if batch.place_id == seller.pk]
        lines = [sell.SaleLine(weight_kg=Decimal("12.5"), batch=batch, unit_price_fen=350) for batch in own]
        voucher = sell.sell(
            keeper(seller), place=seller, buyer=sell.Buyer(place=place), lines=lines, client_key=uuid7()
        )  # fmt: skip
        answers = [take_in.Answer(line.pk, accept_kg=line.weight_kg) for line in voucher.lines.all()]
        take_in.take_in(keeper(place), place=place, voucher=voucher, answers=answers, client_key=uuid7())
        vouchers.append(voucher)
    return vouchers


def admitted(sellers):
    """Thirty products of several wholesalers, every other one tested."""
    origins = counties()
    made = []
    for number, product in enumerate(catalogue(LINES)):
        place = sellers[number % len(sellers)]
        batch = BatchFactory(
            place=place, product=product, origin_region=origins[number % len(origins)], origin_detail="红星村"
        )
        if number % 2:
            RapidTestFactory(batch=batch)
        made.append(batch)
    return made


def sellers_of(count):
    market = MarketFactory(wholesale=True)
    names = ("粤丰果菜行", "顺发蔬菜批发", "绿源农产品", "建国蔬菜", "三水鲜果", "南岸水产")
    return [WholesaleStallFactory(market=market, name=names[number]) for number in range(count)]


@pytest.fixture
def pages():
    """Addresses of the four kinds of page, each with thirty lines where it has lines."""
    stall, store = StallFactory(name="阿强蔬菜"), StoreFactory()
    batches = admitted(sellers_of(6))
    deliver(stall, batches=batches)
    deliver(store, batches=batches)
    long_slip = deliver(stall, batches=admitted(sellers_of(1)))[0]
    child = Batch.objects.filter(place=stall).order_by("-pk").first()
    return {"s": stall.token, "d": store.token, "v": long_slip.token, "b": child.token}


def test_every_page_is_small_and_asks_the_database_little(client, pages, django_assert_max_num_queries):
    for kind, token in pages.items():
        with django_assert_max_num_queries(MOST_QUERIES):
            answer = client.get(f"/{kind}/{token}")
        assert answer.status_code == 200
        assert len(gzip.compress(answer.content)) <= LARGEST, kind
        if kind != "b":
            assert answer.content.decode().count('href="/b/') >= LINES, kind
        with django_assert_max_num_queries(MOST_QUERIES):
            assert client.get(f"/{kind}/{token}.json").status_code == 200


def test_it_is_sent_compressed_to_whoever_can_read_that(client, pages):
    address = f"/s/{pages['s']}"
    answer = client.get(address, headers={"Accept-Encoding": "gzip, deflate, br"})
    assert answer["Content-Encoding"] == "gzip"
    assert len(answer.content) <= LARGEST
    assert gzip.decompress(answer.content) == client.get(address).content
    assert "Accept-Encoding" in answer["Vary"]


def test_opened_again_it_costs_one_query_and_no_drawing(client, pages, django_assert_num_queries):
    address = f"/s/{pages['s']}"
    compressed = {"Accept-Encoding": "gzip"}
    for headers in ({}, compressed):
        first = client.get(address, headers=headers)
        with django_assert_num_queries(1):
            again = client.get(address, headers=headers)
        assert again.headers["ETag"] == first.headers["ETag"]
        with django_assert_num_queries(1):
            same = client.get(address, headers=headers | {"If-None-Match": first["ETag"]})
        assert (same.status_code, same.content) == (304, b"")


def test_no_page_sets_a_cookie_runs_a_script_or_asks_another_server(client, pages):
    for kind, token in pages.items():
        answer = client.get(f"/{kind}/{token}")
        body = answer.content.decode()
        assert not answer.cookies
        assert "Cookie" not in answer.get("Vary", "")
        assert "<script" not in body
        assert re.findall(r'(?:src|href|action|url\()=?["\']?(?:https?:)?//', body) == []


# What is shown changes with the next request


def test_a_test_upstream_is_on_every_page_downstream_at_once(client):
    stall = StallFactory()
    batch = BatchFactory()
    (voucher,) = deliver(stall, batches=[batch])
    child = Batch.objects.get(place=stall)
    pages = [f"/b/{batch.token}", f"/b/{child.token}", f"/s/{stall.token}", f"/v/{voucher.token}"]
    assert not any("乙酰甲胺磷" in client.get(page).content.decode() for page in pages)
    RapidTestFactory(batch=batch, item__name="乙酰甲胺磷")
    for page in pages:
        assert "乙酰甲胺磷" in client.get(page).content.decode(), page


def test_sold_out_and_back_again_is_on_the_page_at_once(client):
    batch = BatchFactory(quantity=Decimal(10))
    seller = keeper(batch.place)

    def state():
        return client.get(f"/b/{batch.token}.json").json()["state"]

    def on_sale():
        return client.get(f"/s/{batch.place.token}.json").json()["on_sale"]

    assert (state(), len(on_sale())) == ("saleable", 1)
    line = sell.SaleLine(weight_kg=Decimal(10), batch=batch)
    voucher = sell.sell(
        seller, place=batch.place, buyer=sell.Buyer(place=StallFactory()), lines=[line], client_key=uuid7()
    )
    assert (state(), on_sale()) == ("gone", [])
    void.void(seller, voucher=voucher, reason="称错了")
    assert (state(), len(on_sale())) == ("saleable", 1)


# Codes that lead nowhere


def wrong_code():
    """A code with one wrong character."""
    token = codes.new_token()
    return token[:-1] + ("0" if token[-1] != "0" else "1")


@pytest.mark.parametrize("address", ["/b/{}", "/v/{}", "/s/{}", "/d/{}", "/b/{}.json", "/s/{}.svg", "/c/{}", "/c?q={}"])
def test_a_wrong_check_character_costs_no_query(client, address, django_assert_num_queries):
    with django_assert_num_queries(0):
        answer = client.get(address.format(wrong_code()))
    assert answer.status_code == 404


@pytest.mark.parametrize("kind", "bvsd")
@pytest.mark.parametrize("text", ["HELLO", "0", "x" * 300, "吃了吗", "%00", "'; drop table"])
def test_what_is_no_code_gets_a_friendly_page(client, kind, text):
    self_help(client.get(f"/{kind}/{text}"), 404)


@pytest.mark.parametrize("kind", "bvsd")
def test_a_code_that_nobody_issued_gets_a_friendly_page(client, kind):
    self_help(client.get(f"/{kind}/{codes.new_token()}"), 404)


def test_a_code_of_another_kind_leads_to_no_page(client):
    self_help(client.get(f"/b/{StallFactory().token}"), 404)


def test_a_retired_code_says_so(client):
    stall = StallFactory()
    public_codes.retire(stall.token, clock.now())
    self_help(client.get(f"/s/{stall.token}"), 200)
    assert client.get(f"/s/{stall.token}.json").json()["code"] == "code_retired"


def test_a_replaced_code_leads_to_the_present_page(client):
    stall = StallFactory()
    new = public_codes.replace(stall.token, clock.now())
    self_help(client.get(f"/s/{stall.token}"), 200)
    assert f"/s/{new.token}" in client.get(f"/s/{stall.token}").content.decode()


def test_a_slip_not_reported_yet_says_that_it_waits(client):
    device = DeviceFactory()
    (code,) = public_codes.reserve("v", device.district_id, device.id, 1, clock.now())
    self_help(client.get(f"/v/{code.token}"), 200)


def self_help(answer, status):
    """A page of ours with a field to try again: no error page, no cookie."""
    assert answer.status_code == status
    assert answer["Content-Type"].startswith("text/html")
    assert 'action="/c"' in answer.content.decode()
    assert not answer.cookies


def test_a_program_is_told_in_its_own_language(client):
    answer = client.get(f"/b/{codes.new_token()}", headers={"Accept": "application/json"})
    assert answer["Content-Type"] == "application/problem+json"
    assert answer.json() == {"type": "about:blank", "code": "code_unknown", "status": 404}


def test_whoever_guesses_is_slowed_down_and_whoever_scans_is_not(client, monkeypatch):
    stall = StallFactory()
    for _ in range(3 * MISSES.limit):
        assert client.get(f"/s/{stall.token}").status_code == 200
    statuses = [client.get(f"/s/{codes.new_token()}").status_code for _ in range(MISSES.limit + 1)]
    assert statuses == [404] * MISSES.limit + [429]
    elsewhere = client.get(f"/s/{stall.token}", REMOTE_ADDR="198.51.100.7")
    assert elsewhere.status_code == 200


def test_a_hold_is_on_the_page_though_the_page_was_kept(client):
    batch = BatchFactory()
    assert client.get(f"/b/{batch.token}.json").json()["state"] == "saleable"
    HoldFactory(batches=[batch])
    assert client.get(f"/b/{batch.token}.json").json()["state"] == "held"


def test_a_positive_that_is_not_confirmed_does_not_name_its_item(client):
    batch = BatchFactory()
    tester = actor_with(Role.TESTER, market=batch.place.market)
    RapidTestFactory(batch=batch, actor=tester, item__name="克百威", result=RapidTest.Result.POSITIVE)
    page = client.get(f"/b/{batch.token}").content.decode()
    assert "克百威" not in page
