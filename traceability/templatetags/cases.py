"""How positives, their clocks and their steps are said on a page."""

from __future__ import annotations

import datetime as dt

from django import template
from django.utils.dateparse import parse_datetime
from django.utils.functional import Promise
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from kit import clock
from kit.templatetags.show import moment, state_badge
from traceability.models import PositiveCase
from traceability.web import case_words

register = template.Library()


@register.filter
def case_state_word(state: str) -> str | Promise:
    return case_words.STATES.get(state, state)


@register.filter
def case_side(side: str) -> str | Promise:
    return case_words.SIDES.get(side, side)


@register.filter
def case_step(step: str) -> str | Promise:
    return case_words.STEPS.get(step, step)


@register.filter
def case_story(kind: str) -> str | Promise:
    return case_words.STORY.get(kind, kind)


@register.filter
def case_branch(branch: str) -> str | Promise:
    return case_words.BRANCHES.get(branch, branch)


@register.filter
def case_outcome(outcome: str) -> str | Promise:
    return case_words.OUTCOMES.get(outcome, outcome)


@register.filter
def disposal_word(method: str) -> str | Promise:
    return case_words.METHODS.get(method, method)


@register.filter
def photo_word(kind: str) -> str | Promise:
    return case_words.PHOTOS.get(kind, kind)


@register.filter
def iso_moment(text: str) -> str:
    """A moment kept as text in a notice, said like any other."""
    return moment(parse_datetime(text)) if text else ""


@register.simple_tag
def case_state(case: PositiveCase) -> SafeString:
    """Where a case stands: red while something may be wrong with the goods, grey when it is closed."""
    word = case_words.STATES[case.state]
    if case.state == PositiveCase.State.CLOSED and case.outcome:
        word = case_words.OUTCOMES[case.outcome]
    return state_badge(case_words.TONES.get(case.state, "bad"), word)


@register.simple_tag
def left_until(moment_due: dt.datetime | None, now: dt.datetime | None = None) -> SafeString | str:
    """`还剩 3 小时 20 分`, `已超 2 天`; amber while it runs, red once it is over."""
    if not moment_due:
        return ""
    past = (now or clock.glance()) - moment_due
    if past > dt.timedelta():
        return state_badge("bad", _("over by %(time)s") % {"time": span(past)})
    return state_badge("due", _("%(time)s left") % {"time": span(-past)})


def span(length: dt.timedelta) -> str:
    """A length of time in the two units that matter: days and hours, hours and minutes, minutes."""
    minutes = max(1, int(length.total_seconds() // 60))
    days, hours = minutes // 1440, minutes // 60 % 24
    parts = []
    if days:
        parts.append(ngettext("%(n)d day", "%(n)d days", days) % {"n": days})
    if hours and days < 7:
        parts.append(ngettext("%(n)d hour", "%(n)d hours", hours) % {"n": hours})
    if not days and (minutes % 60 or not hours):
        parts.append(ngettext("%(n)d minute", "%(n)d minutes", minutes % 60) % {"n": minutes % 60})
    return " ".join(parts)


@register.filter
def at(table: dict, key: str):
    """What stands in a table under a name; nothing when nothing does."""
    return table.get(key)
