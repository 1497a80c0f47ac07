"""Voiding a voucher, and taking its lines in by parts."""

import datetime as dt
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from traceability.voucher_rules import LineKilos, LineState, settle_refusal, settled, void_refusal

TODAY = dt.date(2026, 11, 22)
YESTERDAY = dt.date(2026, 11, 21)
TOMORROW = dt.date(2026, 11, 23)


@pytest.mark.parametrize(
    ("change", "refusal"),
    [
        ({}, None),
        ({"sold_on": YESTERDAY}, "day_over"),
        ({"sold_on": TOMORROW}, "day_over"),
        ({"taken_in": True}, "buyer_must_agree"),
        ({"taken_in": True, "buyer_agrees": True}, None),
        ({"taken_in": True, "buyer_agrees": True, "sold_on": YESTERDAY}, "day_over"),
        ({"reason": "  "}, "reason_missing"),
        ({"voided": True}, "already_void"),
    ],
)
def test_when_a_voucher_may_be_voided(change, refusal):
    usual = {"sold_on": TODAY, "today": TODAY, "taken_in": False, "buyer_agrees": False, "reason": "称错了"}
    assert void_refusal(**{**usual, **change}) == refusal


def line(sold=10, taken=0, refused=0):
    return LineKilos(sold_kg=Decimal(sold), taken_kg=Decimal(taken), refused_kg=Decimal(refused))


@pytest.mark.parametrize(
    ("given_line", "state"),
    [(line(), LineState.OPEN), (line(taken=4), LineState.PARTLY), (line(taken=4, refused=6), LineState.SETTLED)],
)
def test_a_line_is_settled_when_all_of_it_is_taken_in_or_refused(given_line, state):
    assert given_line.state is state


@pytest.mark.parametrize(
    ("given_line", "take", "refuse", "reason", "refusal"),
    [
        (line(), 10, 0, "", None),
        (line(), 4, 6, "坏了", None),
        (line(taken=4), 6, 0, "", None),
        (line(taken=4), 7, 0, "", "too_much"),
        (line(), 5, 6, "坏了", "too_much"),
        (line(), 0, 0, "", "nothing"),
        (line(), -1, 2, "坏了", "nothing"),
        (line(), 4, 6, " ", "reason_missing"),
        (line(taken=10), 1, 0, "", "settled"),
    ],
)
def test_what_may_be_taken_in_and_refused_of_a_line(given_line, take, refuse, reason, refusal):
    found = settle_refusal(given_line, take_kg=Decimal(take), refuse_kg=Decimal(refuse), reason=reason)
    assert found == refusal


def test_parts_beyond_the_line_cannot_be_made():
    with pytest.raises(ValueError, match="never exceed"):
        settled(line(), take_kg=Decimal(11))


PARTS = st.lists(st.tuples(*[st.decimals(0, 20, places=3)] * 2), max_size=6)


@given(PARTS)
def test_whatever_parts_are_asked_for_the_line_never_takes_in_more_than_was_sold(parts):
    now = line()
    for take_kg, refuse_kg in parts:
        if settle_refusal(now, take_kg=take_kg, refuse_kg=refuse_kg, reason="坏了") is None:
            now = settled(now, take_kg=take_kg, refuse_kg=refuse_kg)
    assert now.taken_kg + now.refused_kg + now.open_kg == 10
    assert now.open_kg >= 0
