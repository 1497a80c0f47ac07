import pytest
from zeal import zeal_ignore

from kit import clock
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
