"""How rates and scores are said in a template."""

from __future__ import annotations

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from kit.templatetags.show import state_badge
from traceability.models import BlindSample, PlanLine
from traceability.web import evaluation_words as words
from traceability.web.evaluation_tables import SUMS, Row

register = template.Library()
register.filter("rate", words.rate)
register.filter("score", words.score)
BLIND_TONES = {BlindSample.State.PLANNED: "none", BlindSample.State.SENT: "due", BlindSample.State.VOID: "none"}


@register.filter
def words_of(text: str) -> list[str]:
    return text.split()


@register.filter
def label_of(index: int):
    """The label of a column of sums, for a card on a phone."""
    return SUMS[index][0]


@register.filter
def labelled(row: Row, columns):
    return zip(columns, row.shown, strict=True)


@register.simple_tag
def blind_state(sample: BlindSample) -> SafeString:
    """Its state; of an answered one, whether the answer was right."""
    if sample.state == BlindSample.State.ANSWERED:
        return state_badge("none", words.AGREED) if sample.agreed else state_badge("bad", words.DISAGREED)
    return state_badge(BLIND_TONES[sample.state], words.BLIND_STATES[sample.state])


@register.filter
def point_kind(point):
    return words.POINT_KINDS[point.kind]


@register.filter
def content_word(expected: str):
    return words.CONTENTS[expected]


@register.filter
def blind_reason(kept: str) -> str:
    return words.blind_reason(kept)


@register.simple_tag
def plan_reason(line) -> SafeString:
    """A follow-up is due; risk and chance are only said."""
    word = words.PLAN_REASONS[line.reason]
    return state_badge("due", word) if line.reason == PlanLine.Reason.FOLLOW_UP else format_html("{}", word)


@register.filter
def about_word(about: str):
    return words.ABOUT.get(about, about)


@register.filter
def item_names(line, names: dict[str, str]) -> str:
    return "、".join(names.get(code, code) for code in line.items)
