"""What the demo district trades comes from places that exist, in its season."""

import csv

import pytest

from demo.goods import demo_trade
from demo.names import DATA
from registry import reference


@pytest.fixture(scope="module")
def regions():
    return {region.code: region for region in reference.regions()}


@pytest.fixture(scope="module")
def products():
    return {product.code: product for product in reference.products()}


def test_every_product_is_traded_from_places_that_exist(products, regions):
    trade = demo_trade()
    assert {each.product for each in trade} == set(products)
    for each in trade:
        assert sum(share for _, share in each.origins) == 100, each
        assert {code for code, _ in each.origins} <= set(regions), each
        assert each.months <= set(range(1, 13))
        assert each.months
        assert 0 < each.low_fen_per_kg < each.high_fen_per_kg
        assert each.batch_kg > 0


def test_the_place_names_beside_the_codes_are_right(regions):
    with (DATA / "trade.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    for row in rows:
        for origin in row["origins"].split("|"):
            code, name, _ = origin.split(" ")
            assert regions[code].name == name


def test_seasons_may_run_over_the_new_year():
    lychee, choy = (next(each for each in demo_trade() if each.product == code) for code in ("24003", "11020"))
    assert lychee.months == {4, 5, 6, 7}
    assert choy.months == {10, 11, 12, 1, 2, 3, 4}
