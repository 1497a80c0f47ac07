"""How samples and what was read on them are said on a page."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import template

from traceability.models import Sample
from traceability.web import words_tests as words
from traceability.web.forms_results import ResultForm
from traceability.web.forms_tests import RESULT_NOTES, RESULTS
from traceability.web.words import TEST_RESULTS

register = template.Library()


@register.filter
def purpose_word(purpose: str):
    """A blind sample looks like any other."""
    return words.PURPOSES.get(purpose, words.PURPOSES[Sample.Purpose.ROUTINE])


@register.filter
def link_word(link: str):
    return words.LINKS[link]


@register.filter
def level_word(level: str):
    return words.LEVELS[level]


@register.filter
def level_tone(level: str) -> str:
    return words.LEVEL_TONES[level]


@register.filter
def why_word(why: str):
    return words.WHY.get(why, "")


@register.filter
def result_word(result: str):
    return TEST_RESULTS[result]


@register.filter
def source_of_test(source: str):
    return words.SOURCES[source]


@register.filter
def problem_word(problem: str):
    return words.PROBLEMS.get(problem, problem)


@register.filter
def plain_number(value: Decimal | None) -> str:
    """`12.5`, without zeros that nobody measured."""
    return "" if value is None else format(value.normalize(), "f")


@register.filter
def item_tiles(form: ResultForm) -> list[dict[str, Any]]:
    return [{"value": item.code, "label": item.name, "note": item.get_group_display()} for item in form.items.values()]


@register.filter
def result_tiles(form: ResultForm) -> list[dict[str, Any]]:
    return [{"value": value, "label": word, "note": RESULT_NOTES[value]} for value, word in RESULTS.items()]
