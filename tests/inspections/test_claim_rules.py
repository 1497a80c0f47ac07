"""抢单 rules: each by itself at its boundary, and in which order they are said."""

import datetime as dt
import itertools
from uuid import UUID

import pytest

from inspections.claim_rules import (
    ABOUT_ONESELF,
    Offer,
    Person,
    Rule,
    about_oneself,
    may_be_given,
    quota,
    refusal,
    rotated_out,
)
from inspections.refusals import GIVE_WORDS, TAKE_WORDS
from inspections.work_policies import Grabbing

NOW = dt.datetime(2026, 11, 25, 9, 0, tzinfo=dt.UTC)
SECOND = dt.timedelta(seconds=1)
DAY = dt.timedelta(days=1)
ME, OTHER, PLACE = UUID(int=1), UUID(int=2), UUID(int=3)
POLICY = Grabbing()


def person(**changes):
    return Person(**{
        "coordinator_id": ME, "active": True, "paused_until": None, "cool_until": None, "level": 2,
        "kind": "coordinator", "town": "440607001", "open_claims": 0, "done_today": 0, **changes,
    })  # fmt: skip


def offer(**changes):
    return Offer(**{
        "open": True, "due_at": NOW + DAY, "place_id": PLACE, "town": "440607001", "town_first_until": None,
        "min_level": 1, **changes,
    })  # fmt: skip


def ask(who=None, what=None, policy=POLICY):
    return refusal(who or person(), what or offer(), policy, NOW)


def test_nothing_forbids_what_no_rule_names():
    assert ask() is None


BREAKS = {
    Rule.NOT_ACTIVE: ({"active": False}, {}),
    Rule.PAUSED: ({"paused_until": NOW.date()}, {}),
    Rule.RELEASED_TOO_OFTEN: ({"cool_until": NOW + DAY}, {}),
    Rule.COOLING: ({"cool_until": NOW + SECOND}, {}),
    Rule.QUOTA: ({"open_claims": 3}, {}),
    Rule.DAY_QUOTA: ({"done_today": 12}, {}),
    Rule.LEVEL: ({}, {"min_level": 3}),
    Rule.KIND: ({}, {"kinds": frozenset({"district_inspector"})}),
    Rule.TRAINING: ({}, {"course": "sampling"}),
    Rule.CONFLICT: ({"conflicts": frozenset({PLACE})}, {}),
    Rule.EXCLUDED: ({}, {"excluded": frozenset({ME})}),
    Rule.ROTATION: ({}, {"last_visitors": (ME,)}),
    Rule.OVER: ({}, {"due_at": NOW}),
    Rule.TAKEN: ({}, {"open": False}),
    Rule.ASSIGNED: ({}, {"assigned_to": OTHER}),
    Rule.TOWN_FIRST: ({}, {"town": "440607103", "town_first_until": NOW + SECOND}),
}
"""What breaks each rule, in the order in which the rules are said."""


def test_every_rule_has_words_and_a_way_to_break_it():
    assert set(BREAKS) == set(Rule) == set(TAKE_WORDS)


@pytest.mark.parametrize("rule", Rule)
def test_each_rule_alone_refuses(rule):
    who, what = BREAKS[rule]
    assert ask(person(**who), offer(**what)) is rule


PAIRS = [
    pair for pair in itertools.combinations(BREAKS, 2)
    if set(pair) != {Rule.RELEASED_TOO_OFTEN, Rule.COOLING}  # one wait is either long or short
]  # fmt: skip


@pytest.mark.parametrize(("first", "second"), PAIRS)
def test_of_two_broken_rules_the_earlier_is_said(first, second):
    who = {**BREAKS[second][0], **BREAKS[first][0]}
    what = {**BREAKS[second][1], **BREAKS[first][1]}
    assert ask(person(**who), offer(**what)) is first


AT_THE_EDGE = [
    ({"paused_until": (NOW - DAY).date()}, {}, "the day after a pause"),
    ({"cool_until": NOW}, {}, "the moment a wait ends"),
    ({"open_claims": 2}, {}, "one below the quota"),
    ({"level": 1, "open_claims": 1}, {}, "one below the quota of level 1"),
    ({"done_today": 11}, {}, "one below the day's quota"),
    ({"level": 3}, {"min_level": 3}, "just the level"),
    ({}, {"kinds": frozenset({"coordinator", "safety_director"})}, "one of the kinds"),
    ({"courses": frozenset({"sampling"})}, {"course": "sampling"}, "the course passed"),
    ({"conflicts": frozenset({OTHER})}, {}, "an interest in another place"),
    ({"conflicts": frozenset({PLACE})}, {"place_id": None}, "work at no place"),
    ({}, {"excluded": frozenset({OTHER})}, "another excluded"),
    ({}, {"last_visitors": (OTHER, ME)}, "another was there last"),
    ({}, {"due_at": NOW + SECOND}, "a second before the end"),
    ({}, {"assigned_to": ME}, "given to oneself"),
    ({}, {"town": "440607103", "town_first_until": NOW}, "the moment the town's lead ends"),
    ({}, {"town_first_until": NOW + DAY}, "one's own town"),
    ({"town": None}, {"town_first_until": NOW + DAY}, "a person of the whole district"),
    ({}, {"town": "440607103", "town_first_until": NOW + DAY, "assigned_to": ME}, "another town's, given to oneself"),
]


@pytest.mark.parametrize(("who", "what"), [each[:2] for each in AT_THE_EDGE], ids=[each[2] for each in AT_THE_EDGE])
def test_just_on_the_right_side_it_is_allowed(who, what):
    assert ask(person(**who), offer(**what)) is None


@pytest.mark.parametrize(("level", "allowed"), [(1, 2), (2, 3), (5, 3)])
def test_beginners_hold_fewer(level, allowed):
    assert quota(person(level=level), POLICY) == allowed
    assert ask(person(level=level, open_claims=allowed)) is Rule.QUOTA


@pytest.mark.parametrize(
    ("left", "rule"),
    [(1, Rule.COOLING), (10, Rule.COOLING), (11, Rule.RELEASED_TOO_OFTEN), (86_400, Rule.RELEASED_TOO_OFTEN)],
)
def test_a_wait_is_called_by_its_length_also_after_midnight(left, rule):
    assert ask(person(cool_until=NOW + left * SECOND)) is rule


ROTATION = [
    ((), False),
    ((ME,), True),
    ((ME, OTHER), True),
    ((OTHER,), False),
    ((OTHER, ME), False),
    ((OTHER, ME, ME), False),
]


@pytest.mark.parametrize(("visitors", "out"), ROTATION)
def test_nobody_goes_twice_in_a_row(visitors, out):
    assert rotated_out(ME, visitors, POLICY) is out


@pytest.mark.parametrize(
    ("visitors", "out"),
    [((OTHER, ME, OTHER, ME), True), ((OTHER, ME, ME, OTHER), True), ((OTHER, ME, OTHER, OTHER, ME), False)],
)
def test_nor_more_often_than_the_window_allows(visitors, out):
    assert rotated_out(ME, visitors, Grabbing(rotation_window=5, rotation_most=2)) is out


def test_a_district_may_set_other_numbers():
    lax = Grabbing(open_claims=5, done_a_day=20)
    assert ask(person(open_claims=4, done_today=19), policy=lax) is None
    assert ask(person(open_claims=5), policy=lax) is Rule.QUOTA


@pytest.mark.parametrize("rule", Rule)
def test_rules_about_oneself_are_those_that_stop_every_task(rule):
    who, _what = BREAKS[rule]
    assert (about_oneself(person(**who), POLICY, NOW) is rule) is (rule in ABOUT_ONESELF)


NOT_OF_AN_OFFICER = {
    Rule.COOLING, Rule.RELEASED_TOO_OFTEN, Rule.QUOTA, Rule.DAY_QUOTA, Rule.ASSIGNED, Rule.TOWN_FIRST,
}  # fmt: skip


@pytest.mark.parametrize("rule", Rule)
def test_an_officer_is_bound_by_what_protects_the_work_not_by_waits_and_quotas(rule):
    who, what = BREAKS[rule]
    expected = None if rule in NOT_OF_AN_OFFICER else rule
    assert may_be_given(person(**who), offer(**what), POLICY, NOW) is expected
    assert rule in NOT_OF_AN_OFFICER or rule in GIVE_WORDS
