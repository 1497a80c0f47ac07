"""A trader types what comes to mind and finds the product; so with places of origin."""

import pytest

from registry import reference
from registry.models import Product
from registry.selectors.products import find_products
from registry.selectors.regions import find_origins
from registry.services.load_reference import load_reference


@pytest.fixture
def catalogue(db, monkeypatch):
    """The products as shipped, without the regions."""
    monkeypatch.setattr(reference, "regions", tuple)
    load_reference()


@pytest.fixture
def places(db, monkeypatch):
    """Some regions of each level."""
    wanted = ("44", "53", "THA")
    some = tuple(region for region in reference.regions() if region.code.startswith(wanted))
    monkeypatch.setattr(reference, "regions", lambda: some)
    load_reference()


def found(text, limit=20):
    return [product.name for product in find_products(text, limit)]


def test_a_product_is_found_however_it_is_typed(catalogue):
    for text in ("lj", "LJ", "lajiao", "la jiao", "辣椒", "辣 椒", "青椒", "qingjiao", "laj"):
        assert "辣椒" in found(text), text


def test_the_name_itself_comes_first(catalogue):
    assert found("辣椒")[0] == "辣椒"
    assert found("lajiao")[0] == "辣椒"
    assert found("牛肉")[0] == "牛肉"


def test_a_product_bearing_the_word_comes_before_one_only_also_called_so(catalogue):
    names = found("豆腐")
    assert names.index("水豆腐") < names.index("落葵")


def test_other_markets_names_lead_to_the_product(catalogue):
    for names in (
        "西红柿 番茄",
        "洋柿子 番茄",
        "土豆 马铃薯",
        "薯仔 马铃薯",
        "通菜 空心菜",
        "蕹菜 空心菜",
        "豆角 豇豆",
        "鲩鱼 草鱼",
        "矮瓜 茄子",
        "凉瓜 苦瓜",
        "生鱼 乌鳢",
        "猪润 猪肝",
        "椰菜 卷心菜",
    ):
        said, meant = names.split()
        assert found(said)[0] == meant, said


def test_a_slip_of_the_finger_is_forgiven(catalogue):
    assert "马铃薯" in found("malinshu")
    assert "上海青" in found("上海青菜")


def test_a_product_comes_once_though_several_names_fit(catalogue):
    names = found("椒")
    assert len(names) == len(set(names))
    assert found("椒", limit=3) == names[:3]


def test_nothing_typed_finds_nothing(catalogue):
    assert found("") == found("  ") == []
    assert found("zzzzqq") == []


def test_a_product_switched_off_is_not_offered(catalogue):
    Product.objects.filter(name="辣椒").update(active=False)
    assert "辣椒" not in found("辣椒")


def test_signs_are_not_wildcards(catalogue):
    assert found("%") == found("_") == []


def test_an_origin_is_found_by_name_reading_or_with_its_province(places):
    for text in ("元谋", "yuanmou", "ymx", "云南元谋", "云南省元谋县"):
        assert "元谋县" in [region.name for region in find_origins(text)], text
    assert find_origins("泰国")[0].code == "THA"
    assert find_origins("白坭")[0].name_en == "Baini Town"
    assert [region.name for region in find_origins("东莞")] == ["东莞市"]


def test_the_own_province_comes_first(places):
    assert find_origins("xw", near="440607")[0].name == "徐闻县"
    assert find_origins("xw", near="530111")[0].name == "宣威市"


def test_a_province_is_not_precise_enough_for_an_origin(places):
    assert "广东省" not in [region.name for region in find_origins("广东省")]
    assert find_origins("") == []
    assert find_origins(".*") == []
