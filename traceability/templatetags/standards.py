"""How methods, limits and their states are said on a page."""

from __future__ import annotations

from django import template
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from kit.templatetags.show import state_badge
from traceability.models import TestItem, TestLimit
from traceability.selectors import standard_versions as versions
from traceability.web import standard_words as words
from traceability.web.words import TEST_RESULTS

register = template.Library()
A_FEW = 4


@register.filter
def group_word(group: str):
    return words.GROUPS[group]


@register.filter
def principle_word(principle: str):
    return words.PRINCIPLES[principle]


@register.filter
def limit_goods(limit: TestLimit) -> str:
    return words.goods_of(limit)


@register.filter
def limit_words(limit: TestLimit) -> str:
    return words.limit_said(limit)


@register.filter
def lod_words(method) -> str:
    return words.quantity(method.lod, method.unit) if method.lod is not None else ""


@register.filter
def result_word(result: str):
    return TEST_RESULTS[result]


@register.simple_tag
def limit_for(limits: dict[str, TestLimit], item: TestItem) -> str:
    """The limit of an item for the product looked for; nothing when there is none."""
    return words.limit_said(limits[item.code]) if item.code in limits else ""


@register.simple_tag
def meant_for(item: TestItem, categories: dict[str, str]) -> str:
    """The kinds of goods by name, the first few of many."""
    names = [categories[code] for code in item.categories if code in categories]
    more = [_("and %(n)s more") % {"n": len(names) - A_FEW}] if len(names) > A_FEW + 1 else []
    return ", ".join([*(names[:A_FEW] if more else names), *more])


@register.simple_tag
def rule_state(state: str) -> SafeString | str:
    """In force goes without saying."""
    return "" if state == versions.IN_FORCE else state_badge(words.TONES[state], words.STATES[state])
