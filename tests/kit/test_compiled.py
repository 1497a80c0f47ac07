"""A query made into SQL once answers as the ORM would, for whatever it is asked."""

import datetime as dt
from uuid import UUID

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from kit.compiled import Compiled
from registry.models import Account
from tests.factories.registry import AccountFactory

pytestmark = pytest.mark.django_db
LONG_AGO = dt.datetime(2000, 1, 1, tzinfo=dt.UTC)


def named(name, since):
    return Account.objects.filter(name=name, created_at__gte=since, is_active=True).order_by("username")


def test_each_call_has_its_own_values_and_the_same_statement():
    here, there = AccountFactory(name="陈旺"), AccountFactory(name="李秋")
    query = Compiled(named, name="-", since=LONG_AGO)
    since = here.created_at - dt.timedelta(days=1)
    assert list(query.rows(name="陈旺", since=since)) == [here]
    assert query.first(name="李秋", since=since) == there
    assert query.first(name="无人", since=since) is None
    assert query.first(name="李秋", since=there.created_at + dt.timedelta(days=1)) is None


def test_it_sends_what_the_orm_sends():
    since = LONG_AGO + dt.timedelta(days=1)
    with CaptureQueriesContext(connection) as asked:
        list(named("陈旺", since))
        list(Compiled(named, name="-", since=LONG_AGO).rows(name="陈旺", since=since))
    assert asked[0]["sql"] == asked[1]["sql"]


def test_a_parameter_that_is_not_in_the_statement_is_a_mistake():
    with pytest.raises(ValueError, match="who"):
        Compiled(lambda who: Account.objects.all(), who=UUID(int=1)).first(who=UUID(int=2))
