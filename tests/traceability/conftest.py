import pytest
from zeal import zeal_ignore

from kit import clock
from registry.roles import Role
from tests.factories.registry import MarketFactory, actor_with
from tests.factories.testing import TestPointFactory
from tests.factories.traceability import DAWN


@pytest.fixture
def each_sale_asks_for_itself():
    """Every sale of a message is a transaction of its own, so that the same queries come again for each."""
    with zeal_ignore():
        yield


@pytest.fixture
def dawn():
    """Half past five of 22 November 2026, for as long as the test runs."""
    with clock.freeze(DAWN):
        yield DAWN


@pytest.fixture
def market(db):
    return MarketFactory()


@pytest.fixture
def point(market):
    """The market's test point."""
    return TestPointFactory(market=market)


@pytest.fixture
def manager(market):
    return actor_with(Role.MARKET_MANAGER, market=market)
