"""A request with a key is done once. An effect, in these tests, is a public code."""

import datetime as dt
import time

import pytest
from django.db import transaction

from kit import clock, idempotency, public_codes
from kit.idempotency import Answer, once
from kit.models import IdempotencyRecord, PublicCode
from kit.refusals import Conflict
from tests.kit.together import together

pytestmark = pytest.mark.django_db

NOON = dt.datetime(2026, 11, 22, 12, tzinfo=dt.UTC)
KEY = "0192f1c0-key"


def make():
    code = public_codes.reserve("v", "320582", None, 1, NOON)[0]
    return Answer(201, {"token": code.token})


def slowly():
    answer = make()
    time.sleep(0.3)
    return answer


def refuse():
    make()
    raise Conflict(code="sold_out")


def ask(fn=make, *, actor="account:1", route="/api/v1/sales/", key=KEY, body=b"{}"):
    return once(actor, route, key, body, fn)


def effects():
    return PublicCode.objects.count()


def test_the_same_request_gets_the_stored_answer():
    first, second = ask(), ask()
    assert (first.status, first.replayed) == (201, False)
    assert second == Answer(201, first.data, replayed=True)
    assert effects() == 1


def test_the_same_key_with_other_content_is_refused():
    ask(body=b'{"kg": 1}')
    with pytest.raises(idempotency.DifferentContent) as refusal:
        ask(body=b'{"kg": 2}')
    assert (refusal.value.status, refusal.value.code) == (409, "different_content")
    assert effects() == 1


@pytest.mark.parametrize("other", [{"actor": "account:2"}, {"route": "/api/v1/intakes/"}, {"key": "another"}])
def test_a_key_belongs_to_one_actor_and_one_route(other):
    ask()
    assert not ask(**other).replayed
    assert effects() == 2


def test_a_refusal_is_not_kept_so_that_the_same_key_may_be_tried_again():
    with pytest.raises(Conflict, match="sold_out"):
        ask(refuse)
    assert effects() == 0
    assert not ask().replayed


@pytest.mark.parametrize("key", ["", "k" * 256, "键", "a\nb", "a\x00"])
def test_a_key_has_1_to_255_visible_characters(key):
    with pytest.raises(idempotency.BadKey):
        ask(key=key)


def test_keys_are_forgotten_after_7_days():
    with clock.freeze(NOON):
        ask()
    with clock.freeze(NOON + idempotency.KEPT):
        assert idempotency.purge() == 0
    with clock.freeze(NOON + idempotency.KEPT + dt.timedelta(seconds=1)):
        assert idempotency.purge() == 1


def test_the_record_goes_the_way_of_the_surrounding_transaction():
    with pytest.raises(ZeroDivisionError), transaction.atomic():  # noqa: PT012
        ask()
        raise ZeroDivisionError
    assert not IdempotencyRecord.objects.exists()


@pytest.mark.django_db(transaction=True)
class TestAtTheSameTime:
    def test_one_request_runs_and_the_others_get_its_answer(self):
        answers = together(*[lambda: ask(slowly)] * 8)
        assert len({answer.data["token"] for answer in answers}) == 1
        assert sorted(answer.replayed for answer in answers) == [False] + [True] * 7
        assert effects() == 1

    def test_control_without_a_key_each_runs(self):
        together(*[slowly] * 8)
        assert effects() == 8

    def test_when_the_first_is_refused_the_one_that_waited_runs(self):
        def refused():
            make()
            time.sleep(0.3)
            raise Conflict(code="sold_out")

        def later():
            time.sleep(0.1)
            return ask()

        first, second = together(lambda: ask(refused), later)
        assert isinstance(first, Conflict)
        assert not second.replayed
        assert effects() == 1

    def test_other_content_under_the_same_key_waits_and_is_refused(self):
        def later():
            time.sleep(0.1)
            return ask(body=b"other")

        first, second = together(lambda: ask(slowly), later)
        assert first.status == 201
        assert isinstance(second, idempotency.DifferentContent)
