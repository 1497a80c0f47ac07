"""How a page says times, quantities, money, names and states."""

import datetime as dt
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from django.utils import translation

from kit.templatetags import charts, show

NOW = dt.datetime(2026, 11, 22, 6, 40, tzinfo=ZoneInfo("Asia/Shanghai"))
SPACE = "\u00a0"


@pytest.fixture(autouse=True)
def english():
    with translation.override("en"):
        yield


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (NOW.replace(hour=5), f"Today{SPACE}05:40"),
        (NOW - dt.timedelta(hours=12), f"Yesterday{SPACE}18:40"),
        (NOW + dt.timedelta(hours=20), f"Tomorrow{SPACE}02:40"),
        (NOW - dt.timedelta(days=2), f"20 Nov{SPACE}06:40"),
        (NOW - dt.timedelta(days=30), "23 Oct"),
        (NOW - dt.timedelta(days=400), "18 Oct 2025"),
        (dt.date(2026, 11, 22), "Today"),
        (dt.date(2026, 11, 1), "1 Nov"),
        (None, ""),
    ],
)
def test_moments_are_said_from_now(value, said):
    """The nearer, the more exact; a date has no hour."""
    assert show.moment(value, NOW) == said


def test_days_are_counted_where_the_district_is():
    """23:30 UTC is already the next morning in the district."""
    assert show.moment(dt.datetime(2026, 11, 21, 22, 30, tzinfo=dt.UTC), NOW) == f"Today{SPACE}06:30"


@pytest.mark.parametrize(
    ("past", "said"),
    [
        (dt.timedelta(seconds=20), "just now"),
        (dt.timedelta(minutes=1), "1 minute ago"),
        (dt.timedelta(hours=3, minutes=50), "3 hours ago"),
        (dt.timedelta(days=2, hours=3), "2 days ago"),
    ],
)
def test_freshness_is_said_in_one_unit(past, said):
    assert show.ago(NOW - past, NOW) == said


def test_a_date_is_fresh_in_days():
    assert show.ago(dt.date(2026, 11, 22), NOW) == "Today"
    assert show.ago(dt.date(2026, 11, 20), NOW) == "2 days ago"


def test_something_to_come_is_not_said_to_be_past():
    assert show.ago(NOW + dt.timedelta(hours=20), NOW) == f"Tomorrow{SPACE}02:40"


def test_exact_value_stands_beside_the_words():
    assert show.when(NOW, NOW) == f'<time datetime="2026-11-22T06:40:00+08:00">Today{SPACE}06:40</time>'


@pytest.mark.parametrize(
    ("value", "said"),
    [("480.000", "480"), ("12.50", "12.5"), ("0.254", "0.25"), ("1260.4", "1,260"), ("-0.001", "0"), ("100", "100")],
)
def test_quantities_claim_no_more_precision_than_a_scale_has(value, said):
    assert show.kg(Decimal(value)) == f"{said}{SPACE}kg"


@pytest.mark.parametrize(
    ("value", "said"), [(1250, "¥12.50"), (-5, "−¥0.05"), (123456700, "¥1,234,567.00"), (None, "")]
)
def test_money_is_shown_to_the_fen(value, said):
    assert show.fen(value) == said


def test_names_phones_and_codes():
    assert show.masked_name("李小强") == "李**"
    assert show.masked_phone("13800138000") == "138****8000"
    assert show.typed_code("7K3MQ9D2XH") == "7K3-MQ9-D2XH"
    assert show.masked_name(None) == show.masked_phone("") == show.typed_code(None) == ""


def test_a_state_has_a_shape_and_a_word_and_escapes_both():
    badge = show.state_badge("bad", "<b>Held", since="Today", boxed=True)
    assert 'class="state bad boxed"' in badge
    assert "<svg" in badge
    assert "&lt;b&gt;Held" in badge


def test_every_state_has_a_shape_of_its_own():
    assert len(set(show.MARKS.values())) == len(show.MARKS) == 4


def test_rungs_fill_up_to_the_level():
    assert show.rungs(2).count('opacity="1"') == 2


def test_bars_and_columns_carry_their_figures_in_words():
    drawn = charts.bars([("Tomato", Decimal("1260")), ("Pepper", 630, "bad")], unit="kg")
    assert 'width="50.0%"' in drawn
    assert "1,260" in drawn
    drawn = charts.columns([("Sat", 0), ("Sun", 186)], title="Taken in", unit="kg")
    assert 'aria-label="Taken in: Sat 0kg, Sun 186kg"' in drawn


def test_charts_without_figures_draw_nothing():
    assert charts.columns([], title="Taken in") == charts.spark([1], title="Week") == ""
    assert "rect" not in charts.bars([])
