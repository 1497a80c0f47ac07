"""The demo world has a district's markets and canteens, and names that repeat with the seed."""

from random import Random

import pytest

from demo.names import Names, table
from demo.settle import WHOLESALE_ZONES
from registry import reference
from registry.business_types import BusinessType

TOWNS = {row["code"] for row in reference.rows("towns.csv")}


@pytest.fixture
def names():
    return Names(Random(7))


def test_one_wholesale_market_and_twenty_retail_markets_of_which_sixteen_are_starred():
    markets = table()["markets"]
    retail = [market for market in markets if market["kind"] == "retail"]
    assert [market["name"] for market in markets if market["kind"] == "wholesale"] == ["百旺城批发市场"]
    assert len(retail) == 20
    assert sum(market["star_level"] > 0 for market in retail) == 16
    assert {market["town"] for market in retail} == TOWNS


def test_there_are_180_testing_canteens_of_known_kinds_in_known_towns():
    canteens = table()["testing_canteens"]
    found = [name for towns in canteens.values() for each in towns.values() for name in each]
    assert len(found) == len(set(found)) == 180
    assert set(canteens) <= set(BusinessType)
    assert {town for towns in canteens.values() for town in towns} <= TOWNS


def test_every_zone_has_names_and_sells_categories_that_exist():
    zones = table()["zones"]
    assert zones.keys() == table()["trade_names"]["goods"].keys()
    assert {code for codes in zones.values() for code in codes} <= {each.code for each in reference.categories()}


def test_the_same_seed_gives_the_same_names():
    first, second = Names(Random(3)), Names(Random(3))
    assert [first.person() for _ in range(20)] == [second.person() for _ in range(20)]


def test_every_pattern_can_be_filled(names):
    for _ in range(200):
        made = [names.trade_name(zone) for zone in table()["zones"]]
        made += [names.supplier(each.code, "元谋县") for each in reference.categories()]
        made += [names.wholesaler(zone) for zone in WHOLESALE_ZONES] + [names.importer()]
        assert not [name for name in made if "{" in name]


def test_businesses_have_signboards_of_their_kind(names):
    for kind in ("large_restaurant", "snack_shop", "convenience_store", "cold_store"):
        assert BusinessType(kind)
        assert names.business(kind)


def test_a_supplier_bears_the_name_of_its_county(names):
    assert names.supplier("11", "元谋县").startswith("元谋")
    assert names.supplier("24", "乐东黎族自治县").startswith("乐东")
    assert "黎族" not in names.supplier("24", "乐东黎族自治县")


def test_addresses_and_plates_look_right(names):
    for town in TOWNS:
        assert names.address(town).endswith("号")
    assert names.plate("532328")[0] == "云"
    assert names.plate("THA")[0] == "粤"
    assert len(names.plate("440607")) == 7
