"""Whose turn it is with a positive, in every state of every branch; when the public is told the item."""

import datetime as dt
import itertools

import pytest

from kit.tradeday import CHINA
from traceability import case_rules
from traceability.case_rules import BRANCHES, LEADS_TO, TURNS, Side, Standing, Step
from traceability.policies import CaseClocks
from traceability.states import CASE

NOW = dt.datetime(2026, 11, 22, 8, 0, tzinfo=CHINA)
LATER = NOW + dt.timedelta(hours=1)
EARLIER = NOW - dt.timedelta(seconds=1)
P, H, R, C = Side.POINT, Side.HOLDER, Side.REGULATOR, Side.CLOSER

# state: (due from whom, to do what) in the branches regulator, market, canteen.
WRITTEN = {
    "detected": ((P, {"notify"}),) * 3,
    "notified": ((H, {"accept", "object"}),) * 3,
    "accepted": ((H, {"dispose"}),) * 3,
    "objected": ((R, {"seal"}), (P, {"seal"}), (P, {"seal"})),
    "lapsed": ((R, {"seal"}), (H, {"dispose"}), (H, {"dispose"})),
    "sealed": ((R, {"lab"}),) * 3,
    "lab_pass": ((C, {"close"}),) * 3,
    "lab_fail": ((H, {"dispose"}),) * 3,
    "disposed": ((R, {"report"}), (P, {"report"}), (P, {"report"})),
    "reported": ((P, {"resample"}),) * 3,
    "resampled": ((C, {"close"}),) * 3,
    "closed": ((None, set()),) * 3,
}
MEANWHILE = {
    "detected": ({"repeat"}, {"repeat"}, {"repeat"}),
    "notified": ({"repeat"}, {"repeat"}, {"repeat"}),
    "lapsed": ({"accept"}, {"accept", "seal"}, {"accept", "seal"}),
}
# Who besides the side it is due from may take the step.
OTHERS = {
    "notify": {P, R}, "seal": {P, R}, "dispose": {H, P, R}, "report": {P, R}, "resample": {P, R}, "accept": {H},
    "object": {H}, "lab": {R}, "close": {C}, "clear": {C}, "repeat": {P},
}  # fmt: skip


def case(state, branch="market", **more):
    return Standing(state, branch, **more)


def test_the_written_table_names_every_state():
    assert set(WRITTEN) == set(CASE) == set(TURNS)


@pytest.mark.parametrize(("state", "number"), list(itertools.product(WRITTEN, range(3))))
def test_what_is_due_from_whom(state, number):
    side, steps = WRITTEN[state][number]
    standing = case(state, BRANCHES[number])
    assert case_rules.due_from(standing, NOW) == side
    assert {turn.step for turn in case_rules.due(standing, NOW)} == steps
    meanwhile = MEANWHILE.get(state, (set(),) * 3)[number]
    assert {turn.step for turn in case_rules.turns(standing, NOW)} == steps | meanwhile


@pytest.mark.parametrize(
    ("state", "branch", "step", "side"), list(itertools.product(WRITTEN, BRANCHES, Step, Side)), ids=str
)
def test_a_step_is_for_the_sides_written_and_for_nobody_else(state, branch, step, side):
    number = BRANCHES.index(branch)
    possible = step in WRITTEN[state][number][1] | MEANWHILE.get(state, (set(),) * 3)[number]
    assert case_rules.may_step(case(state, branch), step, {side}, NOW) == (possible and side in OTHERS[step])


@pytest.mark.parametrize(("state", "branch"), list(itertools.product(WRITTEN, BRANCHES)))
def test_every_step_leads_where_the_table_of_states_allows(state, branch):
    for confirmed in (None, True, False):
        for turn in case_rules.turns(case(state, branch, confirmed=confirmed), NOW):
            for to in LEADS_TO[turn.step]:
                assert CASE.allows(state, to), (state, turn.step, to)


def test_every_move_of_the_table_is_some_step_or_the_passing_of_time():
    reached = {
        (state, to) for state, turns in TURNS.items() for turn in turns for to in LEADS_TO[turn.step]
    } | {("notified", "lapsed")}  # fmt: skip
    assert reached == {(state, to) for state in CASE for to in CASE.moves[state]}


@pytest.mark.parametrize("state", ["detected", "notified", "lapsed"])
@pytest.mark.parametrize(
    ("branch", "confirmed", "clears"),
    [("market", False, True), ("canteen", False, True), ("regulator", False, False), ("market", True, False),
     ("market", None, False)],
)  # fmt: skip
def test_only_ones_own_test_is_cleared_by_a_second_strip_that_found_nothing(state, branch, confirmed, clears):
    assert case_rules.may_step(case(state, branch, confirmed=confirmed), Step.CLEAR, {C}, NOW) == clears


@pytest.mark.parametrize("confirmed", [True, False])
def test_there_is_one_second_strip(confirmed):
    assert not case_rules.may_step(case("notified", confirmed=confirmed), Step.REPEAT, {P}, NOW)


@pytest.mark.parametrize(("until", "state"), [(LATER, "notified"), (NOW, "notified"), (EARLIER, "lapsed")])
def test_an_objection_nobody_made_in_time_has_lapsed_to_the_second(until, state):
    assert case_rules.state_now(case("notified", objection_due_at=until), NOW) == state


def test_no_other_state_lapses():
    for state in set(WRITTEN) - {"notified"}:
        assert case_rules.state_now(case(state, objection_due_at=EARLIER), NOW) == state


NAMED = {"accepted", "lapsed", "lab_fail", "disposed", "reported", "resampled"}


@pytest.mark.parametrize(("state", "branch"), list(itertools.product(WRITTEN, BRANCHES)))
def test_the_public_is_told_the_item_when_accepted_lapsed_or_found_by_a_laboratory(state, branch):
    assert case_rules.may_name(case(state, branch), NOW) == (state in NAMED)
    assert case_rules.may_name(case(state, branch, confirmed=False), NOW) == (state in NAMED)


@pytest.mark.parametrize("state", WRITTEN)
def test_a_second_test_that_agrees_lets_the_item_be_named_at_once(state):
    assert case_rules.may_name(case(state, confirmed=True), NOW)


@pytest.mark.parametrize(
    ("state", "outcome"), list(itertools.product(WRITTEN, ["cleared_by_lab", "cleared_by_repeat"]))
)
def test_what_was_cleared_is_never_named_again(state, outcome):
    assert not case_rules.may_name(case(state, confirmed=True, outcome=outcome), NOW)


def test_a_closed_case_that_was_disposed_of_stays_named():
    assert case_rules.may_name(case("closed", outcome="disposed"), NOW)


def test_before_the_time_has_passed_only_the_pause_is_public():
    assert not case_rules.may_name(case("notified", objection_due_at=LATER), NOW)
    assert case_rules.may_name(case("notified", objection_due_at=EARLIER), NOW)


HOURS = {"accepted": 24, "objected": 24, "lab_fail": 24, "disposed": 24, "lab_pass": 168, "resampled": 168}


@pytest.mark.parametrize(("state", "branch"), list(itertools.product(HOURS, BRANCHES)))
def test_the_next_deadline_runs_from_the_step_before(state, branch):
    assert case_rules.due_at(state, branch, CaseClocks(), NOW) == NOW + dt.timedelta(hours=HOURS[state])


def test_the_holder_is_told_within_a_quarter_of_an_hour_and_has_four_hours():
    clocks = CaseClocks(market_objection_hours=6)
    assert case_rules.due_at("detected", "market", clocks, NOW) == NOW + dt.timedelta(minutes=15)
    assert case_rules.due_at("notified", "regulator", clocks, NOW) == NOW + dt.timedelta(hours=4)
    assert case_rules.due_at("notified", "market", clocks, NOW) == NOW + dt.timedelta(hours=6)
    assert case_rules.due_at("notified", "canteen", clocks, NOW) == NOW + dt.timedelta(hours=6)


def test_after_a_lapse_a_regulator_seals_and_others_dispose():
    clocks = CaseClocks(seal_hours=2, disposal_hours=10)
    assert case_rules.due_at("lapsed", "regulator", clocks, NOW) == NOW + dt.timedelta(hours=2)
    assert case_rules.due_at("lapsed", "market", clocks, NOW) == NOW + dt.timedelta(hours=10)


def test_a_deadline_in_days_ends_with_the_day():
    by = case_rules.due_at("reported", "market", CaseClocks(), NOW)
    assert by == dt.datetime(2026, 11, 26, 0, 0, tzinfo=CHINA)
    by = case_rules.due_at("sealed", "market", CaseClocks(), NOW, lab_due_on=dt.date(2026, 12, 1))
    assert by == dt.datetime(2026, 12, 2, 0, 0, tzinfo=CHINA)


def test_nothing_is_due_of_a_closed_case():
    assert case_rules.due_at("closed", "market", CaseClocks(), NOW) is None


def test_the_sides_are_listed_with_the_states_that_wait_for_them():
    assert case_rules.states_due_from(H) == {
        "notified": BRANCHES, "accepted": BRANCHES, "lapsed": ("market", "canteen"), "lab_fail": BRANCHES,
    }  # fmt: skip
    assert case_rules.states_due_from(C) == {"lab_pass": BRANCHES, "resampled": BRANCHES}


@pytest.mark.parametrize(
    "method",
    ["KJ 201710", "KJ201705", "kj-202513", "ＫＪ２０１７０５", "快检", "快速检测", "胶体金免疫层析法", "酶抑制率法",
     "GB/T 5009.199", "GB/T 5009.199-2003", "gb/t5009.199—2003", "colloidal gold strip", "试纸条", "速测卡"],
)  # fmt: skip
def test_a_rapid_method_is_recognised_however_it_is_written(method):
    assert case_rules.is_rapid(method, ["GB/T 5009.199-2003", ""])


@pytest.mark.parametrize("method", ["GB 23200.121-2021", "GB 23200.113", "GB/T 20769", "SN/T 1982", "GB 5009.199-2020"])
def test_a_laboratory_method_is_not_a_rapid_one(method):
    assert not case_rules.is_rapid(method, ["GB/T 5009.199-2003", "KJ 201710", ""])
