"""Finding things by what people type: a Chinese name, whole pinyin, or first letters."""

from django.db.models import Case, IntegerField, Value, When

MISSED = 99
"""The rank of what does not fit at all."""


def typed(text: str) -> str:
    """What was typed, in the form in which names and readings are kept: lower case, no spaces."""
    return "".join(text.lower().split())


def closeness(text: str, *, name: str, pinyin: str, initials: str, behind: int = 0) -> Case:
    """How well three fields fit the text, 0 the best: whole, then from the beginning, then anywhere.

    `behind` sets another name's ranks back by that much, but a whole name only by one.
    """
    starting = (f"{name}__startswith", f"{pinyin}__startswith", f"{initials}__startswith")
    tests = (name, pinyin, initials, *starting, f"{name}__contains", f"{pinyin}__contains")
    ranks = (min(behind, 1), *range(2 + behind, len(tests) + 1 + behind))
    fitting = (When(**{test: text}, then=Value(rank)) for test, rank in zip(tests, ranks, strict=True))
    return Case(*fitting, default=Value(MISSED), output_field=IntegerField())
