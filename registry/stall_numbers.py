"""Several stall numbers written as one line: `A01-A20, B03, C1~C4`."""

import re

from kit.words import gettext_noop

LIMIT = 200
_SEPARATORS = re.compile(r"[,;\s\u3001\uff0c\uff1b]+")
_DASH = re.compile(r"\s*(?:-{1,2}|~|\u2013|\u2014+|\uff5e|\u81f3|\u5230)\s*")
_NUMBER = re.compile(r"(.*?)([0-9]+)")
MAX_LENGTH = 20


class Unclear(ValueError):
    """`words` is an English message; `what` the part that was not understood."""

    def __init__(self, words: str, what: str = ""):
        self.words, self.what = words, what
        super().__init__(words)


def expand(text: str) -> list[str]:
    """Every number in `text`, in its order, each once. Raises Unclear.

    A span keeps the width of its first number: `A08-A11` is A08, A09, A10, A11.
    """
    numbers: dict[str, None] = {}
    for part in _SEPARATORS.split(_DASH.sub("-", text.strip().upper())):
        for number in _span(part) if part else ():
            numbers[number] = None
        if len(numbers) > LIMIT:
            raise Unclear(gettext_noop("These are more than 200 stalls. Make them in several steps."))
    if not numbers:
        raise Unclear(gettext_noop("Write at least one stall number."))
    return list(numbers)


def _span(part: str) -> list[str]:
    first, dash, last = part.partition("-")
    if not dash:
        return [_fitting(part)]
    start, end = _NUMBER.fullmatch(first), _NUMBER.fullmatch(last)
    if not (start and end) or end[1] not in ("", start[1]):
        return [_fitting(part)]
    low, high = int(start[2]), int(end[2])
    if not low <= high < low + LIMIT + 1:
        raise Unclear(gettext_noop("The last number of a span comes after the first, at most 200 later."), part)
    return [_fitting(f"{start[1]}{number:0{len(start[2])}d}") for number in range(low, high + 1)]


def _fitting(number: str) -> str:
    if len(number) > MAX_LENGTH:
        raise Unclear(gettext_noop("A stall number has at most 20 characters."), number)
    return number
