"""Small charts, drawn on the server so that they print and need no script."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from kit.templatetags.show import amount

register = template.Library()


@register.simple_tag
def bars(series: Iterable[Sequence[Any]], unit: str = "") -> SafeString:
    """Horizontal bars. `series`: (label, value) or (label, value, tone); the longest value fills the width."""
    rows = [(*row, "")[:3] for row in series]
    top = max((float(value) for _, value, _ in rows), default=0) or 1
    return format_html(
        '<table class="bars"><tbody>{}</tbody></table>',
        format_html_join(
            "",
            '<tr class="{}"><th scope="row">{}</th><td><svg aria-hidden="true"><rect class="chart-rest" width="100%"'
            ' height="12" rx="2"/><rect class="chart-fill" width="{}%" height="12" rx="2"/></svg></td>'
            '<td class="number">{}{}</td></tr>',
            (
                (
                    tone,
                    label,
                    f"{float(value) / top * 100:.1f}",
                    amount(value),
                    format_html('<span class="unit">{}</span>', unit) if unit else "",
                )
                for label, value, tone in rows
            ),
        ),
    )


@register.simple_tag
def columns(series: Sequence[Sequence[Any]], title: str, unit: str = "") -> SafeString:
    """Columns over time. `series`: (label, value), oldest first; the last is darker; first and last are labelled."""
    if not series:
        return SafeString()
    top = max(float(value) for _, value in series) or 1
    step = 100 / len(series)
    return format_html(
        '<figure class="columns-chart"><svg class="chart" height="96" role="img" aria-label="{}">{}</svg>'
        '<figcaption class="axis"><span>{}</span><span>{}</span></figcaption></figure>',
        _spoken(title, series, unit),
        format_html_join(
            "",
            '<rect class="chart-fill{}" x="{}%" y="{}" width="{}%" height="{}"/>',
            (
                (
                    " chart-last" if place == len(series) - 1 else "",
                    f"{place * step:.2f}",
                    f"{96 - _height(value, top):.1f}",
                    f"{step * 0.78:.2f}",
                    f"{_height(value, top):.1f}",
                )
                for place, (_, value) in enumerate(series)
            ),
        ),
        series[0][0],
        series[-1][0],
    )


@register.simple_tag
def spark(values: Sequence[float], title: str) -> SafeString:
    """A line the height of a word."""
    if len(values) < 2:
        return SafeString()
    low, high = min(values), max(values)
    spread = (high - low) or 1
    points = " ".join(
        f"{place / (len(values) - 1) * 118 + 1:.1f},{25 - (float(value) - float(low)) / float(spread) * 22:.1f}"
        for place, value in enumerate(values)
    )
    return format_html(
        '<svg class="spark" viewBox="0 0 120 28" role="img" aria-label="{}">'
        '<polyline class="chart-line" points="{}"/></svg>',
        f"{title}: {', '.join(amount(value) for value in values)}",
        points,
    )


def _height(value: Any, top: float) -> float:
    return max(float(value) / top * 92, 1)


def _spoken(title: str, series: Sequence[Sequence[Any]], unit: str) -> str:
    return f"{title}: " + ", ".join(f"{label} {amount(value)}{unit}" for label, value in series)
