"""Officers of a district with one town, signed in; the kinds, checklists and courses it starts with; a budget line."""

import pytest

from inspections.services.set_up import ensure_defaults
from kit import clock
from registry.roles import Role
from tests.factories.inspections import BudgetFactory
from tests.factories.registry import DISTRICT, TownFactory, account_with, actor_with


@pytest.fixture
def town():
    return TownFactory()


@pytest.fixture
def as_officer(client, town):
    client.force_login(account_with(Role.DISTRICT_OFFICER))
    return client


@pytest.fixture
def as_town_officer(client, town):
    client.force_login(account_with(Role.TOWN_OFFICER, town=town))
    return client


@pytest.fixture
def defaults(town):
    ensure_defaults(DISTRICT)


@pytest.fixture
def budget():
    return BudgetFactory(month=clock.now().date().replace(day=1), cap_fen=10_000)


@pytest.fixture
def district_officer(town):
    return actor_with(Role.DISTRICT_OFFICER)
