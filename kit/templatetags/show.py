"""How times, quantities, money, names and states are said on a page."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from django import template
from django.templatetags.static import static
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext, ngettext, pgettext

from kit import clock, codes, masking, money

register = template.Library()

NO_BREAK = "\u00a0"


@register.filter
def moment(value: dt.date | None, now: dt.datetime | None = None) -> str:
    """`今天 05:40`, `昨天 18:02`, `11月20日`, with the year when it is another one. A date has no hour."""
    if not value:
        return ""
    now = timezone.localtime(now or clock.glance())
    hour = ""
    if isinstance(value, dt.datetime):
        value = timezone.localtime(value)
        hour = f"{NO_BREAK}{value:%H:%M}"
        value = value.date()
    days = (value - now.date()).days
    named = {
        -1: gettext("Yesterday"),
        0: gettext("Today"),
        1: gettext("Tomorrow"),
    }
    if days in named:
        return named[days] + hour
    pattern = pgettext("date format", "j M") if value.year == now.year else pgettext("date format", "j M Y")
    return date_format(value, pattern) + (hour if abs(days) < 7 else "")


@register.filter
def stamp(value: dt.date | None) -> str:
    """ISO 8601 with time zone, to the second: for paper, data and the `datetime` of a `<time>`."""
    if isinstance(value, dt.datetime):
        return timezone.localtime(value).isoformat(timespec="seconds")
    return value.isoformat() if value else ""


@register.simple_tag
def when(value: dt.date | None, now: dt.datetime | None = None) -> str:
    """`moment` inside a `<time>` which carries the exact value."""
    if not value:
        return ""
    return format_html('<time datetime="{}">{}</time>', stamp(value), moment(value, now))


@register.filter
def ago(value: dt.date | None, now: dt.datetime | None = None) -> str:
    """`刚刚`, `5 分钟前`, `3 小时前`, `2 天前`; a date counts in days. Something still to come is said by `moment`."""
    if not value:
        return ""
    now = timezone.localtime(now or clock.glance())
    if isinstance(value, dt.datetime):
        past = now - value
    else:
        past = dt.timedelta(days=(now.date() - value).days)
        if not past:
            return gettext("Today")
    if past < dt.timedelta():
        return moment(value, now)
    minutes = int(past.total_seconds() // 60)
    if minutes < 1:
        return gettext("just now")
    if minutes < 60:
        return ngettext("%(n)d minute ago", "%(n)d minutes ago", minutes) % {"n": minutes}
    if minutes < 24 * 60:
        hours = minutes // 60
        return ngettext("%(n)d hour ago", "%(n)d hours ago", hours) % {"n": hours}
    return ngettext("%(n)d day ago", "%(n)d days ago", past.days) % {"n": past.days}


@register.filter
def amount(value: Decimal | float | None) -> str:
    """`480`, `12.5`, `1,260`: grouped, at most two decimals, none from a thousand up, no trailing zeros."""
    if value is None:
        return ""
    exact = Decimal(str(value))
    text = f"{exact:,.0f}" if abs(exact) >= 1000 else f"{exact:,.2f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


@register.filter
def kg(value: Decimal | None) -> str:
    """`480 kg`, with a space that does not break."""
    return "" if value is None else f"{amount(value)}{NO_BREAK}kg"


@register.filter
def fen(value: int | None) -> str:
    """`1250` as `¥12.50`, `-1250` as `−¥12.50`."""
    if value is None:
        return ""
    whole, decimals = money.yuan(abs(value)).split(".")
    return f"{'−' if value < 0 else ''}¥{int(whole):,}.{decimals}"


@register.filter
def masked_name(value: str | None) -> str:
    return masking.name(value) if value else ""


@register.filter
def masked_phone(value: str | None) -> str:
    return masking.phone(value) if value else ""


@register.filter
def typed_code(value: str | None) -> str:
    """`ABCDEFGHJK` as `ABC-DEF-GHJK`."""
    return codes.grouped(value) if value else ""


_FILLED = '<path fill="currentColor" fill-rule="evenodd" d="{}"/>'
_RING = (
    '<circle cx="8" cy="8" r="6.8" fill="none" stroke="currentColor" stroke-width="2.2" stroke-dasharray="3.2 2.14"/>'
)
_DISC = "M8 0a8 8 0 100 16A8 8 0 008 0zM3.4 8.2l1.5-1.5 2.1 2.1 4.2-4.4 1.5 1.5L7 11.8z"
_TRIANGLE = "M8 .6L16.2 15H-.2zM7 5.8v4.6h2V5.8zm0 5.7v1.9h2v-1.9z"
_OCTAGON = "M4.7 0h6.6L16 4.7v6.6L11.3 16H4.7L0 11.3V4.7zM3.4 6.7v2.6h9.2V6.7z"
MARKS = {
    "ok": format_html(_FILLED, _DISC),
    "none": SafeString(_RING),
    "due": format_html(_FILLED, _TRIANGLE),
    "bad": format_html(_FILLED, _OCTAGON),
}


@register.simple_tag
def mark(tone: str) -> SafeString:
    """The shape of a state: `ok` a disc with a tick, `none` a broken ring, `due` a triangle, `bad` an octagon."""
    return format_html('<svg class="mark" viewBox="-0.2 0 16.4 16" aria-hidden="true">{}</svg>', MARKS[tone])


@register.simple_tag
def state_badge(tone: str, word: str, since: str = "", boxed: bool = False) -> SafeString:
    """A state in shape, word and colour. `since` is said after it, such as a time."""
    return format_html(
        '<span class="state {}{}">{}<span>{}{}</span></span>',
        tone,
        " boxed" if boxed else "",
        mark(tone),
        word,
        format_html(' <span class="since">{}</span>', since) if since else "",
    )


@register.simple_tag
def rungs(reached: int, of: int = 3) -> SafeString:
    """A small ladder of rising bars, `reached` of them filled."""
    bars = format_html_join(
        "",
        '<rect x="{}" y="{}" width="4" height="{}" fill="currentColor" opacity="{}"/>',
        ((6 * step, 4 * (of - 1 - step), 4 * (step + 1), 1 if step < reached else 0.25) for step in range(of)),
    )
    return format_html('<svg class="rungs" viewBox="0 0 {} {}" aria-hidden="true">{}</svg>', 6 * of - 2, 4 * of, bars)


@register.simple_tag
def icon(name: str) -> SafeString:
    """A line icon of `static/img/icons.svg`; beside a word, so it is hidden from readers of the screen."""
    return format_html(
        '<svg class="icon" aria-hidden="true"><use href="{}#{}"></use></svg>', static("img/icons.svg"), name
    )
