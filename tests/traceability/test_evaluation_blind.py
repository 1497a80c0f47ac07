"""Blind samples: planned by measured miss rate, sent with a label, tested like any other, compared."""

from __future__ import annotations

import datetime as dt

import pytest

from kit import clock
from kit.ids import uuid7
from kit.refusals import Invalid, NotFound
from registry.permissions import NotYourJob
from registry.roles import Role
from tests.factories.registry import ProductFactory, actor_with
from tests.factories.testing import TestItemFactory, point_at
from tests.factories.traceability import DAWN, TODAY, BatchFactory, RapidTestFactory, WholesaleStallFactory, officer
from tests.traceability.evaluated import carbofuran
from traceability.judging import Reading
from traceability.models import BlindSample, Hold, PositiveCase, Sample
from traceability.refusals import PointClosed
from traceability.selectors.blind import blind_agreement, duplicate_agreement
from traceability.services.blind import (
    AlreadySent,
    plan_blind,
    plan_by_rule,
    plan_by_rule_everywhere,
    send_blind,
    void_blind,
)
from traceability.services.record_test import Entry, record

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("dawn")]
A_YEAR = (DAWN - dt.timedelta(days=364), DAWN + dt.timedelta(days=1))


@pytest.fixture
def point():
    return point_at(WholesaleStallFactory())


@pytest.fixture
def tester(point):
    return actor_with(Role.TESTER, market=point.market)


def planned(point, expected="positive", **fields):
    asked = {"item": carbofuran(), "product": ProductFactory(), "planned_for": TODAY, "client_key": uuid7()}
    return plan_blind(officer(), point=point, expected=expected, **asked | fields)


def answer(tester, blind, result, item=None):
    entry = Entry(item=item or carbofuran(), reading=Reading(said=result))
    test = record(tester, sample=blind.sample, entry=entry, client_key=uuid7())
    blind.refresh_from_db()
    return test


def test_a_sample_is_sent_with_a_label_and_a_day_to_answer_by(point):
    blind = send_blind(officer(), blind=planned(point))
    assert blind.state == BlindSample.State.SENT
    assert blind.sample.purpose == Sample.Purpose.BLIND
    assert blind.sample.label
    assert blind.answer_due_at == DAWN + dt.timedelta(days=3)


def test_sent_twice_it_is_one_sample(point):
    blind = planned(point)
    first, second = (send_blind(officer(), blind=blind).sample_id for _ in range(2))
    assert first == second
    assert Sample.objects.count() == 1


def test_planned_twice_with_one_key_it_is_one(point):
    key = uuid7()
    assert planned(point, client_key=key) == planned(point, client_key=key)


def test_the_point_records_it_and_the_answer_is_compared(point, tester):
    blind = send_blind(officer(), blind=planned(point))
    test = answer(tester, blind, "positive")
    assert (blind.state, blind.agreed, blind.test_id, blind.answered_at) == ("answered", True, test.pk, DAWN)


def test_a_positive_of_a_blind_sample_stops_nobodys_goods(point, tester):
    answer(tester, send_blind(officer(), blind=planned(point)), "positive")
    assert not Hold.objects.exists()
    assert not PositiveCase.objects.exists()


def test_what_is_there_and_not_found_is_no_agreement(point, tester):
    blind = send_blind(officer(), blind=planned(point))
    answer(tester, blind, "negative")
    assert blind.agreed is False


def test_an_undecided_reading_or_another_item_is_no_answer_yet(point, tester):
    blind = send_blind(officer(), blind=planned(point))
    answer(tester, blind, "suspect")
    answer(tester, blind, "negative", item=TestItemFactory(code="CHLOR"))
    assert blind.state == BlindSample.State.SENT


def test_the_first_answer_counts(point, tester):
    blind = send_blind(officer(), blind=planned(point))
    answer(tester, blind, "negative")
    answer(tester, blind, "positive")
    assert blind.agreed is False


def test_a_called_off_sample_is_not_sent_and_says_why(point):
    blind = void_blind(officer(), blind=planned(point), reason="运输破损")
    assert blind.void_reason == "运输破损"
    with pytest.raises(AlreadySent):
        send_blind(officer(), blind=blind)
    with pytest.raises(AlreadySent):
        void_blind(officer(), blind=blind, reason="again")
    with pytest.raises(Invalid):
        void_blind(officer(), blind=planned(point), reason=" ")


def test_an_answered_sample_is_not_called_off(point, tester):
    blind = send_blind(officer(), blind=planned(point))
    answer(tester, blind, "positive")
    with pytest.raises(AlreadySent):
        void_blind(officer(), blind=blind, reason="too late")


def test_only_the_district_plans_and_only_its_own_open_points(point, tester):
    asked = {"point": point, "item": carbofuran(), "product": ProductFactory(), "expected": "negative",
             "planned_for": TODAY, "client_key": uuid7()}  # fmt: skip
    with pytest.raises(NotYourJob):
        plan_blind(tester, **asked)
    with pytest.raises(NotFound):
        plan_blind(officer("440605"), **asked)
    with pytest.raises(Invalid):
        plan_blind(officer(), **asked | {"planned_for": TODAY - dt.timedelta(days=1)})
    point.state, point.closed_on = "closed", TODAY
    with pytest.raises(PointClosed):
        plan_blind(officer(), **asked)


class TestByRule:
    def test_every_point_that_tests_gets_one_in_three_months(self, point):
        RapidTestFactory(batch=BatchFactory(place=point.market.places.get()), item=carbofuran())
        assert plan_by_rule(officer(), district_id="440607") == 1
        blind = BlindSample.objects.get()
        assert (blind.point, blind.item_id, blind.expected) == (point, "CARBO", "positive")
        assert blind.reason == "too_few 0/0 1/3"
        assert TODAY <= blind.planned_for <= dt.date(2026, 11, 30)

    def test_asked_again_nothing_is_added_until_the_months_are_over(self, point):
        RapidTestFactory(batch=BatchFactory(place=point.market.places.get()), item=carbofuran())
        assert plan_by_rule_everywhere() == 1
        assert plan_by_rule_everywhere() == 0
        with clock.freeze(DAWN + dt.timedelta(days=70)):
            assert plan_by_rule_everywhere() == 0
        later = DAWN + dt.timedelta(days=85)
        with clock.freeze(later):
            RapidTestFactory(batch=BatchFactory(place=point.market.places.get()), item=carbofuran())
            assert plan_by_rule_everywhere() == 1
        assert list(BlindSample.objects.order_by("planned_for").values_list("expected", flat=True)) == [
            "positive", "negative",
        ]  # fmt: skip

    def test_a_point_that_tests_nothing_gets_none(self, point):
        assert plan_by_rule_everywhere() == 0


class TestAgreement:
    def test_answers_are_compared_per_point(self, point, tester):
        for expected, result in [("positive", "positive"), ("positive", "negative"), ("negative", "negative")]:
            answer(tester, send_blind(officer(), blind=planned(point, expected)), result)
        found = blind_agreement("440607", *A_YEAR)[point.pk]
        assert (found.rate.part, found.rate.whole) == (2, 3)

    def test_second_readings_by_another_person_are_compared(self, point, tester):
        other = actor_with(Role.TESTER, market=point.market)
        first = RapidTestFactory(batch=BatchFactory(place=point.market.places.get()), actor=tester, item=carbofuran())
        for person in (tester, other):
            entry = Entry(item=carbofuran(), reading=Reading(said="negative"), repeats=first)
            record(person, sample=first.sample, entry=entry, client_key=uuid7())
        assert duplicate_agreement("440607", *A_YEAR)[point.pk].rate.whole == 1
