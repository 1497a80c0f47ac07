"""到场签到: allowed whatever is lacking, and marked."""

import datetime as dt

import pytest

from inspections.models import CheckIn, Claim
from inspections.refusals import LeaseOver
from inspections.visit_rules import Position, distance_m
from kit import clock
from kit.ids import uuid7
from kit.refusals import NotFound
from tests.factories.inspections import CoordinatorFactory
from tests.factories.registry import StoreFactory
from tests.inspections.visits import AT_THE_DOOR, LATITUDE, LONGITUDE, arrive, named, state, taken, who
from inspections.services.check_in import check_in

pytestmark = pytest.mark.django_db


def far(metres: int, accuracy_m: int = 20) -> Position:
    return Position(LATITUDE + metres / 111_195, LONGITUDE, accuracy_m)


def test_a_degree_of_latitude_is_111_kilometres():
    assert distance_m(AT_THE_DOOR, LATITUDE + 1, LONGITUDE) == pytest.approx(111_195, abs=5)


def test_code_place_and_time_together_confirm_it():
    claim = taken()
    arrived = arrive(claim)
    assert (arrived.outcome, arrived.why, arrived.scanned, arrived.distance_m) == ("success", "", True, 0)
    assert state(claim) == "on_site"


@pytest.mark.parametrize("typed", ["https://example.org/d/{0}", "/D/{0}", "{0}", " {1} "])
def test_the_code_is_read_as_address_token_or_typed(typed):
    claim = taken()
    place = claim.task.place
    assert arrive(claim, scanned_token=typed.format(place.token, place.typed_code)).outcome == "success"


@pytest.mark.parametrize(
    ("lacking", "outcome", "why"),
    [
        ({"position": None}, "skipped", "refused"),
        ({"position": far(0, accuracy_m=400)}, "skipped", "weak"),
        ({"scanned_token": ""}, "skipped", "not_scanned"),
        ({"position": far(400)}, "failure", "far"),
        ({"position": far(160)}, "success", ""),
        ({"phone_at": dt.datetime(2030, 1, 1, tzinfo=dt.UTC)}, "failure", "out_of_time"),
    ],
)
def test_whatever_is_lacking_is_marked_and_keeps_nobody_from_working(lacking, outcome, why):
    claim = taken()
    arrived = arrive(claim, **lacking)
    assert (arrived.outcome, arrived.why) == (outcome, why)
    assert state(claim) == "on_site"


def test_the_code_of_another_place_is_told_apart():
    assert arrive(taken(), scanned_token=StoreFactory().token).why == "other_code"


def test_without_consent_no_position_is_kept():
    claim = taken()
    type(claim.coordinator).objects.update(location_consent_at=None)
    arrived = arrive(claim)
    assert (arrived.why, arrived.position, arrived.distance_m) == ("no_consent", "", None)


def test_a_place_that_is_not_on_the_map_cannot_be_measured():
    claim = taken()
    type(claim.task.place).objects.update(latitude=None, longitude=None)
    assert arrive(claim).why == "no_map"


def test_arriving_renews_the_lease_until_the_task_is_due():
    claim = taken()
    arrive(claim)
    assert Claim.objects.get().lease_until == claim.task.due_at > claim.lease_until


def test_sent_twice_it_is_one_and_every_attempt_is_kept():
    claim, key = taken(), uuid7()
    assert arrive(claim, key=key) == arrive(claim, key=key)
    arrive(claim, position=None)
    assert CheckIn.objects.count() == 2


def test_after_the_lease_it_is_written_down_and_said():
    claim = taken()
    Claim.objects.update(lease_until=clock.now() - dt.timedelta(hours=1))
    with pytest.raises(LeaseOver):
        arrive(claim)
    assert CheckIn.objects.count() == 1
    assert state(claim) == "claimed"


def test_somebody_elses_claim_answers_like_a_missing_one():
    claim = taken()
    other = CoordinatorFactory(town=claim.task.town)
    claim.coordinator = other
    with pytest.raises(NotFound):
        check_in(who(claim), **named(claim), phone_at=clock.now(), client_key=uuid7())
