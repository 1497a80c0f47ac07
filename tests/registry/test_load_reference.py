"""Loading reference data: all of it at first, nothing when nothing changed, and nobody's own edits lost."""

from dataclasses import replace

import pytest
from django.core.management import call_command

from registry import reference
from registry.models import Product, ProductAlias, ProductCategory, ReferenceSet, Region
from registry.services.load_reference import ProductNameTaken, load_reference

pytestmark = pytest.mark.django_db


@pytest.fixture
def small(monkeypatch):
    """Few regions and products, so that a test takes no time; returns a way to ship others."""

    def ship(products, regions=()):
        monkeypatch.setattr(reference, "regions", lambda: tuple(regions))
        monkeypatch.setattr(reference, "products", lambda: tuple(products))

    ReferenceSet.objects.all().delete()
    pepper, tomato = (next(p for p in reference.products() if p.name == name) for name in ("辣椒", "番茄"))
    ship([pepper, tomato])
    load_reference()
    return pepper, tomato, ship


def written():
    return {each.name: (each.written, each.retired) for each in load_reference()}


def test_everything_shipped_is_loaded_once():
    ReferenceSet.objects.all().delete()
    first = {each.name: each for each in load_reference()}
    assert Region.objects.filter(level="county").count() > 2800
    assert Product.objects.count() == first["products"].shipped
    assert ProductAlias.objects.count() == first["aliases"].shipped
    assert ProductCategory.objects.count() == len(reference.categories())
    town = Region.objects.get(code="440607104")
    assert (town.name, town.name_en, town.parent.parent.name) == ("白坭镇", "Baini Town", "佛山市")
    assert [(each.written, each.retired) for each in load_reference()] == [(0, 0)] * 4


def test_a_second_start_asks_little_of_the_database(small, django_assert_max_num_queries):
    with django_assert_max_num_queries(10):
        load_reference()


def test_a_changed_row_is_written_and_no_other(small):
    pepper, tomato, ship = small
    ship([replace(pepper, shelf_days=4), tomato])
    assert written()["products"] == (1, 0)
    assert Product.objects.get(code=pepper.code).shelf_days == 4


def test_what_somebody_changed_by_hand_stays(small):
    pepper, tomato, ship = small
    Product.objects.filter(code=tomato.code).update(shelf_days=2, active=False)
    ship([replace(pepper, shelf_days=4), tomato])
    load_reference()
    tomato_now = Product.objects.get(code=tomato.code)
    assert (tomato_now.shelf_days, tomato_now.active) == (2, False)


def test_a_product_no_longer_shipped_is_switched_off_and_kept(small):
    pepper, tomato, ship = small
    ship([pepper])
    assert written()["products"] == (0, 1)
    assert not Product.objects.get(code=tomato.code).active


def test_an_alias_no_longer_shipped_goes_and_one_added_by_hand_stays(small):
    pepper, tomato, ship = small
    ProductAlias.objects.create(product_id=pepper.code, alias="大青椒", pinyin="daqingjiao", initials="dqj")
    ship([replace(pepper, aliases=("青椒",)), tomato])
    load_reference()
    assert set(ProductAlias.objects.filter(product=pepper.code).values_list("alias", flat=True)) == {"青椒", "大青椒"}


def test_a_name_taken_by_hand_is_refused_in_words(small):
    pepper, tomato, ship = small
    Product.objects.create(
        code="99001", category_id=pepper.category, name="紫番茄", name_en="", pinyin="", shelf_days=3
    )
    ship([pepper, tomato, replace(tomato, code="13099", name="紫番茄", aliases=())])
    with pytest.raises(ProductNameTaken, match="紫番茄"):
        load_reference()


def test_the_command_says_what_it_did(small, capsys):
    call_command("load_reference")
    assert "products: 2 shipped, 0 written, 0 retired" in capsys.readouterr().out
