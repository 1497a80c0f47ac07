"""Journey A: what a wholesaler brings in at night is what a shopper reads at noon, step by step, page by page."""

from __future__ import annotations

import datetime as dt
import io
from collections import Counter
from decimal import Decimal
from types import SimpleNamespace

import pytest
from django.core.management import call_command
from django.utils.translation import gettext as _

from kit import clock
from kit.verification import INSERTED, verify
from registry.papers import PaperKind
from registry.roles import Role
from tests.factories.registry import (
    CountyFactory,
    MarketFactory,
    ProductFactory,
    StallFactory,
    account_with,
)
from tests.factories.testing import TestItemFactory, point_at
from tests.factories.traceability import WholesaleStallFactory
from tests.journeys.people import Person
from tests.journeys.trade import admit, batch_of, declare, first_token, photo, scan, sell
from traceability.ledger import TRACE
from traceability.models import Batch, Declaration, TraceEvent
from traceability.services.seal import seal_districts

pytestmark = pytest.mark.django_db


@pytest.fixture
def town(settings, tmp_path):
    """A wholesale stall, a retail stall, who keeps them, who watches over them, and a shopper."""
    settings.MEDIA_ROOT = tmp_path
    ProductFactory(), CountyFactory()
    wholesale = WholesaleStallFactory(market=MarketFactory(wholesale=True, name="百旺城批发市场"), stall_no="B12")
    retail = StallFactory(market__name="河口农贸市场", stall_no="A07", name="旺记蔬菜")
    at = {"market": wholesale.market}
    TestItemFactory(), point_at(wholesale)
    return SimpleNamespace(
        wholesale=wholesale,
        retail=retail,
        trader=Person(account_with(Role.WHOLESALER, place=wholesale)),
        clerk=Person(account_with(Role.MARKET_MANAGER, **at)),
        tester=Person(account_with(Role.TESTER, **at)),
        vendor=Person(account_with(Role.VENDOR, place=retail)),
        officer=Person(account_with(Role.DISTRICT_OFFICER)),
        shopper=Person(),
    )


class TestFromTheGateToTheShopper:
    def test_one_day_of_peppers(self, town):
        declared = declare(town.trader)
        assert "480" in declared
        assert not declared.links("#papers"), "nothing is missing"

        admit(town.clerk)
        batch = batch_of(town.trader)
        assert (batch.state, batch.kg_on_hand) == (Batch.State.ADMITTED, 480)
        label = town.trader.open(f"/desk/batches/{batch.id}").follow("/label")
        file = town.trader.client.post(label.form("label").action, label.form("label").filled({}, ""))
        assert file.content.startswith(b"%PDF")

        voucher = sell(town.trader, "A07", "20.5")
        assert town.trader.client.get(f"/desk/vouchers/{voucher.id}/slip.pdf").content.startswith(b"%PDF")

        taken = scan(town.vendor, voucher)
        assert taken.address.startswith(f"/desk/take-in/{voucher.token}"), "the only thing to do is done at once"
        taken = taken.send("whole")
        assert "20.5" in taken
        assert not taken.offers("whole"), "there is nothing left to take in"

        stall = town.shopper.open(f"/s/{town.retail.token}")
        assert "旺记蔬菜" in stall
        assert "辣椒" in stall
        assert "百旺城批发市场" in stall
        assert "三水区" in stall
        child = town.shopper.open(f"/b/{first_token(stall, 'b')}")
        for place in ("广东省佛山市三水区", "百旺城批发市场", "B12", "河口农贸市场", "A07"):
            assert place in child, "the whole way stands on the page"
        assert "C440607000123" in child, "and the quality proof by its number"
        slip = town.shopper.open(f"/v/{voucher.token}")
        assert "20.5" in slip
        assert "71.75" in slip
        assert town.retail.name not in slip, "nobody reads who bought"
        for page in (stall, child, slip):
            assert "13800138000" not in page.markup

        self.programs_read_the_same(town, voucher, batch)
        self.the_ledger_is_whole()

    def programs_read_the_same(self, town, voucher, batch):
        stall = town.shopper.data(f"/s/{town.retail.token}")
        (goods,) = stall["on_sale"]
        (source,) = goods["sources"]
        assert (goods["product"], source["state"], source["evidence_level"]) == ("辣椒", "saleable", 1)
        child = town.shopper.data(f"/b/{source['batch_token']}")
        assert [step["role"] for step in child["chain"]] == ["origin", "wholesale", "retail"]
        assert child["chain"][1]["token"] == town.wholesale.token
        slip = town.shopper.data(f"/v/{voucher.token}")
        (line,) = slip["lines"]
        assert (Decimal(line["weight_kg"]), line["amount_fen"], line["batch_token"]) == (
            Decimal("20.5"),
            7175,
            batch.token,
        )
        assert not {"buyer", "buyer_name"} & set(slip)

    def the_ledger_is_whole(self):
        kinds = Counter(TraceEvent.objects.values_list("kind", flat=True))
        assert {kind: kinds[kind] for kind in ("declared", "admitted", "sold", "taken_in")} == {
            "declared": 1, "admitted": 1, "sold": 1, "taken_in": 1,
        }  # fmt: skip
        with clock.freeze(clock.now() + dt.timedelta(minutes=5)):
            assert seal_districts() == 1
            call_command("verify_ledger", stdout=(said := io.StringIO()))
            assert "as it was sealed" in said.getvalue()
        sold = TraceEvent.objects.get(kind="sold")
        sold.pk, sold.weight_kg = None, Decimal(100)
        forged = TraceEvent(
            **{f.attname: getattr(sold, f.attname) for f in sold._meta.concrete_fields if f.attname != "id"}
        )
        forged.save(force_insert=True)
        assert [finding.kind for finding in verify(TRACE)] == [INSERTED], "a sale added afterwards is found"

    def test_a_typed_code_and_a_pasted_address_lead_there_too(self, town):
        declare(town.trader)
        admit(town.clerk)
        batch = batch_of(town.trader)
        for text in (batch.typed_code.lower(), batch.token, f"https://example.org/b/{batch.token}"):
            assert town.shopper.open(f"/c?q={text}").address == f"/b/{batch.token}"

    def test_the_second_day_needs_no_looking_up(self, town):
        declare(town.trader)
        admit(town.clerk)
        again = town.trader.open("/desk/wholesale/declare").follow("again=")
        declared = again.send("declaration", **{"papers-0-photo": photo(), "papers-1-number": "C440607000124"})
        declaration = Declaration.objects.latest("declared_at", "pk")
        assert "480" in declared
        assert (declaration.supplier.name, declaration.gate_outcome) == ("乐平蔬菜合作社", "admit")


class TestWrongTurns:
    def test_a_missing_paper_is_named_with_its_article_returned_mended_and_admitted(self, town):
        declared = declare(town.trader, slip=False)
        assert _("There is no purchase voucher. A supplier's slip, agreement or sales voucher will do.") in declared
        assert "第24条" in declared
        waiting = town.clerk.open("/desk/market/gate")
        assert not waiting.offers("/admit"), "the gate does not let it in"
        returning = waiting.follow("/return")
        missing = next(value for value in returning.form("return").choices["choice"] if _("no purchase paper") in value)
        returning.send("return", choice=missing, words="请补拍进货单")

        told = town.trader.open("/desk/declarations").follow("/desk/declarations/")
        assert "请补拍进货单" in told
        mending = told.follow("/amend")
        assert mending.form("declaration").held["quantity"] == ["480"], "nothing is typed anew"
        mended = mending.send("declaration", **{"papers-0-kind": PaperKind.PURCHASE_SLIP, "papers-0-photo": photo()})
        assert "请补拍进货单" not in mended.follow("/desk/declarations").text
        admit(town.clerk)
        assert batch_of(town.trader).state == Batch.State.ADMITTED

    def test_without_a_quality_proof_it_enters_but_waits_for_its_test(self, town):
        declare(town.trader, proof=False)
        admit(town.clerk)
        batch = batch_of(town.trader)
        assert batch.state == Batch.State.PENDING_TEST
        assert town.shopper.data(f"/b/{batch.token}")["state"] == "pending_test"
        choosing = town.trader.open("/desk/wholesale/sell").send("sell", q="A07").follow("buyer=")
        assert not choosing.links("product=12001&"), "it cannot be sold"
        test = town.tester.open(f"/desk/tests/new?batch={batch.token}")
        test.send("test", **self.negative(test))
        assert town.shopper.data(f"/b/{batch.token}")["state"] == "saleable"
        assert sell(town.trader, "A07", "10").lines.get().batch_id == batch.id

    def negative(self, page):
        return {"result": "negative"} if "result" in page.form("test").fields else {}

    def test_a_voided_voucher_stays_visible_and_its_kilos_come_back(self, town):
        declare(town.trader)
        admit(town.clerk)
        voucher = sell(town.trader, "A07", "20.5")
        page = town.trader.open(f"/desk/vouchers/{voucher.id}").follow("/void")
        assert "20.5" in page, "it says in numbers what comes back"
        page.send("/void", reason="称错了")
        assert batch_of(town.trader).kg_on_hand == 480
        assert town.shopper.data(f"/v/{voucher.token}")["state"] == "void"
        assert "称错了" in town.shopper.open(f"/v/{voucher.token}")
        refused = scan(town.vendor, voucher)
        assert "称错了" in refused
        assert not refused.offers("whole")
        assert "称错了" in town.trader.open(f"/desk/vouchers/{voucher.id}")

    def test_refused_kilos_are_back_at_the_seller_who_is_told_why(self, town):
        declare(town.trader)
        admit(town.clerk)
        voucher = sell(town.trader, "A07", "20.5")
        page = scan(town.vendor, voucher)
        refused = page.send("lines", accept_1="18", reason_1="变质")
        assert "18" in refused
        assert "变质" in refused
        assert batch_of(town.trader).kg_on_hand == Decimal("462")
        assert "旺记蔬菜" in town.trader.open("/desk/notices")
        (goods,) = town.shopper.data(f"/s/{town.retail.token}")["on_sale"]
        assert len(goods["sources"]) == 1

    def test_what_is_typed_wrongly_comes_back_as_it_was_typed(self, town):
        declare(town.trader)
        admit(town.clerk)
        page = scan(town.vendor, sell(town.trader, "A07", "20.5")).send("lines", accept_1="99", reason_1="变质")
        assert page.status == 422
        assert page.form("lines").held["accept_1"] == ["99"]
        assert page.form("lines").held["reason_1"] == ["变质"]

    def test_goods_from_elsewhere_are_entered_by_hand_and_a_mistake_is_reversed_visibly(self, town):
        form = town.vendor.open("/desk/stall/intakes/new").send("find", find="辣椒").follow("product=")
        supplier = {
            "supplier_name": "陈叔菜地", "supplier_phone": "13900139000", "supplier_address": "芦苞镇",
        }  # fmt: skip
        form.send("entry", quantity="12", origin_text="三水", **supplier)
        (goods,) = town.shopper.data(f"/s/{town.retail.token}")["on_sale"]
        assert goods["sources"][0]["source_kind"] == "manual", "the page says that it was entered by hand"
        entry = town.vendor.open("/desk/stall/intakes").follow("/desk/intakes/")
        entry.follow("/reverse").send("/reverse", reason="写错了品种")
        ledger = town.vendor.open("/desk/stall/intakes")
        assert "12" in ledger
        assert "写错了品种" in ledger.follow("/desk/intakes/")
        assert town.shopper.data(f"/s/{town.retail.token}")["on_sale"] == []

    def test_a_second_tier_wholesaler_takes_in_and_sells_on(self, town):
        between = WholesaleStallFactory(
            market=MarketFactory(wholesale=True, name="大塘批发市场"), name="二批阿标", stall_no="C03"
        )  # fmt: skip
        second = Person(account_with(Role.WHOLESALER, place=between))
        declare(town.trader)
        admit(town.clerk)
        scan(second, sell(town.trader, "C03", "100")).send("whole")
        scan(town.vendor, sell(second, "A07", "30", price="4")).send("whole")
        (goods,) = town.shopper.data(f"/s/{town.retail.token}")["on_sale"]
        chain = town.shopper.data(f"/b/{goods['sources'][0]['batch_token']}")["chain"]
        assert [(step["role"], step["name"]) for step in chain] == [
            ("origin", "广东省佛山市三水区"), ("wholesale", "百旺城批发市场"),
            ("second_tier", "大塘批发市场"), ("retail", "河口农贸市场"),
        ]  # fmt: skip

    def test_a_hold_turns_every_page_with_the_next_request_and_its_release_turns_them_back(self, town):
        declare(town.trader)
        admit(town.clerk)
        voucher, on_its_way = sell(town.trader, "A07", "20.5"), sell(town.trader, "A07", "7")
        scan(town.vendor, voucher).send("whole")
        batch = batch_of(town.trader)
        child = town.shopper.data(f"/s/{town.retail.token}")["on_sale"][0]["sources"][0]["batch_token"]
        pages = [f"/b/{batch.token}", f"/b/{child}", f"/v/{voucher.token}", f"/s/{town.retail.token}"]
        pages.append(f"/s/{town.wholesale.token}")
        before = [town.shopper.open(page).text for page in pages]

        pausing = town.officer.open(f"/desk/holds/new?batch={batch.token}")
        assert "2" in pausing, "it says how many places are told"
        hold = pausing.send("/desk/holds/new", reason="officer", note="待查")
        for page, was in zip(pages, before, strict=True):
            now = town.shopper.open(page).text
            assert now != was, f"{page} turned"
            assert "暂停" in now
        choosing = town.trader.open("/desk/wholesale/sell").send("sell", q="A07").follow("buyer=")
        assert not choosing.links("product=12001&")
        scan(town.vendor, on_its_way).send("whole")
        (goods,) = town.shopper.data(f"/s/{town.retail.token}")["on_sale"]
        assert [source["state"] for source in goods["sources"]] == ["held", "held"], "nothing is born free under a hold"
        assert "待查" not in town.shopper.open(pages[0]), "the officer's note is not for the public"

        hold.send("/release", note="复检未检出")
        assert [town.shopper.data(page)["state"] for page in pages[:2]] == ["saleable", "saleable"]
        assert "暂停" not in town.shopper.open(pages[3])
