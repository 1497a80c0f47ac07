"""Signing in to the API: a token for twelve hours, ended by whatever ends web sessions."""

import datetime as dt

import pytest
from django.core.cache import cache
from django.test import Client

from kit import clock
from registry.models import ApiSession
from registry.roles import Role
from registry.selectors.actors import actor_for
from registry.services import grants
from registry.services.sign_in import change_password
from tests.factories.registry import PASSWORD, AccountFactory, MarketFactory, account_with
from tests.registry.people import signed_in

pytestmark = pytest.mark.django_db
URL = "/api/v1/session"


@pytest.fixture(autouse=True)
def _nothing_counted():
    cache.clear()


@pytest.fixture
def manager():
    return account_with(Role.MARKET_MANAGER, market=MarketFactory(), account__phone="13912345678")


def ask(username, password=PASSWORD):
    return Client().post(URL, {"username": username, "password": password}, content_type="application/json")


def bearing(token):
    return Client(headers={"Authorization": f"Bearer {token}"})


def test_a_token_says_who_one_is(manager):
    answer = ask("139 1234 5678")
    assert answer.status_code == 201
    assert answer["Cache-Control"] == "no-store"
    me = bearing(answer.json()["token"]).get(URL).json()
    assert me["username"] == manager.username
    assert [role["role"] for role in me["roles"]] == ["market_manager"]


def test_the_database_keeps_only_a_hash(manager):
    token = ask(manager.username).json()["token"]
    assert len(token) >= 22
    assert token not in str(ApiSession.objects.values())


def test_a_wrong_password_is_a_problem_and_the_fifth_waits(manager):
    answers = [ask(manager.username, "wrong") for _ in range(5)]
    assert (answers[0].status_code, answers[0].json()["code"]) == (401, "wrong_password")
    assert (answers[4].status_code, answers[4].json()["code"]) == (429, "too_many_tries")
    assert answers[4]["Content-Type"] == "application/problem+json"
    assert ask(manager.username).status_code == 429


@pytest.mark.parametrize("body", [{}, {"username": "x"}, {"username": "x" * 61, "password": "y"}, {"username": ["x"]}])
def test_an_incomplete_question_says_what_is_missing(body):
    answer = Client().post(URL, body, content_type="application/json")
    assert answer.status_code == 400
    assert answer.json()["fields"]


def test_a_password_still_to_be_chosen_is_chosen_on_the_web():
    person = AccountFactory(must_change_password=True)
    assert ask(person.username).json()["code"] == "must_change_password"
    assert signed_in(person).get(URL).status_code == 403


@pytest.mark.parametrize("header", ["Bearer", "Bearer ", "Bearer a b", "Bearer unknown", "Bearer ünknown"])
def test_an_unknown_token_is_nobody(header):
    answer = Client(headers={"Authorization": header.encode().decode("latin-1")}).get(URL)
    assert answer.status_code == 401
    assert answer["WWW-Authenticate"] == "Bearer"


def test_it_ends_by_signing_out(manager):
    client = bearing(ask(manager.username).json()["token"])
    assert client.delete(URL).status_code == 204
    assert client.get(URL).status_code == 401


def test_it_ends_after_twelve_hours(manager):
    client = bearing(ask(manager.username).json()["token"])
    with clock.freeze(clock.now() + dt.timedelta(hours=12)):
        assert client.get(URL).status_code == 401


def test_it_ends_with_a_new_password(manager):
    client = bearing(ask(manager.username).json()["token"])
    change_password(manager, old=PASSWORD, new="another phrase 7")
    assert client.get(URL).status_code == 401


def test_it_ends_with_a_role(manager):
    client = bearing(ask(manager.username).json()["token"])
    grants.end(actor_for(account_with(Role.SUPPORT)), grant=manager.grants.get())
    assert client.get(URL).status_code == 401


def test_a_web_session_serves_too(manager):
    assert signed_in(manager).get(URL).json()["username"] == manager.username
