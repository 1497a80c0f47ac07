"""Canonical bytes stand for one value; doubtful JSON never gets in."""

import datetime as dt
import json
from decimal import Decimal
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kit import jsonsafe

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)
NAIVE = dt.datetime(2026, 1, 1)  # noqa: DTZ001


class TestCanonical:
    def test_the_order_of_keys_does_not_matter(self):
        assert jsonsafe.canonical({"b": 1, "a": [True, None]}) == b'{"a":[true,null],"b":1}'
        assert jsonsafe.canonical({"a": [True, None], "b": 1}) == b'{"a":[true,null],"b":1}'

    def test_chinese_stays_chinese(self):
        assert jsonsafe.canonical("青椒") == '"青椒"'.encode()

    def test_one_moment_has_one_form_in_every_time_zone(self):
        shanghai = dt.datetime(2026, 11, 22, 5, 40, tzinfo=ZoneInfo("Asia/Shanghai"))
        assert jsonsafe.canonical(shanghai) == b'"2026-11-21T21:40:00.000000+00:00"'
        assert jsonsafe.canonical(shanghai) == jsonsafe.canonical(shanghai.astimezone(dt.UTC))

    @pytest.mark.parametrize(
        ("value", "text"),
        [
            (Decimal("12.500"), '"12.500"'),
            (Decimal("1E+3"), '"1000"'),
            (dt.date(2026, 11, 22), '"2026-11-22"'),
            (UUID(int=7), '"00000000-0000-0000-0000-000000000007"'),
            (b"\x00\xff", '"00ff"'),
            ((1, 2), "[1,2]"),
        ],
    )
    def test_what_rows_hold_has_a_form(self, value, text):
        assert jsonsafe.canonical(value) == text.encode()

    @pytest.mark.parametrize(
        "value", [float("nan"), float("inf"), Decimal("NaN"), Decimal("Infinity"), NAIVE, "\ud800"]
    )
    def test_what_is_not_one_value_has_none(self, value):
        with pytest.raises(ValueError):  # noqa: PT011
            jsonsafe.canonical([value])

    @pytest.mark.parametrize("value", [{1: "a"}, object(), {"set"}])
    def test_other_types_have_none(self, value):
        with pytest.raises(TypeError):
            jsonsafe.canonical(value)


class TestRead:
    @given(JSON)
    def test_reads_what_json_writes(self, value):
        raw = json.dumps(value).encode()
        if b"\\u0000" in raw or _has_surrogate(value):
            with pytest.raises(jsonsafe.BadJson):
                jsonsafe.read(raw)
        else:
            assert jsonsafe.read(raw) == value

    @pytest.mark.parametrize(
        ("raw", "reason"),
        [
            (b"NaN", "number"),
            (b'{"kg": -Infinity}', "number"),
            (b'{"kg": 1e400}', "number"),
            (b"9" * 5000, "number"),
            (b'{"kg": 1, "kg": 2}', "duplicate_key"),
            (b"[" * 100_000, "depth"),
            (b"[" * 33 + b"]" * 33, "depth"),
            (b'{"name": "\\ud800"}', "text"),
            (b'{"na\\u0000me": 1}', "text"),
            (b'{"name": ', "syntax"),
            (b"", "syntax"),
            ("青椒".encode("gbk"), "encoding"),
            (b" " * (jsonsafe.MAX_BYTES + 1), "size"),
        ],
    )
    def test_refuses_and_says_why(self, raw, reason):
        with pytest.raises(jsonsafe.BadJson) as refusal:
            jsonsafe.read(raw)
        assert refusal.value.data == {"reason": reason}

    def test_32_levels_are_enough_for_anybody(self):
        assert jsonsafe.read(b"[" * 32 + b"]" * 32)


def _has_surrogate(value):
    try:
        json.dumps(value, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        return True
    return False
