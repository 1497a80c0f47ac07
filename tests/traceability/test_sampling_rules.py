"""Where a point looks tomorrow: worth, chance, and what counts as done."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from traceability.evaluation_rules import Rate
from traceability.policies import Sampling
from traceability.sampling_rules import (
    Candidate,
    History,
    Planned,
    base_rate,
    done,
    draw,
    factor,
    plan,
    random_lines,
    score,
    season,
)

DAY = dt.date(2026, 11, 23)
POLICY = Sampling()
BEANS, PEPPERS = Candidate("beans", "A1", "hainan", "wang"), Candidate("peppers", "A1", "hainan", "wang")
HISTORY = History(
    overall=Rate(50, 10_000), products={("beans", 4): Rate(20, 1000)}, origins={"hainan": Rate(10, 1000)},
    vendors={"wang": Rate(0, 0), "li": Rate(40, 200)},
)  # fmt: skip


@pytest.mark.parametrize(("month", "quarter"), [(1, 1), (3, 1), (4, 2), (9, 3), (10, 4), (12, 4)])
def test_seasons_are_quarters(month, quarter):
    assert season(dt.date(2026, month, 15)) == quarter


def test_a_district_without_results_is_not_taken_for_safe():
    assert base_rate(Rate(0, 0)) == base_rate(Rate(0, 900)) == 0.001


@pytest.mark.parametrize(
    ("found", "expected"),
    [(Rate(0, 0), 1.0), (Rate(1, 200), 1.0), (Rate(0, 200), 0.5), (Rate(9, 200), 5.0), (Rate(2, 2), 2.97)],
)
def test_a_few_tests_move_the_rate_little_and_many_move_it_much(found, expected):
    assert factor(found, 0.005, 200) == pytest.approx(expected, abs=0.01)


def test_worth_is_the_district_rate_times_product_origin_and_vendor():
    found = score(BEANS, HISTORY, DAY, POLICY)
    assert [(reason.about, reason.factor) for reason in found.reasons] == [
        ("product", Decimal("3.5")), ("origin", Decimal("1.83")), ("vendor", Decimal("1.0")),
    ]  # fmt: skip
    assert found.score == Decimal("32.08")


def test_another_season_knows_nothing_of_this_one():
    spring = score(BEANS, HISTORY, dt.date(2026, 4, 1), POLICY)
    assert spring.reasons[0].found == Rate()


def test_a_vendor_counts_at_most_twice_up_or_down():
    known = score(Candidate("peppers", "A2", "", "li"), HISTORY, DAY, POLICY)
    clean = History(overall=Rate(50, 1000), vendors={"chen": Rate(0, 9000)})
    assert known.reasons[2].factor == 2
    assert score(Candidate("peppers", "A3", "", "chen"), clean, DAY, POLICY).reasons[2].factor == Decimal("0.5")


def many(count):
    return [Candidate(f"product{n % 7}", f"A{n}", "hainan", f"vendor{n}") for n in range(count)]


def planned(candidates, lines=10, seed="7f", policy=POLICY):
    return plan(candidates, HISTORY, day=DAY, lines=lines, policy=policy, seed=seed)


class TestPlan:
    def test_a_fixed_share_is_drawn_and_the_rest_goes_by_worth(self):
        found = planned([*many(60), BEANS])
        assert [line.reason for line in found] == ["random"] * 2 + ["risk"] * 8
        assert BEANS in [line.candidate for line in found]

    def test_the_worst_comes_first(self):
        risk = [line for line in planned([*many(60), BEANS]) if line.reason == "risk"]
        assert risk[0].candidate == BEANS
        assert [line.score for line in risk] == sorted((line.score for line in risk), reverse=True)

    def test_the_same_seed_draws_the_same_whatever_the_order(self):
        forwards, backwards = many(60), many(60)[::-1]
        assert planned(forwards) == planned(backwards)
        assert draw(forwards, 3, "7f") == draw(backwards, 3, "7f")

    def test_another_seed_draws_others(self):
        drawn = {tuple(draw(many(60), 3, seed)) for seed in "abcdefgh"}
        assert len(drawn) > 1

    def test_one_product_does_not_take_the_whole_plan(self):
        beans = [Candidate("beans", f"B{n}", "hainan", "wang") for n in range(30)]
        risk = [line.candidate.product for line in planned([*beans, *many(60)]) if line.reason == "risk"]
        assert risk.count("beans") == 3

    def test_unless_there_is_nothing_else(self):
        beans = [Candidate("beans", f"B{n}", "hainan", "wang") for n in range(30)]
        assert len(planned(beans)) == 10

    def test_nothing_to_look_at_is_an_empty_plan(self):
        assert planned([]) == []
        assert planned(many(5), lines=0) == []

    @given(st.integers(0, 80), st.integers(0, 30), st.text(max_size=8))
    def test_a_plan_holds_each_candidate_once_and_never_more_than_asked(self, count, lines, seed):
        found = [line.candidate for line in planned(many(count), lines=lines, seed=seed)]
        assert len(found) == min(count, lines)
        assert len(set(found)) == len(found)


@pytest.mark.parametrize(("lines", "share", "count"), [(0, 0.2, 0), (1, 0.2, 1), (10, 0.2, 2), (11, 0.2, 3), (4, 1, 4)])
def test_chance_has_at_least_one_line(lines, share, count):
    assert random_lines(lines, Sampling(random_share=share)) == count


class TestDone:
    def test_a_line_is_done_by_a_sample_of_its_product_and_place(self):
        lines = [Planned(1, "beans", "A1"), Planned(2, "beans", "A2"), Planned(3, "leek", "A1")]
        assert done(lines, [("beans", "A2"), ("leek", "A9")]) == {2}

    def test_each_sample_fulfils_one_line(self):
        lines = [Planned(1, "beans"), Planned(2, "beans")]
        assert len(done(lines, [("beans", "A1")])) == 1
        assert done(lines, [("beans", "A1"), ("beans", "A2")]) == {1, 2}

    def test_a_line_with_a_place_takes_its_sample_before_one_for_anywhere(self):
        lines = [Planned(1, "beans"), Planned(2, "beans", "A1")]
        assert done(lines, [("beans", "A1")]) == {2}
