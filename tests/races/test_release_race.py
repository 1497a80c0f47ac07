"""Given back and handed in at once: one of the two, never both."""

import time

import pytest

from inspections.models import Claim, Submission
from inspections.refusals import LeaseOver
from inspections.selectors.on_site import own_claim
from inspections.services import submit
from inspections.services.release import release_task
from inspections.services.submit import is_live
from tests.inspections.visits import hand_in, picture, send_photo, state, taken, who
from tests.kit.together import together

pytestmark = pytest.mark.django_db(transaction=True)
TRIES = 6
PAUSE_S = 0.05


def both_at_once():
    claim = taken()
    send_photo(claim, picture())
    sent, back = together(lambda: hand_in(claim), lambda: release_task(who(claim), claim=claim, reason="临时有事"))
    assert isinstance(sent, Submission), sent
    assert isinstance(back, Claim | LeaseOver), back
    return sent.orphan, isinstance(back, Claim), state(claim)


@pytest.fixture
def slowly(monkeypatch):
    """A pause between looking at the lease and writing."""

    def slow(claim, at):
        found = is_live(claim, at)
        time.sleep(PAUSE_S)
        return found

    monkeypatch.setattr(submit, "is_live", slow)


def test_either_it_was_given_back_or_it_was_handed_in(slowly):
    for _ in range(TRIES):
        orphan, given_back, task = both_at_once()
        assert orphan == given_back
        assert task == ("open" if given_back else "submitted")


def test_what_one_had_given_back_is_kept_for_the_reviewer():
    claim = taken()
    release_task(who(claim), claim=claim, reason="临时有事")
    assert hand_in(claim).orphan
    assert state(claim) == "open"


def test_without_the_locks_a_record_could_count_for_a_task_given_back(slowly, monkeypatch):
    monkeypatch.setattr(submit, "lock_own", own_claim)
    assert any(given_back and not orphan for orphan, given_back, _ in (both_at_once() for _ in range(TRIES * 2)))
