"""One search box: a code leads to its thing, anything else to what it may be and the reader may see."""

import pytest
from django.urls import reverse

from kit import codes
from registry.roles import Role
from registry.selectors.search import code_in
from tests.factories.registry import (
    GrantFactory,
    MarketFactory,
    OrganisationFactory,
    StallFactory,
    StoreFactory,
    SupplierFactory,
    account_with,
    credit_code,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def market():
    return MarketFactory(name="河口农贸市场", organisation__name="河口市场公司")


@pytest.fixture
def stall(market):
    organisation = OrganisationFactory(name="三水蔬菜行", uscc=credit_code(5), phone="")
    stall = StallFactory(market=market, stall_no="A07", name="旺记蔬菜", organisation=organisation)
    GrantFactory(role=Role.VENDOR, place=stall, account__name="陈阿妹", account__phone="13900008123")
    return stall


@pytest.fixture
def as_manager(client, market):
    client.force_login(account_with(Role.MARKET_MANAGER, market=market))
    return client


def found(client, q):
    """What the box finds: titles by group."""
    answer = client.get(reverse("search"), {"q": q})
    return {str(group.label): [hit.title for hit in group.hits] for group in answer.context["groups"]}


@pytest.mark.parametrize(
    "typed",
    [
        "{token}",
        " {lower} ",
        "{typed}",
        "{bare}",
        "https://example.com/s/{token}",
        "https://example.com/s/{lower}?x=1",
        "example.com/s/{token}.svg",
        "https://example.com/c/{typed}",
    ],
)
def test_a_code_leads_to_what_may_be_done_with_its_thing(as_manager, stall, typed):
    typed = typed.format(
        token=stall.token, lower=stall.token.lower(), typed=codes.grouped(stall.typed_code), bare=stall.typed_code
    )
    answer = as_manager.get(reverse("search"), {"q": typed})
    assert (answer.status_code, answer["Location"]) == (302, reverse("open", args=[stall.token]))


def test_words_are_no_code(django_assert_num_queries):
    with django_assert_num_queries(0):
        assert code_in("旺记 蔬菜") is None
        assert code_in("") is None
        assert code_in("x" * 300) is None


@pytest.mark.parametrize("q", ["A07", "旺记", "wjsc", "wangji"])
def test_a_stall_is_found(as_manager, stall, q):
    (titles,) = found(as_manager, q).values()
    assert titles == ["A07 旺记蔬菜 · 河口农贸市场"]


@pytest.mark.parametrize("q", ["陈阿妹", "13900008123", "139 0000 8123", "8123"])
def test_somebody_is_found_by_name_whole_phone_and_last_four_digits(as_manager, stall, q):
    assert ["陈阿妹"] in found(as_manager, q).values()


def test_a_business_is_found_by_its_code(as_manager, stall):
    assert ["三水蔬菜行"] in found(as_manager, credit_code(5)).values()


def test_what_belongs_to_others_is_not_found(client, stall):
    other = MarketFactory(organisation__name="别的市场公司")
    client.force_login(account_with(Role.MARKET_MANAGER, market=other))
    for q in ("A07", "旺记", "陈阿妹", "8123", credit_code(5)):
        assert found(client, q) == {}


def test_a_keeper_finds_the_own_stall_and_suppliers_and_no_people(client, stall):
    keeper = account_with(Role.VENDOR, place=stall)
    SupplierFactory(organisation=stall.organisation, name="旺旺合作社")
    client.force_login(keeper)
    assert sorted(map(tuple, found(client, "旺").values())) == [("A07 旺记蔬菜 · 河口农贸市场",), ("旺旺合作社",)]
    assert found(client, credit_code(5)) == {}


def test_an_empty_box_says_what_can_be_found(as_manager):
    answer = as_manager.get(reverse("search"))
    assert answer.context["groups"] == []
    assert reverse("scan") in answer.content.decode()


def test_the_number_of_questions_to_the_database_does_not_grow_with_what_is_found(
    as_manager, market, django_assert_max_num_queries
):
    for number in range(12):
        GrantFactory(role=Role.VENDOR, place=StallFactory(market=market, stall_no=f"C{number}", name="旺记"))
    StoreFactory(name="旺记食堂")
    with django_assert_max_num_queries(30):
        assert [len(titles) for titles in found(as_manager, "旺记").values()] == [10, 10]
