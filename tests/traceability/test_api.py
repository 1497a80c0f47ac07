"""The chain through the API: declare, admit, sell, take in, test, hold, and who sees what."""

from decimal import Decimal

import pytest
from rest_framework.test import APIClient

from kit.ids import uuid7
from registry.models import Occupancy
from registry.papers import PaperKind
from registry.roles import Role
from tests.factories.registry import (
    CountyFactory,
    ProductFactory,
    StallFactory,
    SupplierFactory,
    account_with,
    credit_code,
)  # fmt: skip
from tests.factories.testing import TestItemFactory, point_at
from tests.traceability.goods import batch_at, wholesale_stall
from traceability.models import Batch, Declaration, Voucher

pytestmark = pytest.mark.django_db
API = "/api/v1"


class Person:
    """Somebody with a role, signed in."""

    def __init__(self, role, **scope):
        self.client = APIClient()
        self.account = account_with(role, **scope)
        self.client.force_login(self.account, backend="registry.backends.NameOrPhone")

    def post(self, path, body=None, key=None):
        return self.client.post(
            f"{API}/{path}", body or {}, format="json", headers={"Idempotency-Key": key or str(uuid7())}
        )

    def made(self, path, body=None, key=None):
        answer = self.post(path, body, key)
        assert answer.status_code == 201, answer.content
        return answer.json()

    def get(self, path, **query):
        answer = self.client.get(f"{API}/{path}", query)
        assert answer.status_code == 200, answer.content
        return answer.json()

    def code(self, path, body=None):
        answer = self.post(path, body)
        assert answer["Content-Type"] == "application/problem+json"
        return answer.status_code, answer.json()["code"]


@pytest.fixture
def stall():
    made = wholesale_stall()
    Occupancy.objects.update(agreement_signed_on="2026-01-01")
    return made


@pytest.fixture
def trader(stall):
    return Person(Role.WHOLESALER, place=stall)


@pytest.fixture
def clerk(stall):
    return Person(Role.MARKET_MANAGER, market=stall.market)


@pytest.fixture
def retail():
    return StallFactory(name="张记蔬菜")


@pytest.fixture
def vendor(retail):
    return Person(Role.VENDOR, place=retail)


def goods(stall, **more):
    papers = [
        {"kind": PaperKind.PURCHASE_SLIP.value, "number": "1"},
        {"kind": PaperKind.COMMITMENT_CERTIFICATE.value, "number": "2", "issued_on": "2026-11-20"},
    ]
    return {
        "place": str(stall.id), "product": ProductFactory().code, "quantity": "480", "unit": "kg",
        "origin_region": CountyFactory().code, "papers": papers, **more,
    }  # fmt: skip


def declared(trader, stall, **more):
    return trader.made("declarations", goods(stall, **more))


def sale(stall, batch, buyer, weight_kg="25.4"):
    return {
        "place": str(stall.id), "buyer": {"token": buyer.token},
        "lines": [{"batch": str(batch.id), "weight_kg": weight_kg, "unit_price_fen": 650}],
    }  # fmt: skip


class TestChain:
    def test_from_the_gate_to_the_stall(self, trader, clerk, vendor, stall, retail):
        declaration = declared(trader, stall)
        assert declaration["state"] == "submitted"
        (waiting,) = clerk.get("declarations", state="submitted")["results"]
        assert waiting["id"] == declaration["id"]
        batch = clerk.made(f"declarations/{declaration['id']}/admission")
        assert Decimal(batch["on_hand_kg"]) == 480
        voucher = trader.made("vouchers", sale(stall, Batch.objects.get(pk=batch["id"]), retail))
        assert voucher["lines"][0]["amount_fen"] == 16510
        code = vendor.get(f"codes/{voucher['token']}")
        assert (code["kind"], code["id"]) == ("voucher", voucher["id"])
        taken = vendor.made(
            "intakes/from-voucher",
            {
                "place": str(retail.id), "voucher": voucher["token"],
                "lines": [{"line": code["lines"][0]["id"], "accept_kg": "20", "refuse_kg": "5.4", "reason": "烂"}],
            },
        )  # fmt: skip
        child = taken["intakes"][0]["batch"]["id"]
        way = vendor.get(f"batches/{child}/upstream")
        assert [step["id"] for step in way] == [None, child]
        assert [event["kind"] for event in vendor.get(f"batches/{child}/events")["results"]] == ["taken_in"]
        moved = vendor.made(f"batches/{child}/moves", {"kind": "lost", "weight_kg": "1.5"})
        assert moved["weight_kg"] == "1.500"
        assert Decimal(vendor.get(f"batches/{child}")["on_hand_kg"]) == Decimal("18.5")
        (bought,) = vendor.get("vouchers", buyer=str(retail.id))["results"]
        assert bought["id"] == voucher["id"]

    def test_a_returned_declaration_is_mended_and_admitted(self, trader, clerk, stall):
        made = declared(trader, stall)
        assert clerk.made(f"declarations/{made['id']}/return", {"reason": "数量不符"})["state"] == "returned"
        answer = trader.client.patch(f"{API}/declarations/{made['id']}", {"quantity": "450"}, format="json")
        assert (answer.status_code, answer.json()["state"]) == (200, "submitted")
        assert Decimal(clerk.made(f"declarations/{made['id']}/admission")["admitted_kg"]) == 450

    def test_what_the_gate_refuses_names_paper_and_article(self, trader, clerk, stall):
        made = declared(trader, stall, papers=[])
        answer = clerk.post(f"declarations/{made['id']}/admission")
        assert (answer.status_code, answer.json()["code"]) == (422, "gate_refuses")
        assert answer.json()["data"]["missing"]

    def test_several_at_once_each_on_its_own(self, trader, clerk, stall):
        good, bad = declared(trader, stall), declared(trader, stall, papers=[])
        nobodys = str(uuid7())
        answer = clerk.made("declarations/admissions", {"declarations": [good["id"], bad["id"], nobodys]})
        assert len(answer["admitted"]) == 1
        assert {row["declaration"]: row["code"] for row in answer["refused"]} == {
            bad["id"]: "gate_refuses", nobodys: "not_found",
        }  # fmt: skip

    def test_rejected_and_withdrawn(self, trader, clerk, stall):
        first, second = declared(trader, stall), declared(trader, stall)
        assert clerk.made(f"declarations/{first['id']}/rejection", {"reason": "变质"})["state"] == "rejected"
        assert trader.made(f"declarations/{second['id']}/withdrawal")["state"] == "withdrawn"
        assert clerk.code(f"declarations/{second['id']}/admission") == (409, "illegal_move")

    def test_a_supplement_adds_to_an_earlier_declaration(self, trader, stall):
        first = declared(trader, stall)
        second = declared(trader, stall, supplements=first["id"])
        assert (second["kind"], second["supplements_id"]) == ("supplementary", first["id"])

    def test_a_voucher_is_voided(self, trader, stall, retail):
        voucher = trader.made("vouchers", sale(stall, batch_at(stall), retail))
        voided = trader.made(f"vouchers/{voucher['id']}/void", {"reason": "称错"})
        assert (voided["state"], voided["void_reason"]) == ("void", "称错")

    def test_a_person_cannot_oversell(self, trader, stall, retail):
        answer = trader.post("vouchers", sale(stall, batch_at(stall, "10"), retail))
        assert answer.json()["code"] == "not_sellable"
        assert answer.json()["data"]["shortages"][0]["why"] == "not_enough"

    def test_a_walk_in_customers_phone_is_masked(self, trader, stall):
        body = sale(stall, batch_at(stall), stall) | {"buyer": {"name": "李阿姨", "phone": "13800138000"}}
        assert trader.made("vouchers", body)["buyer_phone"] == "138****8000"

    def test_goods_entered_by_hand_and_reversed(self, vendor, retail):
        supplier = SupplierFactory(organisation=retail.organisation)
        body = {
            "place": str(retail.id), "product": ProductFactory().code, "quantity": "12", "unit": "jin",
            "origin_region": CountyFactory().code, "supplier": str(supplier.id),
        }  # fmt: skip
        intake = vendor.made("intakes", body)
        assert intake["weight_kg"] == "6.000"
        reversed_ = vendor.made(f"intakes/{intake['id']}/reversal", {"reason": "重复"})
        assert reversed_["state"] == "reversed"
        assert [row["state"] for row in vendor.get("intakes")["results"]] == ["reversed"]

    def test_a_test_and_a_hold(self, clerk, stall):
        batch = batch_at(stall)
        point_at(stall)
        body = {"batch": str(batch.id), "item": TestItemFactory().code, "result": "negative"}
        assert clerk.made("rapid-tests", body)["result"] == "negative"
        officer = Person(Role.DISTRICT_OFFICER)
        hold = officer.made("holds", {"batches": [str(batch.id)], "reason": "officer"})
        assert hold["batches"] == 1
        assert clerk.get("batches", held="true")["results"][0]["id"] == str(batch.id)
        assert len(clerk.get("holds", open="true")["results"]) == 1
        officer.made(f"holds/{hold['id']}/release", {"note": "复检未检出"})
        assert clerk.get("holds", open="true")["results"] == []

    def test_looking_up(self, trader, stall, retail):
        ProductFactory()
        CountyFactory()
        assert trader.get("products", q="lj")[0]["name"] == "辣椒"
        assert trader.get("regions", q="三水")[0]["code"] == "440607"
        assert [row["id"] for row in trader.get("places")["results"]] == [str(stall.id)]
        trader.made("vouchers", sale(stall, batch_at(stall), retail))
        assert trader.get("recent-buyers", place=str(stall.id))[0]["place"]["token"] == retail.token
        SupplierFactory(organisation=stall.organisation)
        assert "phone" in trader.get("suppliers")["results"][0]
        assert trader.get("bases")["results"] == []


class TestRules:
    def test_every_post_wants_a_key(self, trader, stall):
        answer = trader.client.post(f"{API}/declarations", goods(stall), format="json")
        assert (answer.status_code, answer.json()["code"]) == (400, "idempotency_key_needed")

    def test_the_same_key_is_done_once(self, trader, stall):
        body, key = goods(stall), str(uuid7())
        first, again = trader.post("declarations", body, key), trader.post("declarations", body, key)
        assert first.json() == again.json()
        assert again["Idempotent-Replayed"] == "true"
        assert Declaration.objects.count() == 1
        other = trader.post("declarations", {**body, "quantity": "1"}, key)
        assert (other.status_code, other.json()["code"]) == (409, "different_content")

    def test_the_service_knows_the_same_key_when_the_record_of_the_answer_is_gone(self, trader, stall):
        from kit.models import IdempotencyRecord

        body, key = goods(stall), str(uuid7())
        first = trader.made("declarations", body, key)
        IdempotencyRecord.objects.all().delete()
        assert trader.made("declarations", body, key)["id"] == first["id"]

    def test_pages_follow_on(self, trader, stall):
        for _ in range(3):
            batch_at(stall)
        first = trader.get("batches", limit=2)
        second = trader.client.get(first["next"]).json()
        assert [len(first["results"]), len(second["results"])] == [2, 1]

    @pytest.mark.parametrize(
        ("raw", "status"),
        [
            (b"[" * 50_000, 400), (b'{"a": NaN}', 400), (b'{"a": 1, "a": 2}', 400), (b"\xff", 400), (b"", 400),
            (b"[]", 400), (b"null", 400), (b" " * 10_485_760, 413), (b'{"place": "\\u0000"}', 400),
        ],
        ids=lambda value: str(value)[:20],
    )  # fmt: skip
    def test_bad_bodies_are_refused_as_problems(self, trader, raw, status):
        answer = trader.client.post(
            f"{API}/declarations", raw, content_type="application/json", headers={"Idempotency-Key": "k"}
        )
        assert answer.status_code == status
        assert answer["Content-Type"] == "application/problem+json"

    @pytest.mark.parametrize(
        ("content_type", "status"),
        [("text/csv", 415), ("application/x-www-form-urlencoded", 415), ("application/json; charset=gbk", 400)],
    )
    def test_only_utf8_json(self, trader, content_type, status):
        answer = trader.client.post(
            f"{API}/declarations", b"{}", content_type=content_type, headers={"Idempotency-Key": "k"}
        )
        assert answer.status_code == status

    def test_every_wrong_field_is_named(self, trader):
        fields = trader.post("declarations", {"quantity": "NaN", "unit": "ounce"}).json()["fields"]
        assert {"quantity", "unit", "place", "product", "origin_region"} <= set(fields)

    def test_a_wrong_address_is_a_problem_too(self, client):
        answer = client.get(f"{API}/what")
        assert (answer.status_code, answer.json()["code"]) == (404, "not_found")
        assert answer["Content-Type"] == "application/problem+json"

    @pytest.mark.parametrize("code", ["not-a-code", "0" * 17, "00000000000"])
    def test_an_unknown_code(self, trader, code):
        assert trader.client.get(f"{API}/codes/{code}").status_code == 404

    def test_a_browser_session_needs_the_csrf_token(self, stall):
        client = APIClient(enforce_csrf_checks=True)
        client.force_login(account_with(Role.WHOLESALER, place=stall), backend="registry.backends.NameOrPhone")
        answer = client.post(f"{API}/declarations", goods(stall), format="json", headers={"Idempotency-Key": "k"})
        assert answer.status_code == 403

    def test_the_number_of_queries_does_not_grow_with_the_list(
        self, trader, stall, retail, django_assert_max_num_queries
    ):
        for _ in range(5):
            trader.made("vouchers", sale(stall, batch_at(stall), retail))
        with django_assert_max_num_queries(9):
            assert len(trader.get("vouchers")["results"]) == 5


def test_a_stranger_signs_in_first(client):
    answer = client.get(f"{API}/batches")
    assert answer.status_code == 401
    assert answer["WWW-Authenticate"] == "Bearer"


def test_codes_of_credit_are_never_sent(trader, stall):
    assert credit_code(1)[:8] not in str(trader.get("places"))
    assert Voucher.objects.count() == 0
