"""Many stalls are opened by writing one line."""

import pytest

from registry import stall_numbers


@pytest.mark.parametrize(
    ("line", "numbers"),
    [
        ("A01-A03", ["A01", "A02", "A03"]),
        ("a8-a11", ["A8", "A9", "A10", "A11"]),
        ("A08~11", ["A08", "A09", "A10", "A11"]),
        ("A01 至 A02、B05,b05;C1", ["A01", "A02", "B05", "C1"]),
        ("1-3", ["1", "2", "3"]),
        ("A1-2-3", ["A1-2-3"]),
        ("水产1号", ["水产1号"]),
        ("A-01-A-02", ["A-01-A-02"]),
    ],
)
def test_a_line_names_stalls(line, numbers):
    assert stall_numbers.expand(line) == numbers


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("", "at least one"),
        (" , ", "at least one"),
        ("A9-A1", "comes after"),
        ("A1-A9999999", "comes after"),
        ("A1-A150, B1-B150", "more than 200"),
        ("A" * 21, "20 characters"),
    ],
)
def test_an_unclear_line_says_what_is_wrong(line, said):
    with pytest.raises(stall_numbers.Unclear, match=said):
        stall_numbers.expand(line)
