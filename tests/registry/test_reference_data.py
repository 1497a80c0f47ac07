"""The reference data as shipped: complete, unambiguous, and in step with the models."""

from collections import Counter, defaultdict

import pytest

from registry import reference
from registry.models import Product, Region
from registry.papers import MEAT, PaperKind

SHARED_ALIASES: set[str] = set()
"""Names that markets use for more than one product, on purpose."""


@pytest.fixture(scope="module")
def regions():
    return {region.code: region for region in reference.regions()}


@pytest.fixture(scope="module")
def products():
    return {product.code: product for product in reference.products()}


def test_every_county_has_a_code_of_six_digits_and_a_parent(regions):
    counties = [region for region in regions.values() if region.level == "county"]
    assert len(counties) > 2800
    for county in counties:
        assert county.code.isdigit()
        assert len(county.code) == 6
        assert regions[county.parent].level in ("city", "province")
        assert county.code[:2] == county.parent[:2]


def test_a_parent_comes_before_its_children():
    seen: set[str] = set()
    for region in reference.regions():
        assert region.parent is None or region.parent in seen, region
        seen.add(region.code)


def test_the_country_has_34_provinces_and_taiwan_its_code(regions):
    provinces = [region for region in regions.values() if region.level == "province"]
    assert len(provinces) == 34
    assert regions["710000"].name == "台湾省"


def test_a_full_name_leads_from_the_province_down(regions):
    assert regions["440607"].full_name == "广东省佛山市三水区"
    assert regions["440607104"].full_name == "广东省佛山市三水区白坭镇"
    assert regions["110105"].full_name == "北京市朝阳区"


def test_a_city_without_counties_can_be_an_origin(regions):
    assert regions["441900"].level == "county"
    assert regions["441900"].full_name == "广东省东莞市"


def test_sanshui_has_seven_towns(regions):
    towns = [region.name for region in regions.values() if region.parent == "440607"]
    assert sorted(towns) == sorted(["西南街道", "云东海街道", "大塘镇", "乐平镇", "白坭镇", "芦苞镇", "南山镇"])


def test_levels_and_units_are_those_of_the_models(regions, products):
    assert {region.level for region in regions.values()} == set(Region.Level.values)
    assert {product.unit for product in products.values()} <= set(Product.Unit.values)


def test_the_catalogue_is_wide(products):
    assert len(products) >= 230
    assert {product.category for product in products.values()} == {each.code for each in reference.categories()}


def test_every_product_is_complete(products):
    for product in products.values():
        assert len(product.code) == 5
        assert product.name
        assert product.name_en.isascii()
        assert product.aliases, product
        assert 1 <= product.shelf_days <= 365
        assert (product.unit == "kg") == (product.kg_per_unit is None), product


def test_codes_and_names_are_unique(products):
    assert len(reference.products()) == len(products)
    assert max(Counter(product.name for product in products.values()).values()) == 1


def test_no_name_means_two_products_unless_listed(products):
    meant = defaultdict(set)
    for product in products.values():
        for name in (product.name, *product.aliases):
            meant[name].add(product.code)
    assert {name for name, codes in meant.items() if len(codes) > 1} == SHARED_ALIASES


def test_no_product_repeats_an_alias(products):
    for product in products.values():
        assert len({product.name, *product.aliases}) == 1 + len(product.aliases), product


@pytest.mark.parametrize("name", ["五花肉", "牛肉", "羊肉", "冰鲜鸡"])
def test_meat_needs_both_its_certificates(products, name):
    product = next(each for each in products.values() if each.name == name)
    assert product.is_meat
    assert set(product.required_papers) == MEAT
    assert not product.commitment_certificate


def test_imported_goods_need_the_entry_certificate_and_no_commitment_certificate(products):
    durian = next(each for each in products.values() if each.name == "榴莲")
    assert durian.required_papers == (PaperKind.ENTRY_QUARANTINE,)
    assert not durian.commitment_certificate


@pytest.mark.parametrize(
    ("names", "applies"),
    [("菜心 香菇 荔枝 鸡蛋 草鱼 活鸡 茶鲜叶", True), ("带鱼 大米 花生油 水豆腐 五花肉", False)],
)
def test_the_commitment_certificate_is_for_what_the_rule_names(products, names, applies):
    """承诺达标合格证管理办法: vegetables, fruit, tea leaves, live poultry, eggs and farmed aquatic products."""
    by_name = {product.name: product for product in products.values()}
    assert {by_name[name].commitment_certificate for name in names.split()} == {applies}


def test_leaves_keep_for_days_and_roots_for_weeks(products):
    by_name = {product.name: product for product in products.values()}
    assert by_name["菜心"].shelf_days <= 3
    assert by_name["马铃薯"].shelf_days >= 10
    assert by_name["五花肉"].shelf_days == 1
