"""Signs of taking that no thumb makes: what makes one, and what does not."""

import datetime as dt
import random

import pytest

from inspections.grab_patterns import Attempt, Sign, longest_steady, pattern

MORNING = dt.datetime(2026, 11, 25, 8, 0, tzinfo=dt.UTC)


def attempts(*seconds, after_ms=5000, outcome="taken"):
    return [Attempt(MORNING + dt.timedelta(seconds=each), outcome, after_ms) for each in seconds]


def gaps(*seconds):
    return [dt.timedelta(seconds=each) for each in seconds]


def test_nothing_attempted_is_nothing_said():
    found = pattern([])
    assert (found.attempts, found.median_s, found.quickest_s, found.signs) == (0, None, None, ())


def test_wins_losses_and_times():
    found = pattern([*attempts(0, outcome="won", after_ms=2000), *attempts(60, 130, after_ms=9000)])
    assert (found.attempts, found.won, found.lost, found.median_s, found.quickest_s) == (3, 1, 2, 9.0, 2.0)


@pytest.mark.parametrize(("after_ms", "times", "sign"), [(499, 3, True), (499, 2, False), (500, 30, False)])
def test_within_half_a_second_of_publishing_three_times(after_ms, times, sign):
    found = pattern(attempts(*(97.3 * n * n for n in range(times)), after_ms=after_ms))
    assert (Sign.INSTANT in found.signs) is sign


@pytest.mark.parametrize(("apart", "times", "sign"), [(0.9, 3, True), (0.9, 2, False), (1.0, 9, False)])
def test_more_than_one_a_second(apart, times, sign):
    found = pattern(attempts(*(apart * n for n in range(times))))
    assert (Sign.HASTY in found.signs) is sign


def test_order_does_not_matter():
    tries = attempts(*(30 * n for n in range(12)))
    assert pattern(random.Random(1).sample(tries, 12)) == pattern(tries)


@pytest.mark.parametrize(("count", "sign"), [(8, False), (9, True)])
def test_at_equal_intervals(count, sign):
    found = pattern(attempts(*(30 * n for n in range(count))))
    assert (Sign.STEADY in found.signs) is sign


def test_a_person_is_not_steady():
    dice = random.Random(2)
    for _ in range(200):
        moments, at = [], 0.0
        for _ in range(30):
            at += dice.uniform(5, 60)
            moments.append(at)
        assert Sign.STEADY not in pattern(attempts(*moments)).signs


def test_a_break_begins_anew_and_one_gap_is_no_rhythm():
    assert longest_steady(gaps(30, 30, 700, 30, 30, 30)) == 3
    assert longest_steady(gaps(30)) == 0
    assert longest_steady(gaps(30, 90, 30, 90)) == 0
    assert longest_steady([]) == 0
