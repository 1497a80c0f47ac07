"""How goods, papers and tests are said on a page."""

from __future__ import annotations

import datetime as dt

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from kit.templatetags.show import state_badge
from traceability.models import Declaration, RapidTest
from traceability.web import words

register = template.Library()


@register.filter
def paper_word(kind: str):
    return words.PAPERS.get(kind, kind)


@register.filter
def unit_word(unit: str):
    return words.UNITS.get(unit, unit)


@register.filter
def source_word(source: str):
    return words.SOURCES.get(source, source)


@register.filter
def move_word(kind: str):
    return words.MOVES.get(kind, kind)


@register.filter
def hold_reason(reason: str):
    return words.HOLD_REASONS.get(reason, reason)


@register.simple_tag
def test_result(test: RapidTest) -> SafeString:
    return state_badge(words.TEST_TONES[test.result], words.TEST_RESULTS[test.result])


@register.simple_tag
def declaration_state(declaration: Declaration) -> SafeString | str:
    word = words.DECLARATION_STATES[declaration.state]
    tone = words.DECLARATION_TONES.get(declaration.state)
    return state_badge(tone, word) if tone else format_html("{}", word)


@register.simple_tag
def shelf_life(expires_on: dt.date, today: dt.date) -> str:
    """How long goods keep, from the trade day of the place: the last day counts."""
    left = (expires_on - today).days
    if left < 0:
        return _("shelf life over")
    if left == 0:
        return _("last day")
    return ngettext("%(n)d day left", "%(n)d days left", left) % {"n": left}
