"""People of one market: whoever manages it, a stall and its keeper."""

import pytest

from registry.roles import Role
from tests.factories.registry import AccountFactory, GrantFactory, MarketFactory, StallFactory, account_with
from tests.registry.people import PHONE


@pytest.fixture
def market():
    return MarketFactory()


@pytest.fixture
def manager(market):
    return account_with(Role.MARKET_MANAGER, market=market, account__name="何玲")


@pytest.fixture
def stall(market):
    return StallFactory(market=market)


@pytest.fixture
def vendor(stall):
    person = AccountFactory(username="chenwang", name="陈旺", phone=PHONE)
    return GrantFactory(role=Role.VENDOR, place=stall, account=person).account
