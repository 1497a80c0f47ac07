"""The district's rules: a version is added, never changed; a test keeps the rule of its day; everybody may read."""

import datetime as dt
import re
from decimal import Decimal

import pytest
from django.urls import reverse

from kit.ids import uuid7
from kit.refusals import Invalid
from kit.transitions import StaleState
from registry.permissions import NotYourJob
from registry.roles import Role
from tests.factories.registry import (
    CategoryFactory,
    MarketFactory,
    ProductFactory,
    StallFactory,
    account_with,
    actor_with,
)
from tests.factories.testing import TestItemFactory as ItemFactory
from tests.factories.testing import TestLimitFactory as LimitFactory
from tests.factories.testing import TestMethodFactory as MethodFactory
from tests.factories.traceability import TODAY, officer
from traceability.models import RapidTest
from traceability.models import TestItem as Item
from traceability.models import TestLimit as Limit
from traceability.models import TestMethod as Method
from traceability.selectors.standard_versions import limits_of, methods_of
from traceability.selectors.standards import limit_in_force, methods_in_force
from traceability.services import standards

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("dawn")]
DAY = dt.timedelta(days=1)


@pytest.fixture
def item():
    return ItemFactory(code="CARBO", name="克百威", categories=[CategoryFactory().code])


def since(day=TODAY, **fields):
    return standards.From(effective_from=day, source="GB 2763-2026", **fields)


def at_most(number="0.02", **fields):
    return standards.LimitDetails(kind="max", value=Decimal(number) if number else None, unit="mg/kg", **fields)


def add_limit(item, details=None, version=None, actor=None, key=None):
    return standards.add_limit(
        actor or officer(), item=item, details=details or at_most(), version=version or since(),
        client_key=key or uuid7(),
    )  # fmt: skip


class TestAddingVersions:
    def test_a_new_version_counts_from_its_day_and_the_old_one_until_then(self, item):
        old = LimitFactory(item=item, kind="max", value="0.05", unit="mg/kg")
        new = add_limit(item, version=since(TODAY + DAY))
        product = ProductFactory()
        assert limit_in_force(item, product, TODAY) == old
        assert limit_in_force(item, product, TODAY + DAY) == new
        old.refresh_from_db()
        assert (old.value, old.effective_from) == (Decimal("0.05"), dt.date(2025, 1, 1))

    def test_the_limit_of_one_product_goes_before_that_of_its_kind(self, item):
        product = ProductFactory()
        add_limit(item, at_most("0.02", category=product.category))
        own = add_limit(item, at_most("0.1", product=product))
        assert limit_in_force(item, product, TODAY) == own

    def test_who_added_it_and_when_is_kept(self, item, dawn):
        actor = officer()
        made = add_limit(item, actor=actor, version=since(verified=True))
        assert (made.made_by, made.made_at, made.verified) == (actor.account_id, dawn, True)

    def test_sent_twice_it_is_one(self, item):
        key, actor = uuid7(), officer()
        assert add_limit(item, actor=actor, key=key) == add_limit(item, actor=actor, key=key)
        assert Limit.objects.count() == 1

    def test_a_version_may_not_begin_in_the_past(self, item):
        with pytest.raises(Invalid) as refused:
            add_limit(item, version=since(TODAY - DAY))
        assert set(refused.value.fields) == {"effective_from"}

    def test_two_versions_may_not_begin_on_one_day(self, item):
        add_limit(item)
        with pytest.raises(Invalid) as refused:
            add_limit(item, at_most("0.5"))
        assert set(refused.value.fields) == {"effective_from"}

    @pytest.mark.parametrize(
        ("details", "field"),
        [
            (at_most(""), "value"),
            (at_most("-1"), "value"),
            (standards.LimitDetails(kind="max", value=Decimal(1), unit="spoons"), "unit"),
            (standards.LimitDetails(kind="inhibition", value=Decimal(50), unit="mg/kg"), "unit"),
        ],
    )
    def test_what_makes_no_limit_is_refused_at_its_field(self, item, details, field):
        with pytest.raises(Invalid) as refused:
            add_limit(item, details)
        assert field in refused.value.fields

    def test_everything_that_is_wrong_is_said_at_once(self, item):
        product = ProductFactory()
        with pytest.raises(Invalid) as refused:
            standards.add_limit(
                officer(), item=item, details=at_most("", category=product.category, product=product),
                version=standards.From(effective_from=TODAY - DAY, source=" "), client_key=uuid7(),
            )  # fmt: skip
        assert set(refused.value.fields) == {"category", "value", "effective_from", "source"}

    def test_not_detected_carries_no_number_whatever_was_typed(self, item):
        made = add_limit(item, standards.LimitDetails(kind="not_detected", value=Decimal(3), unit="mg/kg"))
        assert (made.value, made.unit) == (None, "")

    @pytest.mark.parametrize("role", [Role.TOWN_OFFICER, Role.MARKET_MANAGER, Role.TESTER, Role.VENDOR])
    def test_only_the_district_decides(self, item, role):
        scope = {"market": MarketFactory()} if role in (Role.MARKET_MANAGER, Role.TESTER) else {}
        if role is Role.TOWN_OFFICER:
            scope = {"town": MarketFactory().town}
        if role is Role.VENDOR:
            scope = {"place": StallFactory()}
        with pytest.raises(NotYourJob):
            add_limit(item, actor=actor_with(role, **scope))


class TestMethods:
    def add(self, item, version=None, **fields):
        details = {"method_no": "KJ 202601", "title": "胶体金法", "principle": "colloidal_gold", **fields}
        return standards.add_method(
            officer(), item=item, details=standards.MethodDetails(**details), version=version or since(),
            client_key=uuid7(),
        )  # fmt: skip

    def test_a_method_with_its_limit_of_detection(self, item):
        made = self.add(item, lod=Decimal("0.5"), unit="ug/kg")
        assert methods_in_force(item, TODAY) == [made]

    @pytest.mark.parametrize("wrong", [{"lod": Decimal(0), "unit": "%"}, {"lod": Decimal(1)}, {"method_no": " "}])
    def test_what_makes_no_method_is_refused(self, item, wrong):
        with pytest.raises(Invalid):
            self.add(item, **wrong)
        assert not Method.objects.exists()


class TestEnding:
    def test_from_its_day_on_it_is_no_more_and_before_it_was(self, item):
        limit = LimitFactory(item=item)
        ended = standards.retire(officer(), version=limit, at=since(TODAY + DAY), client_key=uuid7())
        product = ProductFactory()
        assert limit_in_force(item, product, TODAY) == limit
        assert limit_in_force(item, product, TODAY + DAY) is None
        [chain] = limits_of([item], TODAY)
        assert (chain.now, chain.coming, chain.state) == (limit, [ended], "in_force")
        assert limits_of([item], TODAY + DAY)[0].state == "retired"

    def test_a_method_ends_too(self, item):
        method = MethodFactory(item=item)
        standards.retire(officer(), version=method, at=since(), client_key=uuid7())
        assert methods_in_force(item, TODAY) == []
        assert methods_in_force(item, TODAY - DAY) == [method]

    def test_sent_twice_it_ends_once_and_ending_it_again_is_refused(self, item):
        limit, key = LimitFactory(item=item), uuid7()
        first = standards.retire(officer(), version=limit, at=since(), client_key=key)
        assert standards.retire(officer(), version=limit, at=since(), client_key=key) == first
        with pytest.raises(StaleState):
            standards.retire(officer(), version=limit, at=since(TODAY + DAY), client_key=uuid7())

    def test_what_ended_may_begin_again(self, item):
        limit = LimitFactory(item=item, kind="max", value="0.02", unit="mg/kg")
        standards.retire(officer(), version=limit, at=since(), client_key=uuid7())
        again = add_limit(item, version=since(TODAY + DAY))
        assert limit_in_force(item, ProductFactory(), TODAY + DAY) == again


class TestHistory:
    def test_what_was_is_and_comes(self, item):
        first = LimitFactory(item=item, effective_from=dt.date(2020, 1, 1))
        second = LimitFactory(item=item, effective_from=dt.date(2023, 1, 1))
        now = LimitFactory(item=item, effective_from=TODAY)
        coming = LimitFactory(item=item, effective_from=TODAY + DAY)
        [chain] = limits_of([item], TODAY)
        assert (chain.before, chain.now, chain.coming) == ([second, first], now, [coming])
        assert [state for _row, state in chain.rows()] == ["superseded", "superseded", "in_force", "coming"]

    def test_each_method_has_a_history_of_its_own(self, item):
        MethodFactory(item=item, method_no="A")
        MethodFactory(item=item, method_no="B", effective_from=TODAY + DAY)
        assert [(chain.newest.method_no, chain.state) for chain in methods_of([item], TODAY)] == [
            ("A", "in_force"), ("B", "coming"),
        ]  # fmt: skip


class TestItems:
    DETAILS = standards.ItemDetails(name="草甘膦", name_en="", group="pesticide", categories=["12"])

    def test_the_district_adds_one_and_switches_it_off(self):
        made = standards.add_item(officer(), code=" glyph ", details=self.DETAILS)
        assert (made.code, made.name_en, made.active) == ("GLYPH", "草甘膦", True)
        off = standards.ItemDetails(name="草甘膦", name_en="Glyphosate", group="pesticide", active=False)
        standards.change_item(officer(), item=made, details=off)
        assert not Item.objects.get(pk="GLYPH").active

    def test_sent_twice_it_is_one(self):
        assert standards.add_item(officer(), code="GLYPH", details=self.DETAILS) == standards.add_item(
            officer(), code="GLYPH", details=self.DETAILS
        )

    def test_a_code_or_a_name_that_is_taken_is_refused(self, item):
        for code, name, field in (("CARBO", "草甘膦", "code"), ("OTHER", "克百威", "name"), ("豇豆", "草甘膦", "code")):
            details = standards.ItemDetails(name=name, name_en="", group="pesticide")
            with pytest.raises(Invalid) as refused:
                standards.add_item(officer(), code=code, details=details)
            assert set(refused.value.fields) == {field}


def text(response):
    return response.content.decode()


class TestPages:
    @pytest.fixture
    def district(self, client):
        client.force_login(account_with(Role.DISTRICT_OFFICER))
        return client

    @pytest.fixture
    def trader(self, client):
        client.force_login(account_with(Role.VENDOR, place=StallFactory()))
        return client

    def sent(self, client, url, **fields):
        form = client.get(url).context["form"]
        return {
            "client_key": form["client_key"].value(),
            "effective_from": "2026-11-22",
            "source": "GB 2763-2026",
        } | fields

    def test_an_item_is_found_by_its_name_and_by_a_product(self, trader, item):
        product = ProductFactory()
        LimitFactory(item=item, kind="max", value="0.02", unit="mg/kg", product=product)
        other = ItemFactory(code="MALGR", name="孔雀石绿")
        assert "孔雀石绿" not in text(trader.get(reverse("standards"), {"q": "克百"}))
        page = text(trader.get(reverse("standards"), {"q": product.name}))
        assert "克百威" in page
        assert "≤\u00a00.02\u00a0mg/kg" in page
        assert other.name not in page
        assert trader.get(reverse("standards"), {"q": "没有这个"}).context["count"] == 0

    def test_a_reader_is_offered_nothing_to_change(self, trader, item):
        LimitFactory(item=item)
        page = text(trader.get(reverse("standard", args=["CARBO"])))
        assert reverse("standard_limit_new", args=["CARBO"]) not in page
        assert trader.post(reverse("standard_limit_new", args=["CARBO"])).status_code == 403

    def test_a_limit_is_added_and_shown_as_coming(self, district, item):
        url = reverse("standard_limit_new", args=["CARBO"])
        ProductFactory()
        sent = self.sent(
            district, url, product="辣椒", kind="max", value="0.02", unit="mg/kg", effective_from="2026-12-01"
        )
        assert district.post(url, sent).status_code == 303
        assert district.post(url, sent).status_code == 303
        assert Limit.objects.get().product.name == "辣椒"
        page = text(district.get(reverse("standard", args=["CARBO"])))
        assert "0.02" in page
        assert "GB 2763-2026" in page

    def test_what_was_typed_stays_when_it_is_refused(self, district, item):
        url = reverse("standard_limit_new", args=["CARBO"])
        sent = self.sent(
            district, url, product="辣叔", kind="max", value="0.02", unit="mg/kg", effective_from="2020-01-01"
        )
        answer = district.post(url, sent)
        assert answer.status_code == 422
        assert "辣叔" in text(answer)
        assert sent["client_key"] == answer.context["form"]["client_key"].value()
        assert "product" in answer.context["form"].errors

    def test_a_new_version_begins_with_what_the_old_one_says(self, district, item):
        method = MethodFactory(item=item, lod="0.5", unit="ug/kg")
        page = district.get(reverse("standard_method_new", args=["CARBO"]), {"of": str(method.id)})
        assert page.context["form"]["method_no"].value() == method.method_no
        url = reverse("standard_method_new", args=["CARBO"])
        sent = self.sent(district, url, method_no=method.method_no, title="新版", principle="colloidal_gold")
        assert district.post(url, sent).status_code == 303
        assert Method.objects.filter(method_no=method.method_no).count() == 2

    def test_a_limit_and_a_method_are_ended(self, district, item):
        for kind, row in (("limit", LimitFactory(item=item)), ("method", MethodFactory(item=item))):
            url = reverse(f"standard_{kind}_end", args=["CARBO", row.id])
            assert district.post(url, self.sent(district, url)).status_code == 303
            assert type(row).objects.filter(retired=True).count() == 1

    def test_a_version_of_another_item_is_not_found(self, district, item):
        elsewhere = LimitFactory(item=ItemFactory(code="MALGR", name="孔雀石绿"))
        assert district.get(reverse("standard_limit_end", args=["CARBO", elsewhere.id])).status_code == 404
        assert district.get(reverse("standard", args=["NONE"])).status_code == 404

    def test_an_item_is_added_and_corrected(self, district):
        CategoryFactory()
        sent = {"code": "GLYPH", "name": "草甘膦", "group": "pesticide", "categories": ["12"], "active": "on"}
        assert district.post(reverse("standard_new"), sent).status_code == 303
        assert district.post(reverse("standard_edit", args=["GLYPH"]), sent | {"active": ""}).status_code == 303
        item = Item.objects.get(pk="GLYPH")
        assert (item.categories, item.active) == (["12"], False)

    def test_the_file_has_every_version_with_its_state(self, trader, item):
        LimitFactory(item=item, kind="max", value="0.02", unit="mg/kg")
        LimitFactory(item=item, kind="max", value="0.01", unit="mg/kg", effective_from=TODAY + DAY)
        MethodFactory(item=item)
        lines = b"".join(trader.get(reverse("standards_export")).streaming_content).decode().splitlines()
        assert len(lines) == 4
        assert len(re.findall("GB|农业农村部|公告", "".join(lines))) >= 3

    def test_the_empty_list_says_so(self, trader):
        assert trader.get(reverse("standards")).context["count"] == 0


class TestTrying:
    @pytest.fixture
    def reader(self, client):
        client.force_login(account_with(Role.TESTER, market=MarketFactory()))
        return client

    def ask(self, reader, **fields):
        return reader.get(reverse("standards_try"), {"item": "CARBO", "product": ProductFactory().name, **fields})

    def test_a_number_over_the_limit(self, reader, item):
        LimitFactory(item=item, kind="max", value="0.02", unit="mg/kg")
        page = self.ask(reader, value="0.5", unit="mg/kg")
        assert page.context["verdict"].result == "positive"
        assert "农业农村部公告第250号" in text(page)

    def test_a_strip(self, reader, item):
        MethodFactory(item=item)
        page = self.ask(reader, control_line="yes", test_line="stronger")
        assert page.context["verdict"].result == "negative"

    def test_without_a_rule_it_is_undecided_and_says_why(self, reader, item):
        assert self.ask(reader, value="0.5", unit="mg/kg").context["verdict"].why == "no_limit"

    def test_the_rule_of_another_day(self, reader, item):
        LimitFactory(item=item, kind="max", value="0.02", unit="mg/kg", effective_from=TODAY + DAY)
        asked = {"value": "0.5", "unit": "mg/kg"}
        assert self.ask(reader, **asked).context["verdict"].result == "undecided"
        assert self.ask(reader, **asked, day="2026-11-23").context["verdict"].result == "positive"

    def test_a_product_nobody_knows_is_asked_for_again(self, reader, item):
        answer = self.ask(reader, product="不知道", value="0.5")
        assert answer.status_code == 422
        assert "不知道" in text(answer)

    def test_nothing_is_recorded(self, reader, item):
        self.ask(reader, value="0.5", unit="mg/kg")
        assert not RapidTest.objects.exists()
