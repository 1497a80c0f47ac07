"""A record sent by two tabs at once is one; work that comes late and somebody who takes the task never both win."""

import datetime as dt
import time

import pytest

from inspections.models import Claim, Submission, Task
from inspections.selectors.on_site import missing, own_claim
from inspections.services import submit
from inspections.services.claim import claim_task
from inspections.services.submit import _take_up_again as take_up_again
from kit import clock
from kit.ids import uuid7
from kit.refusals import Refusal
from registry.selectors.actors import actor_for
from tests.factories.inspections import CoordinatorFactory
from tests.inspections.visits import hand_in, picture, record, send_photo, taken
from tests.kit.together import together

pytestmark = pytest.mark.django_db(transaction=True)
TABS = 6
TRIES = 5
PAUSE_S = 0.05


@pytest.fixture
def slowly(monkeypatch):
    """A pause between looking and writing, so that two really meet."""

    def slow_missing(submission):
        found = missing(submission)
        time.sleep(PAUSE_S)
        return found

    def slow_again(claim, at):
        again = take_up_again(claim, at)
        time.sleep(PAUSE_S)
        return again

    monkeypatch.setattr("inspections.services.complete.missing", slow_missing)
    monkeypatch.setattr(submit, "_take_up_again", slow_again)


def sent_by_several_tabs():
    claim, key, content = taken(), uuid7(), record()
    send_photo(claim, picture())
    return together(*[lambda: hand_in(claim, content, key=key)] * TABS)


def test_sent_by_several_tabs_at_once_it_is_one_and_all_hear_the_same():
    answers = sent_by_several_tabs()
    assert {getattr(answer, "pk", answer) for answer in answers} == {Submission.objects.get().pk}


def test_without_the_locks_some_tabs_would_see_an_error(monkeypatch):
    monkeypatch.setattr(submit, "lock_own", own_claim)
    answers = [answer for _ in range(TRIES) for answer in sent_by_several_tabs()]
    assert any(isinstance(answer, Exception) for answer in answers)


def late_against_another():
    """A lease has run out: its holder sends the record while somebody else takes the task."""
    claim = taken()
    send_photo(claim, picture())
    Claim.objects.filter(pk=claim.pk).update(lease_until=clock.now() - dt.timedelta(minutes=1))
    other = actor_for(CoordinatorFactory(town=claim.task.town).account)
    sent, won = together(
        lambda: hand_in(claim),
        lambda: claim_task(other, task_id=claim.task_id, district_id=claim.district_id, client_key=uuid7()),
    )
    assert isinstance(sent, Submission), sent
    assert isinstance(won, Claim | Refusal), won
    return sent, won, Task.objects.get(pk=claim.task_id).state


def both_won(sent, won) -> bool:
    return not sent.orphan and isinstance(won, Claim)


def test_either_the_late_record_counts_or_the_other_holds_the_task(slowly):
    for _ in range(TRIES):
        sent, won, state = late_against_another()
        assert not both_won(sent, won)
        assert state == ("claimed" if sent.orphan else "submitted")


def test_without_the_locks_both_would_believe_they_had_it(slowly, monkeypatch):
    monkeypatch.setattr(submit, "lock_own", own_claim)
    assert any(both_won(sent, won) for sent, won, _ in (late_against_another() for _ in range(TRIES * 2)))


def test_two_last_photos_at_once_complete_it_once(slowly):
    for _ in range(TRIES):
        claim = taken()
        hand_in(claim, record((picture(1), ""), (picture(2), "")))
        answers = together(lambda: send_photo(claim, picture(1)), lambda: send_photo(claim, picture(2)))
        assert not [answer for answer in answers if isinstance(answer, Exception)]
        assert Task.objects.get(pk=claim.task_id).state == "submitted"


def test_without_the_locks_two_last_photos_could_each_wait_for_the_other(slowly, monkeypatch):
    """Each sees the other missing, and the record stays open for ever; or both complete it, and one fails."""
    monkeypatch.setattr("inspections.services.photos.lock_own", own_claim)
    stuck = 0
    for _ in range(TRIES * 2):
        claim = taken()
        hand_in(claim, record((picture(1), ""), (picture(2), "")))
        together(lambda: send_photo(claim, picture(1)), lambda: send_photo(claim, picture(2)))
        stuck += Task.objects.get(pk=claim.task_id).state != "submitted"
    assert stuck
