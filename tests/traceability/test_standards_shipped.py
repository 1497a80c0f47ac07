"""The items, methods and limits as shipped: every row is legal, and well-known goods are judged as they should be."""

import datetime as dt
from dataclasses import replace
from decimal import Decimal

import pytest
from django.core.management import call_command

from registry import reference as registry_reference
from registry.models import Product, ReferenceSet
from registry.services.load_reference import load_reference
from traceability import reference
from traceability.judging import UNITS, Reading, conversion, judge
from traceability.models import TestItem as Item
from traceability.models import TestLimit as Limit
from traceability.models import TestMethod as Method
from traceability.selectors.standards import items_for, methods_in_force, standard_for
from traceability.services.load_standards import ItemNameTaken, load_standards

DAY = dt.date(2026, 11, 22)
CODES = {each.code for each in reference.items()}
CATEGORIES = {each.code: each.name for each in registry_reference.categories()}
PRODUCTS = {each.code: each for each in registry_reference.products()}


class TestRows:
    @pytest.mark.parametrize("item", reference.items(), ids=lambda item: item.code)
    def test_an_item_is_of_known_goods_and_has_a_method(self, item):
        assert set(item.categories) <= set(CATEGORIES)
        assert item.categories
        assert item.group in Item.Group.values
        assert item.name_en
        assert any(method.item == item.code for method in reference.methods())

    @pytest.mark.parametrize("method", reference.methods(), ids=lambda method: method.code)
    def test_a_method_is_of_an_item_and_names_its_source(self, method):
        assert method.item in CODES
        assert method.principle in Method.Principle.values
        assert method.source
        assert method.effective_from <= DAY
        assert method.lod is None or (method.lod > 0 and conversion(method.unit, "ug/kg"))

    @pytest.mark.parametrize("limit", reference.limits(), ids=lambda limit: limit.code)
    def test_a_limit_is_of_an_item_and_of_goods_it_is_meant_for(self, limit):
        item = next(each for each in reference.items() if each.code == limit.item)
        category = limit.category or (PRODUCTS[limit.product].category if limit.product else None)
        assert category is None or category in item.categories
        assert limit.source
        assert limit.effective_from <= DAY
        assert not (limit.category and limit.product)

    @pytest.mark.parametrize("limit", reference.limits(), ids=lambda limit: limit.code)
    def test_a_limit_has_a_number_with_a_unit_or_says_not_detected(self, limit):
        if limit.kind == "not_detected":
            assert (limit.value, limit.unit) == (None, "")
        else:
            assert limit.kind in Limit.Kind.values
            assert limit.value > 0
            assert limit.unit in UNITS

    @pytest.mark.parametrize("limit", reference.limits(), ids=lambda limit: limit.code)
    def test_the_goods_written_beside_a_code_are_those_of_the_code(self, limit):
        named = PRODUCTS[limit.product].name if limit.product else CATEGORIES.get(limit.category, reference.ALL_GOODS)
        assert limit.goods == named

    def test_no_row_comes_twice(self):
        for records in (reference.items(), reference.methods(), reference.limits()):
            codes = [record.code for record in records]
            assert len(codes) == len(set(codes))

    def test_the_kind_of_limit_fits_the_method(self):
        """An inhibition rate is of an enzyme method, and of no other."""
        by_enzyme = {each.item for each in reference.methods() if each.principle == Method.Principle.ENZYME_INHIBITION}
        assert {each.item for each in reference.limits() if each.kind == Limit.Kind.INHIBITION} == by_enzyme


@pytest.fixture
def shipped(db):
    ReferenceSet.objects.filter(name__startswith="test_").delete()
    load_reference()
    load_standards()


@pytest.mark.usefixtures("shipped")
class TestJudging:
    def judged(self, item, product, value, unit, day=DAY):
        standard = standard_for(Item.objects.get(pk=item), Product.objects.get(name=product), day)
        return judge(Reading(value=Decimal(value), unit=unit), standard.rule), standard.limit

    @pytest.mark.parametrize(
        ("item", "product", "value", "unit", "result"),
        [
            ("CARBO", "豇豆", "0.025", "mg/kg", "positive"),
            ("CARBO", "豇豆", "15", "ug/kg", "negative"),
            ("CARBO", "马铃薯", "0.05", "mg/kg", "negative"),
            ("CYROM", "豇豆", "0.6", "mg/kg", "positive"),
            ("CLOTH", "生姜", "0.15", "mg/kg", "negative"),
            ("PROCY", "韭菜", "5.6", "mg/kg", "positive"),
            ("ACETA", "豇豆", "0.4", "mg/kg", "suspect"),
            ("PEST_ENZ", "菜心", "50", "%", "positive"),
            ("PEST_ENZ", "菜心", "12", "%", "negative"),
            ("QUINO", "草鱼", "111", "ug/kg", "positive"),
            ("QUINO", "草鱼", "80", "ug/kg", "negative"),
            ("QUINO", "鸡蛋", "80", "ug/kg", "positive"),
            ("NITRITE", "腊肠", "25", "mg/kg", "negative"),
            ("NITRITE", "酸菜", "25", "mg/kg", "positive"),
            ("AFB1", "花生油", "15", "ug/kg", "negative"),
            ("AFB1", "大豆油", "15", "ug/kg", "positive"),
            ("OIL_AV", "猪油", "2.8", "mg/g", "positive"),
            ("OIL_AV", "花生油", "2.6", "mg/g", "negative"),
            ("CD", "大米", "0.3", "mg/kg", "positive"),
            ("SO2", "黄花菜", "0.25", "g/kg", "positive"),
        ],
    )
    def test_a_reading_of_well_known_goods(self, item, product, value, unit, result):
        assert self.judged(item, product, value, unit)[0].result == result

    @pytest.mark.parametrize("item", ["MALGR", "NFUR", "CAP"])
    def test_a_number_of_what_may_not_be_there_is_undecided_while_no_limit_of_detection_is_known(self, item):
        verdict, limit = self.judged(item, "草鱼", "0.5", "ug/kg")
        assert (verdict.result, verdict.why) == ("undecided", "no_lod")
        assert (limit.kind, limit.source) == ("not_detected", "农业农村部公告第250号")

    def test_goods_without_a_limit_are_undecided(self):
        verdict, limit = self.judged("PROCY", "黄瓜", "0.1", "mg/kg")
        assert (verdict.result, limit) == ("undecided", None)

    def test_before_a_rule_was_in_force_there_is_none(self):
        assert self.judged("CARBO", "豇豆", "9", "mg/kg", dt.date(2021, 9, 2))[0].why == "no_limit"
        assert self.judged("CARBO", "豇豆", "9", "mg/kg", dt.date(2021, 9, 3))[0].result == "positive"

    def test_the_methods_of_2025_are_there_from_their_announcement_on(self):
        carbofuran = Item.objects.get(pk="CARBO")
        assert len(methods_in_force(carbofuran, dt.date(2025, 11, 12))) == 1
        assert len(methods_in_force(carbofuran, dt.date(2025, 11, 13))) == 2

    @pytest.mark.parametrize("product", ["豇豆", "草鱼", "五花肉", "鸡蛋", "花生油", "河粉", "生姜", "大米"])
    def test_there_is_something_to_test_on_common_goods(self, product):
        category = Product.objects.get(name=product).category_id
        assert all(category in item.categories for item in items_for(Product.objects.get(name=product)))


def written():
    return {each.name: (each.written, each.retired) for each in load_standards()}


@pytest.mark.usefixtures("shipped")
class TestLoading:
    def test_everything_is_there_once(self):
        assert Item.objects.count() == len(reference.items())
        assert Method.objects.count() == len(reference.methods())
        assert Limit.objects.count() == len(reference.limits())
        assert set(written().values()) == {(0, 0)}

    def test_a_version_that_is_shipped_later_is_added_beside_the_earlier(self, monkeypatch):
        earlier = next(each for each in reference.limits() if each.code.startswith("CYROM/"))
        later = replace(earlier, value=Decimal("0.3"), effective_from=dt.date(2027, 1, 1))
        both = (*reference.limits(), later)
        monkeypatch.setattr(reference, "limits", lambda: both)
        assert written()["test_limits"] == (1, 0)
        assert list(Limit.objects.filter(item="CYROM").values_list("value", flat=True)) == [
            Decimal("0.5"),
            Decimal("0.3"),
        ]

    def test_a_version_is_never_changed(self, monkeypatch):
        bolder = tuple(replace(each, value=Decimal(9)) if each.value else each for each in reference.limits())
        monkeypatch.setattr(reference, "limits", lambda: bolder)
        load_standards()
        assert not Limit.objects.filter(value=9).exists()

    def test_an_item_switched_off_by_hand_stays_off(self, monkeypatch):
        Item.objects.filter(pk="CARBO").update(active=False, name_en="Furadan")
        load_standards()
        assert Item.objects.get(pk="CARBO").name_en == "Furadan"
        changed = tuple(
            replace(each, name_en="Carbofuran, sum") if each.code == "CARBO" else each for each in reference.items()
        )
        monkeypatch.setattr(reference, "items", lambda: changed)
        assert written()["test_items"] == (1, 0)
        item = Item.objects.get(pk="CARBO")
        assert (item.name_en, item.active) == ("Carbofuran, sum", False)

    def test_an_item_no_longer_shipped_is_switched_off(self, monkeypatch):
        kept = tuple(each for each in reference.items() if each.code != "POLAR")
        monkeypatch.setattr(reference, "items", lambda: kept)
        assert written()["test_items"] == (0, 1)
        assert not Item.objects.get(pk="POLAR").active

    def test_a_name_taken_by_hand_is_refused_in_words(self, monkeypatch):
        Item.objects.create(code="HERE", name="草甘膦", name_en="Glyphosate", group="pesticide")
        more = (*reference.items(), replace(reference.items()[0], code="GLYPH", name="草甘膦"))
        monkeypatch.setattr(reference, "items", lambda: more)
        with pytest.raises(ItemNameTaken, match="草甘膦"):
            load_standards()

    def test_the_command_says_what_it_did(self, capsys):
        call_command("load_test_standards")
        assert f"test_items: {len(reference.items())} shipped, 0 written, 0 retired" in capsys.readouterr().out
